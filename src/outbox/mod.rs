//! SMS, e-mail and app notices as data; nothing ever leaves the process.

pub mod message;
pub mod templates;

pub use message::{Channel, DeliveryStatus, Message, MessagePurpose};
