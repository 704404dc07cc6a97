//! A rule: what goes wrong where, for whom, from when to when, and how often.

use serde::{Deserialize, Serialize};

use super::menu::{Delivery, Effect, Entry, Field};
use crate::{
    clock::Timestamp,
    identity::IdNumber,
    outbox::{Channel, Purpose},
};

/// Most rules of a realm.
pub const MOST: usize = 64;
/// Longest delay, in milliseconds.
pub const LONGEST_DELAY: u32 = 60_000;

/// The most of `nth` and `times`.
const MOST_CALLS: u32 = 1_000_000;

/// A rule. What is left out matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"effect": "id_token.expired", "client_id": "demo-client", "times": 1}))]
pub struct Rule {
    /// Its name; the simulator gives one if it is left out. 1 to 64 of `a-z A-Z 0-9 - _`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What goes wrong: a name of the menu, such as `id_token.expired`.
    pub effect: String,
    /// For faults of doors and of the store: `METHOD /path`, `/path`, or the beginning of a path and `*`. The path is the one
    /// beneath the realm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// Only for this client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Only for this citizen: 12 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizen: Option<String>,
    /// For messages: only to this phone number, e-mail address or ID number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// For messages: only of this purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// For messages: only by this channel; SMS if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// From the nth matching call on, counted from 1; at most 1,000,000.
    #[schema(minimum = 1, maximum = 1_000_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    /// So many times, then never again; at most 1,000,000.
    #[schema(minimum = 1, maximum = 1_000_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// In so many of a hundred matching calls, by the realm's chance: 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// From this virtual moment on (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Until before this virtual moment (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u32>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u32>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<u32>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// See the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
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
    pub purpose: Option<Purpose>,
    /// How it travels.
    pub channel: Option<Channel>,
}

/// A field and what is wrong with it.
pub type Fault = (&'static str, String);

impl Rule {
    /// The line of the menu.
    pub fn entry(&self) -> Option<&'static Entry> {
        Entry::named(&self.effect)
    }

    /// Whether the rule is about the caller: a body must be read to know that.
    pub const fn asks_who(&self) -> bool {
        self.client_id.is_some() || self.citizen.is_some()
    }

    /// Whether a call at a moment is meant.
    pub fn matches(&self, call: &Call<'_>, at: Timestamp) -> bool {
        let same = |wanted: Option<&str>, given: Option<&str>| wanted.is_none() || wanted == given;
        let moment =
            |text: &Option<String>| text.as_deref().and_then(|it| Timestamp::parse(it).ok());
        let purpose = self.purpose.is_none() || self.purpose == call.purpose;
        let channel = call.channel.is_none() || self.channel.or(Some(Channel::Sms)) == call.channel;
        same(self.client_id.as_deref(), call.client_id)
            && same(self.citizen.as_deref(), call.citizen)
            && same(self.to.as_deref(), call.to)
            && purpose
            && channel
            && self.door.as_deref().is_none_or(|door| is_at(door, call.door))
            && moment(&self.since).is_none_or(|since| since <= at)
            && moment(&self.until).is_none_or(|until| at < until)
    }

    /// What is wrong with it, if anything: which field, and what to type instead.
    pub fn fault(&self) -> Option<Fault> {
        let Some(entry) = self.entry() else { return Some(("effect", self.unknown())) };
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
    fn misplaced(&self, entry: &Entry) -> Option<Fault> {
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

    fn out_of_bounds(&self, entry: &Entry) -> Option<Fault> {
        let no = |name, text: &str| Some((name, text.to_owned()));
        if let Some(door) = &self.door
            && !is_door(door)
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

/// Method and path of a pattern.
fn parts(door: &str) -> (Option<&str>, &str) {
    match door.split_once(' ') {
        Some((method, path)) => (Some(method), path),
        None => (None, door),
    }
}

fn is_door(door: &str) -> bool {
    let (method, path) = parts(door);
    let method = method.is_none_or(|it| ["GET", "POST", "PUT", "DELETE"].contains(&it));
    let path = path.strip_suffix('*').unwrap_or(path);
    method
        && path.len() <= 200
        && (path.is_empty() || path.starts_with('/'))
        && !path.contains([' ', '*', '?', '#'])
}

fn is_at(door: &str, call: Option<(&str, &str)>) -> bool {
    let Some((method, path)) = call else { return false };
    let (wanted, pattern) = parts(door);
    let open = pattern.strip_suffix('*');
    // What testers use fails only where a rule says so in so many words.
    let spared = path.starts_with("/admin/") && !pattern.starts_with("/admin/");
    !spared
        && wanted.is_none_or(|wanted| wanted == method)
        && open.map_or(pattern == path, |beginning| path.starts_with(beginning))
}
