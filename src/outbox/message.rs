//! A message: to whom, through what, which words, and how many SMS segments they take.

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, identity::IdNumber};

/// The channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To a phone number, from the sender `VNeID` (facts 1.10).
    Sms,
    /// To an e-mail address.
    Email,
    /// To the app of an ID number.
    App,
}

/// What it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessagePurpose {
    /// A one-time password.
    Otp,
    /// A registration was approved.
    Approval,
    /// A registration was rejected.
    Rejection,
    /// The password, where the realm sends it by SMS.
    Password,
    /// The account is active.
    Activated,
    /// The account was locked.
    Locked,
    /// The lock ended.
    Unlocked,
    /// The account has another phone number.
    PhoneChanged,
    /// The password was changed.
    PasswordChanged,
    /// The card has less than 30 days left.
    CardExpiring,
    /// The 7 days of activation have passed.
    ActivationOverdue,
    /// The account of level 0 was deleted.
    Closed,
    /// The ID number was re-established.
    NumberReplaced,
    /// A representative is asked for consent.
    Consent,
    /// A sign-in asks to be confirmed in the app.
    SignInRequest,
    /// An office decided a request.
    Request,
}

/// Delivery status. Without faults a message is delivered as soon as it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Committed, not handed over.
    Queued,
    /// Handed over.
    Sent,
    /// Arrived.
    Delivered,
    /// Lost.
    Failed,
}

/// A message in the outbox of a realm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// A ULID.
    pub id: String,
    /// Its place in the realm's order: later messages have larger ones.
    pub cursor: u64,
    /// Phone number, e-mail address or ID number, by channel.
    pub to: String,
    /// Whose account it is about.
    pub citizen: IdNumber,
    /// The channel.
    pub channel: Channel,
    /// `VNeID`.
    pub sender: String,
    /// What it is for.
    pub purpose: MessagePurpose,
    /// The words.
    pub text: String,
    /// The OTP or password in it.
    pub code: Option<String>,
    /// Which sign-in or activation asked for it.
    pub reference: Option<String>,
    /// SMS segments (3GPP TS 23.040); 0 for other channels.
    pub segments: u16,
    /// Its status.
    pub status: DeliveryStatus,
    /// When it was committed.
    pub at: Timestamp,
}

/// The GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1), as far as it is not ASCII.
const GSM_BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
/// Characters that take two septets.
const GSM_EXTENDED: &str = "^{}\\[~]|€";

/// How many segments an SMS takes: 160 septets or 70 UCS-2 units alone, 153 or 67 when joined.
pub fn segments(text: &str) -> u16 {
    let septets = text.chars().try_fold(0_usize, |sum, c| {
        let plain = (c.is_ascii() && c != '`' && (!c.is_control() || c == '\n' || c == '\r'))
            || GSM_BEYOND_ASCII.contains(c);
        match (GSM_EXTENDED.contains(c), plain) {
            (true, _) => Some(sum + 2),
            (false, true) => Some(sum + 1),
            (false, false) => None,
        }
    });
    let (length, alone, joined) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    let count = if length <= alone { 1 } else { length.div_ceil(joined) };
    u16::try_from(count).unwrap_or(u16::MAX)
}
