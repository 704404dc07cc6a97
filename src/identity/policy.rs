//! What a realm may set about the rules, with the documented or invented default of each.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::WireClock;

use super::{calendar::Calendar, holder::Regime, invalid::Invalid};

/// How a matched registration is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Approved as soon as the data match.
    #[default]
    Automatic,
    /// Stays under review until an officer approves or rejects.
    Manual,
    /// Approved at the end of the legal time (Decree 69/2024 Art. 13), unless an officer decides before.
    After,
}

/// The policy of a realm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the API")]
#[schema(example = json!({"review": "manual", "token_seconds": 300}))]
pub struct Policy {
    /// Which decree is in force: `2024` (Decree 69) or `2022` (Decree 59).
    pub regime: Regime,
    /// How registrations, and agencies' and phone-change requests, are decided.
    pub review: Review,
    /// Days off and days worked beyond the statutory calendar.
    pub calendar: Calendar,
    /// Days until an account of level 0 without a registration is deleted. Invented: the C06 guide says that
    /// it is deleted, not when (facts §9).
    pub level0_days: u16,
    /// The wording of seeds S2 and S4: the password arrives by SMS instead of being set at activation.
    pub password_by_sms: bool,
    /// Seconds a temporary lock lasts. Invented: no source gives the duration (facts §9).
    pub temporary_lock_seconds: u32,
    /// Which documented wording approval messages use: 1 (with the name) or 2 (without), facts §5.5.
    pub approval_text: u8,
    /// Sign `login_hint` in without pages, under the same rules: for tests that do not care about pages.
    pub automatic_sign_in: bool,
    /// Seconds an authorization code lives. Invented; integrators report a few seconds (facts §4.3).
    pub code_seconds: u32,
    /// Seconds an access token and an ID token are good for. Invented.
    pub token_seconds: u32,
    /// Seconds a family of refresh tokens lives. Invented.
    pub refresh_seconds: u32,
    /// Seconds in which a used refresh token may come again without ending its family.
    pub refresh_grace_seconds: u32,
    /// Seconds after which an unused single sign-on session ends. Invented.
    pub session_idle_seconds: u32,
    /// Seconds after which a single sign-on session ends in any case. Invented.
    pub session_seconds: u32,
    /// Whether clients may register themselves at `/oauth2/register` (RFC 7591).
    pub dynamic_registration: bool,
    /// Whether refusals of the protocol lead to an explanation; left out: on a developer's own machine alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<bool>,
    /// Days from one rotation of the signing keys to the next; 0: only on command. Counted from the last
    /// rotation, or from when this was set. Invented.
    pub key_rotation_days: u16,
    /// Seconds from a new key's publication to its first use. 60 is what relying parties may cache the JWK
    /// set for. Invented.
    pub key_publish_seconds: u32,
    /// Seconds that the key before stays published once the new one is used. 3,600 is the life of an ID
    /// token. Invented.
    pub key_overlap_seconds: u32,
    /// Whether the journal is kept.
    pub journal: bool,
    /// Which clock the moments in tokens, introspection and webhooks are of, and by which client assertions are judged.
    pub wire_time: WireClock,
}

/// The most seconds of [`Policy::key_publish_seconds`]: a day, so that a rotation has ended before the next is due.
pub const MOST_KEY_PUBLISH_SECONDS: u32 = 86_400;
/// The most seconds of [`Policy::key_overlap_seconds`]: 30 days.
pub const MOST_KEY_OVERLAP_SECONDS: u32 = 2_592_000;

impl Default for Policy {
    fn default() -> Self {
        Self {
            regime: Regime::Decree69,
            review: Review::Automatic,
            calendar: Calendar::default(),
            level0_days: 365,
            password_by_sms: false,
            temporary_lock_seconds: 900,
            approval_text: 1,
            automatic_sign_in: false,
            code_seconds: 60,
            token_seconds: 3600,
            refresh_seconds: 30 * 24 * 3600,
            refresh_grace_seconds: 0,
            session_idle_seconds: 2 * 3600,
            session_seconds: 8 * 3600,
            dynamic_registration: false,
            explain: None,
            key_rotation_days: 0,
            key_publish_seconds: 60,
            key_overlap_seconds: 3_600,
            journal: true,
            wire_time: WireClock::Real,
        }
    }
}

/// A number of the policy, and what it may be.
#[derive(Debug)]
pub struct Bound {
    /// The field.
    pub field: &'static str,
    /// The least.
    pub least: u32,
    /// The most.
    pub most: u32,
    read: fn(&Policy) -> u32,
}

const fn bound(field: &'static str, least: u32, most: u32, read: fn(&Policy) -> u32) -> Bound {
    Bound { field, least, most, read }
}

const YEAR: u32 = 31_536_000;

/// Every number of the policy: what is refused, and what the API document says.
pub const BOUNDS: [Bound; 12] = [
    bound("level0_days", 1, 3_650, |it| it.level0_days.into()),
    bound("temporary_lock_seconds", 1, 86_400, |it| it.temporary_lock_seconds),
    bound("approval_text", 1, 2, |it| it.approval_text.into()),
    bound("code_seconds", 1, 600, |it| it.code_seconds),
    bound("token_seconds", 1, 86_400, |it| it.token_seconds),
    bound("refresh_seconds", 1, YEAR, |it| it.refresh_seconds),
    bound("refresh_grace_seconds", 0, 300, |it| it.refresh_grace_seconds),
    bound("session_idle_seconds", 1, YEAR, |it| it.session_idle_seconds),
    bound("session_seconds", 1, YEAR, |it| it.session_seconds),
    bound("key_rotation_days", 0, 3_650, |it| it.key_rotation_days.into()),
    bound("key_publish_seconds", 0, MOST_KEY_PUBLISH_SECONDS, |it| it.key_publish_seconds),
    bound("key_overlap_seconds", 0, MOST_KEY_OVERLAP_SECONDS, |it| it.key_overlap_seconds),
];

impl Policy {
    /// These rules with a merge patch over them (RFC 7396), as a document that is not read yet.
    pub fn merged(&self, patch: &Value) -> Value {
        let mut document = serde_json::to_value(self).unwrap_or_default();
        json_patch::merge(&mut document, patch);
        document
    }

    /// Whether every number is within its bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        let wrong = |it: &&Bound| !(it.least..=it.most).contains(&(it.read)(self));
        if let Some(it) = BOUNDS.iter().find(wrong) {
            return Err(Invalid::new(it.field, format!("must be {} to {}", it.least, it.most)));
        }
        self.calendar.validate()
    }
}
