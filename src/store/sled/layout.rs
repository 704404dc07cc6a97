//! How keys and entries look on disk. A change here is a new format: count [`FORMAT`] up.
//!
//! ```text
//! key     realm (8, big-endian) ‖ kind (1) ‖ name            always ≥ 9 bytes
//! entry   version (8, big-endian) ‖ 0 ‖ bytes
//!         version (8, big-endian) ‖ 1 ‖ expires_at (8, ms since 1970, big-endian) ‖ bytes
//! notes   "format" → FORMAT in digits; "versions" → 8 bytes   always < 9 bytes, so never a key
//! ```

use std::sync::Arc;

use crate::{
    clock::Timestamp,
    store::{Error, Key, Space, Versioned},
};

/// The only layout this build reads and writes.
pub(super) const FORMAT: &str = "1";
/// The note that names the layout.
pub(super) const FORMAT_NOTE: &[u8] = b"format";
/// The note that no version given out has reached yet.
pub(super) const VERSIONS_NOTE: &[u8] = b"versions";
/// Bytes of a key before the name.
const SPACE_BYTES: usize = 9;

/// The bytes that every key of `space` begins with, followed by `name`.
pub(super) fn key(space: Space, name: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(SPACE_BYTES + name.len());
    bytes.extend_from_slice(&space.realm.to_be_bytes());
    bytes.push(space.kind);
    bytes.extend_from_slice(name);
    bytes
}

/// The bytes on disk of a key.
pub(super) fn key_of(key: &Key) -> Vec<u8> {
    self::key(key.space, &key.name)
}

/// The space of a key on disk; `None` for a note.
pub(super) fn space_of(key: &[u8]) -> Option<Space> {
    let (realm, rest) = key.split_first_chunk::<8>()?;
    Some(Space { realm: u64::from_be_bytes(*realm), kind: *rest.first()? })
}

/// The name of a key on disk, without its space.
pub(super) fn name_of(key: &[u8]) -> Box<[u8]> {
    key.get(SPACE_BYTES..).unwrap_or_default().into()
}

/// The first key after every key of `space`; `None` after the last space there can be.
pub(super) fn after_space(space: Space) -> Option<Vec<u8>> {
    let next = match space.kind.checked_add(1) {
        Some(kind) => Space { kind, ..space },
        None => Space { realm: space.realm.checked_add(1)?, kind: 0 },
    };
    Some(key(next, b""))
}

/// An entry as it goes to disk.
pub(super) fn entry(version: u64, bytes: &[u8], expires_at: Option<Timestamp>) -> Vec<u8> {
    let mut entry = Vec::with_capacity(17 + bytes.len());
    entry.extend_from_slice(&version.to_be_bytes());
    match expires_at {
        None => entry.push(0),
        Some(at) => {
            entry.push(1);
            entry.extend_from_slice(&at.as_millis().to_be_bytes());
        }
    }
    entry.extend_from_slice(bytes);
    entry
}

/// The version of an entry on disk, without reading the rest of it.
pub(super) fn version_of(entry: &[u8]) -> Result<u64, Error> {
    entry.first_chunk::<8>().map(|version| u64::from_be_bytes(*version)).ok_or_else(torn)
}

/// An entry as it came from disk.
pub(super) fn read_entry(entry: &[u8]) -> Result<Versioned, Error> {
    let (version, rest) = entry.split_first_chunk::<8>().ok_or_else(torn)?;
    let version = u64::from_be_bytes(*version);
    let (expires_at, bytes) = match rest.split_first() {
        Some((0, bytes)) => (None, bytes),
        Some((1, rest)) => {
            let (at, bytes) = rest.split_first_chunk::<8>().ok_or_else(torn)?;
            (Some(Timestamp::from_millis(i64::from_be_bytes(*at))), bytes)
        }
        _ => return Err(torn()),
    };
    Ok(Versioned { version, bytes: Arc::from(bytes), expires_at })
}

fn torn() -> Error {
    Error::Corrupt("an entry on disk is too short or of an unknown shape".to_owned())
}
