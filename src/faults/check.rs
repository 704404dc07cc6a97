//! What may be wrong with a rule that somebody wrote.

use super::{
    door::DoorPattern,
    menu::{FaultEffect, MenuEntry, MessageFault, RuleField},
    rule::Rule,
};
use crate::{
    clock::Timestamp,
    identity::{IdNumber, invalid::Invalid},
    outbox::Channel,
};

/// Longest delay, in milliseconds.
const LONGEST_DELAY: u32 = 60_000;
/// The most of `nth` and `times`.
const MOST_CALLS: u32 = 1_000_000;

impl Rule {
    /// Whether it can be armed; otherwise which field, and what to type instead.
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        let Some(entry) = MenuEntry::named(&self.effect) else {
            return Err(Invalid::new("effect", self.unknown()));
        };
        let word = |text: &str| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if !self.id.is_empty() && !word(&self.id) {
            return Err(Invalid::new("id", "must be 1 to 64 of a-z A-Z 0-9 - _"));
        }
        self.no_stray_field(entry)?;
        self.within_bounds(entry)
    }

    fn unknown(&self) -> String {
        let near = super::nearest(&self.effect, super::entries::menu().map(|it| it.name));
        match near {
            Some(near) => format!("is not a name of the menu; did you mean {near}?"),
            None => "must be a name of GET /admin/v1/faults/menu".to_owned(),
        }
    }

    /// No field that this effect does not take, and the one it cannot do without.
    fn no_stray_field(&self, entry: &MenuEntry) -> Result<(), Invalid> {
        let at_door = matches!(entry.effect, FaultEffect::Door(_) | FaultEffect::Store(_));
        let of_message = matches!(entry.effect, FaultEffect::Message(_));
        let public = matches!(entry.effect, FaultEffect::Keys(_) | FaultEffect::Discovery);
        let fields = [
            ("door", self.door.is_some(), at_door),
            ("to", self.to.is_some(), of_message),
            ("purpose", self.purpose.is_some(), of_message),
            ("channel", self.channel.is_some(), of_message),
            ("client_id", self.client_id.is_some(), !of_message && !public),
            ("citizen", self.citizen.is_some(), !public),
        ];
        let own = [
            (RuleField::Status, self.status.is_some()),
            (RuleField::Milliseconds, self.milliseconds.is_some()),
            (RuleField::Seconds, self.seconds.is_some()),
            (RuleField::Bytes, self.bytes.is_some()),
            (RuleField::Error, self.error.is_some()),
            (RuleField::Operations, self.operations.is_some()),
            (RuleField::Value, self.value.is_some()),
        ]
        .map(|(field, given)| (field.name(), given, entry.takes.contains(&field)));
        let wrong = fields.iter().chain(&own).find(|(_, given, taken)| *given && !*taken);
        let wrong = wrong.map(|(name, ..)| *name);
        if let Some(name) = wrong {
            return Err(Invalid::new(name, format!("is not used by {}", self.effect)));
        }
        if at_door && self.door.is_none() {
            let message = "is required, such as \"POST /oauth2/token\" or \"/login*\"";
            return Err(Invalid::new("door", message));
        }
        Ok(())
    }

    fn within_bounds(&self, entry: &MenuEntry) -> Result<(), Invalid> {
        let no = |name, text: &'static str| Err(Invalid::new(name, text));
        if let Some(door) = &self.door
            && DoorPattern::parse(door).is_none()
        {
            return no(
                "door",
                "must be METHOD /path or /path; a final * means every path that begins so",
            );
        }
        let elsewhere = self.channel.is_some_and(|channel| channel != Channel::Sms);
        if elsewhere && matches!(entry.effect, FaultEffect::Message(MessageFault::OldNumber)) {
            return no("channel", "must be sms, which alone goes to a number");
        }
        if self.citizen.as_deref().is_some_and(|number| IdNumber::parse(number).is_err()) {
            return no("citizen", "must be an ID number of 12 digits");
        }
        let counted = |it: Option<u32>| it.is_none_or(|it| (1..=MOST_CALLS).contains(&it));
        if !counted(self.nth) {
            return no("nth", "must be 1 to 1000000");
        }
        if !counted(self.times) {
            return no("times", "must be 1 to 1000000");
        }
        if self.percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return no("percent", "must be 1 to 100");
        }
        for (name, text) in [("since", &self.since), ("until", &self.until)] {
            if let Some(Err(error)) = text.as_deref().map(Timestamp::parse) {
                return Err(Invalid::new(name, format!("is {error}")));
            }
        }
        if self.status.is_some_and(|status| !(400..=599).contains(&status)) {
            return no("status", "must be 400 to 599");
        }
        if self.milliseconds.is_some_and(|wait| wait > LONGEST_DELAY) {
            return no("milliseconds", "must be at most 60000");
        }
        if self.seconds.is_some_and(|seconds| seconds > 31_536_000) {
            return no("seconds", "must be at most 31536000");
        }
        if entry.takes.contains(&RuleField::Error)
            && self.error.as_deref().is_some_and(|error| !is_error_code(error))
        {
            return no("error", "must be 1 to 64 of a-z 0-9 _, such as access_denied");
        }
        let visible = |text: &String| {
            text.len() <= 200 && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        };
        if self.value.as_ref().is_some_and(|value| !visible(value)) {
            return no("value", "must be at most 200 visible ASCII characters");
        }
        let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > 254);
        if long(&self.client_id) || long(&self.to) {
            return no("to", "and client_id must have at most 254 bytes");
        }
        Ok(())
    }
}

fn is_error_code(error: &str) -> bool {
    (1..=64).contains(&error.len())
        && error
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
