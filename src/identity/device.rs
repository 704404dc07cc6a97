//! The app's devices: one active per account (facts §5.3).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Devices an account remembers; the oldest go.
pub const REMEMBERED: usize = 20;

/// A device with the app installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// What the app calls it: 1 to 64 of `A-Z a-z 0-9 - _ .`.
    pub id: String,
    /// When it was bound.
    pub since: Timestamp,
    /// Whether it is the one in use.
    pub active: bool,
}

/// Whether a text can name a device.
pub fn is_device_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl super::Account {
    /// Binds a device: from now on it is the one in use.
    pub fn bind(&mut self, id: &str, now: Timestamp) {
        self.devices.retain(|device| device.id != id);
        for device in &mut self.devices {
            device.active = false;
        }
        self.devices.push(Device { id: id.to_owned(), since: now, active: true });
        let over = self.devices.len().saturating_sub(REMEMBERED);
        self.devices.drain(..over);
    }

    /// Unbinds a device; answers whether there was one.
    pub fn unbind(&mut self, id: &str) -> bool {
        let before = self.devices.len();
        self.devices.retain(|device| device.id != id);
        self.devices.len() < before
    }
}
