//! What may be wrong with a rule that somebody wrote.

use super::{
    door::DoorPattern,
    menu::{Delivery, Effect, Entry, Field},
    rule::Rule,
};
use crate::{clock::Timestamp, identity::IdNumber, outbox::Channel};

/// Longest delay, in milliseconds.
const LONGEST_DELAY: u32 = 60_000;
/// The most of `nth` and `times`.
const MOST_CALLS: u32 = 1_000_000;

/// A field, and what it must be.
pub type Mistake = (&'static str, String);

impl Rule {
    /// The first thing that is wrong with it, if any: which field, and what to type instead.
    pub(super) fn mistake(&self) -> Option<Mistake> {
        let Some(entry) = Entry::named(&self.effect) else {
            return Some(("effect", self.unknown()));
        };
        let word = |text: &str| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if !self.id.is_empty() && !word(&self.id) {
            return Some(("id", "is 1 to 64 of a-z A-Z 0-9 - _".to_owned()));
        }
        self.misplaced(entry).or_else(|| self.out_of_bounds(entry))
    }

    fn unknown(&self) -> String {
        let near = super::nearest(&self.effect, super::entries::MENU.iter().map(|it| it.name));
        match near {
            Some(near) => format!("is no name of the menu; did you mean {near}?"),
            None => "is a name of GET /admin/v1/faults/menu".to_owned(),
        }
    }

    /// A field that this effect does not take.
    fn misplaced(&self, entry: &Entry) -> Option<Mistake> {
        let at_door = matches!(entry.effect, Effect::Door(_) | Effect::Store(_));
        let of_message = matches!(entry.effect, Effect::Message(_));
        let public = matches!(entry.effect, Effect::Keys(_) | Effect::Discovery);
        let fields = [
            ("door", self.door.is_some(), at_door),
            ("to", self.to.is_some(), of_message),
            ("purpose", self.purpose.is_some(), of_message),
            ("channel", self.channel.is_some(), of_message),
            ("client_id", self.client_id.is_some(), !of_message && !public),
            ("citizen", self.citizen.is_some(), !public),
        ];
        let own = [
            (Field::Status, self.status.is_some()),
            (Field::Milliseconds, self.milliseconds.is_some()),
            (Field::Seconds, self.seconds.is_some()),
            (Field::Bytes, self.bytes.is_some()),
            (Field::Error, self.error.is_some()),
            (Field::Operations, self.operations.is_some()),
            (Field::Value, self.value.is_some()),
        ]
        .map(|(field, given)| (field.name(), given, entry.takes.contains(&field)));
        let wrong = fields.iter().chain(&own).find(|(_, given, taken)| *given && !*taken);
        let wrong = wrong.map(|(name, ..)| *name);
        if let Some(name) = wrong {
            return Some((name, format!("is nothing that {} takes", self.effect)));
        }
        let missing = at_door && self.door.is_none();
        missing.then(|| {
            ("door", "is missing, such as \"POST /oauth2/token\" or \"/login*\"".to_owned())
        })
    }

    fn out_of_bounds(&self, entry: &Entry) -> Option<Mistake> {
        let no = |name, text: &str| Some((name, text.to_owned()));
        if let Some(door) = &self.door
            && DoorPattern::parse(door).is_none()
        {
            return no(
                "door",
                "is METHOD /path or /path, and ends with * to mean all that begin so",
            );
        }
        let elsewhere = self.channel.is_some_and(|channel| channel != Channel::Sms);
        if elsewhere && matches!(entry.effect, Effect::Message(Delivery::OldNumber)) {
            return no("channel", "is sms, which alone goes to a number");
        }
        if self.citizen.as_deref().is_some_and(|number| IdNumber::parse(number).is_err()) {
            return no("citizen", "is an ID number of 12 digits");
        }
        let counted = |it: Option<u32>| it.is_none_or(|it| (1..=MOST_CALLS).contains(&it));
        if !counted(self.nth) {
            return no("nth", "must be 1 to 1000000");
        }
        if !counted(self.times) {
            return no("times", "must be 1 to 1000000");
        }
        if self.percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return no("percent", "is 1 to 100");
        }
        for (name, text) in [("since", &self.since), ("until", &self.until)] {
            if let Some(Err(error)) = text.as_deref().map(Timestamp::parse) {
                return Some((name, format!("is {error}")));
            }
        }
        if self.status.is_some_and(|status| !(400..=599).contains(&status)) {
            return no("status", "is 400 to 599");
        }
        if self.milliseconds.is_some_and(|wait| wait > LONGEST_DELAY) {
            return no("milliseconds", "is at most 60000");
        }
        if self.seconds.is_some_and(|seconds| seconds > 31_536_000) {
            return no("seconds", "is at most 31536000");
        }
        if entry.takes.contains(&Field::Error)
            && self.error.as_deref().is_some_and(|error| !is_error_code(error))
        {
            return no("error", "is 1 to 64 of a-z 0-9 _, such as access_denied");
        }
        let visible = |text: &String| {
            text.len() <= 200 && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        };
        if self.value.as_ref().is_some_and(|value| !visible(value)) {
            return no("value", "is at most 200 visible ASCII characters");
        }
        let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > 254);
        if long(&self.client_id) || long(&self.to) {
            return no("to", "and client_id have at most 254 bytes");
        }
        None
    }
}

fn is_error_code(error: &str) -> bool {
    (1..=64).contains(&error.len())
        && error
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
