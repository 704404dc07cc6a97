//! The menu: every fault by name, what it does, which clause a relying party must hold against it, and what it needs.

use serde::Serialize;

use crate::oidc::forge::Forgery;

/// What a good relying party does about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The clause says MUST refuse: nobody is signed in.
    Refuse,
    /// The clause says SHOULD, or MUST under a condition that a party may not be under.
    Should,
    /// The clause leaves it open; what must not happen is a crash.
    May,
    /// Nothing is wrong: the party must sign the holder in.
    Accept,
    /// No question of a relying party's checks.
    Survive,
}

/// What a fault falls on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultEffect {
    /// A door's answer.
    Door(DoorFault),
    /// The store under a request.
    Store(StoreFault),
    /// A message on its way.
    Message(MessageFault),
    /// The way back to the portal.
    Callback(CallbackFault),
    /// The ID token.
    IdToken(Forgery),
    /// A JWT access token (RFC 9068).
    AccessToken(Forgery),
    /// A logout token.
    LogoutToken(Forgery),
    /// The claims of userinfo.
    Userinfo(Forgery),
    /// The JWK set.
    Keys(KeysFault),
    /// The metadata document: another issuer.
    Discovery,
}

/// What happens at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoorFault {
    /// Answered by this status instead.
    Status,
    /// 429 with `Retry-After` instead.
    TooMany,
    /// An error of the OAuth registry instead.
    OAuthError,
    /// An HTML page instead.
    Html,
    /// Late.
    Delay,
    /// In small pieces.
    Drip,
    /// The connection ends in the middle of the answer.
    Cut,
    /// The body ends early, in an answer that is whole.
    Truncate,
    /// No body.
    Empty,
    /// Declared as something else.
    ContentType,
}

/// What happens in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreFault {
    /// Reads fail.
    ReadsFail,
    /// Writes fail; nothing is changed.
    WritesFail,
    /// Writes find that somebody was quicker.
    Conflict,
    /// Writes happen, and answer that they did not.
    AnswerLost,
}

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageFault {
    /// Sent, never there.
    Lost,
    /// There after a while.
    Late,
    /// There twice.
    Twice,
    /// There after the next one to the same address.
    OutOfOrder,
    /// There at the account's former number.
    OldNumber,
    /// Not taken by the gateway.
    GatewayDown,
}

/// What happens on the way back to the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackFault {
    /// A parameter is missing.
    Without(&'static str),
    /// A parameter has another value.
    Other(&'static str),
    /// Every parameter comes twice.
    Twice,
    /// The code is one that was used before.
    Replayed,
    /// An error instead of a code.
    Error,
}

/// What happens to the JWK set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysFault {
    /// No keys.
    Empty,
    /// Other keys under other names.
    Others,
    /// Each `kid` twice, first with another key.
    Duplicate,
}

/// A field that a fault needs or takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RuleField {
    /// `status`.
    Status,
    /// `milliseconds`.
    Milliseconds,
    /// `seconds`.
    Seconds,
    /// `bytes`.
    Bytes,
    /// `error`.
    Error,
    /// `value`.
    Value,
    /// `operations`.
    Operations,
}

impl RuleField {
    /// As a rule has it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A fault of the menu.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub does: &'static str,
    /// What a good relying party does about it.
    pub verdict: Verdict,
    /// Which clause says so.
    pub clause: &'static str,
    /// How it is done.
    pub effect: FaultEffect,
    /// The fields it takes, beside where, whom and how often.
    pub takes: &'static [RuleField],
}

impl MenuEntry {
    /// What stands before the dot.
    pub fn group(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }
}

pub(super) const fn plain(
    name: &'static str,
    effect: FaultEffect,
    verdict: Verdict,
    does: &'static str,
    clause: &'static str,
) -> MenuEntry {
    MenuEntry { name, does, verdict, clause, effect, takes: &[] }
}

pub(super) const fn with(entry: MenuEntry, takes: &'static [RuleField]) -> MenuEntry {
    MenuEntry { takes, ..entry }
}

const fn door(
    name: &'static str,
    how: DoorFault,
    does: &'static str,
    clause: &'static str,
    takes: &'static [RuleField],
) -> MenuEntry {
    with(plain(name, FaultEffect::Door(how), Verdict::Survive, does, clause), takes)
}

/// The faults of doors: effect and line stand in this file, what they do in `http/faulty.rs`.
#[rustfmt::skip]
pub(super) static DOORS: [MenuEntry; 10] = [
    door("door.status", DoorFault::Status, "answers `status` (400 to 599, 503 if left out); the request is not carried out", "RFC 9110 §15", &[RuleField::Status]),
    door("door.too_many_requests", DoorFault::TooMany, "answers 429 with `Retry-After: seconds` (30 if left out); the request is not carried out", "RFC 6585 §4, RFC 9110 §10.2.3", &[RuleField::Seconds]),
    door("door.oauth_error", DoorFault::OAuthError, "answers 400 with `error` (server_error if left out) in the shape of RFC 6749 §5.2; the request is not carried out", "RFC 6749 §5.2", &[RuleField::Error, RuleField::Status]),
    door("door.html", DoorFault::Html, "answers a proxy's HTML page with `status` (502 if left out); the request is not carried out", "RFC 9110 §15.6.3", &[RuleField::Status]),
    door("door.delay", DoorFault::Delay, "waits `milliseconds` of real time (at most 60000), then carries the request out", "RFC 9110 §15.6.5", &[RuleField::Milliseconds]),
    door("door.drip", DoorFault::Drip, "sends the answer in pieces of `bytes` (1 if left out), with `milliseconds` between them", "RFC 9112 §7.1", &[RuleField::Bytes, RuleField::Milliseconds]),
    door("door.cut", DoorFault::Cut, "carries the request out and ends the connection after `bytes` of the answer's body (0 if left out: not even the head arrives)", "RFC 9112 §8: an incomplete message", &[RuleField::Bytes]),
    door("door.truncate", DoorFault::Truncate, "carries the request out and answers only the first `bytes` of the body (half of it if left out)", "RFC 8259 §2: no JSON text", &[RuleField::Bytes]),
    door("door.empty", DoorFault::Empty, "carries the request out and answers without a body", "RFC 8259 §2: no JSON text", &[]),
    door("door.content_type", DoorFault::ContentType, "carries the request out and declares the answer as `value` (text/plain if left out)", "RFC 6749 §5.1: application/json", &[RuleField::Value]),
];
