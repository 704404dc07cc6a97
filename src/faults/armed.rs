//! A rule in force: what it says was read once, when it was written or loaded.

use serde::{Deserialize, Serialize};

use super::{
    door::DoorPattern,
    menu::{FaultEffect, MenuEntry},
    rule::Rule,
};
use crate::{
    clock::Timestamp,
    identity::invalid::Invalid,
    outbox::{Channel, MessagePurpose},
};

/// A rule in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Rule", into = "Rule")]
pub struct ArmedRule {
    rule: Rule,
    effect: Option<FaultEffect>,
    door: Option<DoorPattern>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// What a call is, as far as rules ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Call<'a> {
    /// Method and path beneath the realm.
    pub door: Option<(&'a str, &'a str)>,
    /// Whose call it is, as far as it says so.
    pub client_id: Option<&'a str>,
    /// Whom it is about, as far as it says so.
    pub citizen: Option<&'a str>,
    /// Where a message goes.
    pub to: Option<&'a str>,
    /// What it is for.
    pub purpose: Option<MessagePurpose>,
    /// The channel.
    pub channel: Option<Channel>,
}

impl From<Rule> for ArmedRule {
    /// Of a rule that was checked when it was written; one whose effect the menu has no longer does nothing.
    fn from(rule: Rule) -> Self {
        let moment = |text: &Option<String>| Timestamp::parse(text.as_deref()?).ok();
        Self {
            effect: MenuEntry::named(&rule.effect).map(|entry| entry.effect),
            door: rule.door.as_deref().and_then(DoorPattern::parse),
            since: moment(&rule.since),
            until: moment(&rule.until),
            rule,
        }
    }
}

impl From<ArmedRule> for Rule {
    fn from(armed: ArmedRule) -> Self {
        armed.rule
    }
}

impl ArmedRule {
    /// Of a rule that somebody wrote.
    pub fn checked(rule: Rule) -> Result<Self, Invalid> {
        rule.validate()?;
        Ok(rule.into())
    }

    /// Whether it is sound, if it came from somewhere else than [`ArmedRule::checked`].
    pub fn validate(&self) -> Result<(), Invalid> {
        self.rule.validate()
    }

    /// As it was written.
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Gives it a name, unless it has one.
    pub fn name_if_none(&mut self, id: impl FnOnce() -> String) {
        if self.rule.id.is_empty() {
            self.rule.id = id();
        }
    }

    /// What goes wrong.
    pub const fn effect(&self) -> Option<FaultEffect> {
        self.effect
    }

    /// Whether the rule is about the caller: a body must be read to know that.
    pub const fn asks_who(&self) -> bool {
        self.rule.client_id.is_some() || self.rule.citizen.is_some()
    }

    /// Whether a call at a moment is meant.
    pub fn matches(&self, call: &Call<'_>, at: Timestamp) -> bool {
        let same = |wanted: &Option<String>, given: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == given
        };
        let rule = &self.rule;
        let channel = call.channel.is_none() || rule.channel.or(Some(Channel::Sms)) == call.channel;
        same(&rule.client_id, call.client_id)
            && same(&rule.citizen, call.citizen)
            && same(&rule.to, call.to)
            && (rule.purpose.is_none() || rule.purpose == call.purpose)
            && channel
            && (rule.door.is_none() || self.door.as_ref().is_some_and(|it| it.matches(call.door)))
            && self.since.is_none_or(|since| since <= at)
            && self.until.is_none_or(|until| at < until)
    }
}
