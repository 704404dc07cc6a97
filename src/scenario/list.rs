//! The verbs, one by one.

use super::verbs::{
    Need, Need::May, Need::Must, Need::No, Send, Sends, Special, Verb, VerbField, VerbMethod,
    VerbMethod::Door,
};

/// Whether a verb wants a person, and a client.
#[derive(Clone, Copy)]
struct People {
    who: Need,
    client: Need,
}

const fn verb(
    name: &'static str,
    does: &'static str,
    people: People,
    groups: &'static [&'static [VerbField]],
    how: VerbMethod,
) -> Verb {
    Verb { name, does, who: people.who, client: people.client, groups, how }
}

const fn special(
    name: &'static str,
    does: &'static str,
    people: People,
    groups: &'static [&'static [VerbField]],
    how: Special,
) -> Verb {
    verb(name, does, people, groups, VerbMethod::Special(how))
}

const fn field(name: &'static str, kind: &'static str, says: &'static str) -> VerbField {
    VerbField { name, kind, must: false, says }
}

const fn must(name: &'static str, kind: &'static str, says: &'static str) -> VerbField {
    VerbField { name, kind, must: true, says }
}

const fn text(name: &'static str, says: &'static str) -> VerbField {
    field(name, "string", says)
}

const NUMBER: Sends = &[Send::Number];
const NUMBER_PHONE: Sends = &[Send::Number, Send::Phone];
const CITIZEN: Sends = &[Send::Citizen];
const NOBODY: People = People { who: No, client: No };
const HER: People = People { who: Must, client: No };
const BOTH: People = People { who: Must, client: Must };

/// What an application says, on whichever way it comes.
const APPLICATION: &[VerbField] = &[
    text("phone", "her own if left out"),
    text("email", ""),
    text("full_name", "as it was typed, to be compared with the databases"),
    text("birth_date", "as it was typed"),
    text("gender", "as it was typed"),
    field("portrait", "", "how the face compares, see the API"),
    field("result_by", "", "how the result is told"),
    text("nationality", "a foreigner's"),
    text("passport_number", "a foreigner's"),
];
const AT_THE_DESK: &[VerbField] = &[
    field("fingerprints", "", "how the fingers compare"),
    field("immigration", "", "what the immigration authority says of a foreigner"),
    field("papers", "array", "kinds of papers to integrate"),
    field("desk_province", "integer", "where the desk is"),
    field("with_card", "", "together with an application for a card"),
    text("representative", "of a child or ward: 12 digits"),
];
const GROUND: &[VerbField] =
    &[text("reason", "the ground, such as `breach_of_terms`"), text("by", "who asks")];
const SERVED: &[VerbField] = &[field("portrait", "", "how the face compares")];
const MESSAGE: &[VerbField] = &[
    text("to", "phone number, e-mail address or ID number"),
    text("purpose", "such as `otp`, `approval`"),
    text("channel", "`sms`, `email` or `app`"),
    text("status", "`queued`, `sent`, `delivered`, `failed`"),
    text("reference", "of a sign-in or activation"),
    field("after", "integer", "a cursor"),
    field("limit", "integer", "1 to 1000"),
];
const CITIZEN_FIELDS: &[VerbField] = &[
    text("full_name", ""),
    text("birth_date", ""),
    text("gender", ""),
    field("birth_province", "integer", ""),
    field("residence", "object", ""),
    text("phone", "the number in the population database"),
    text("email", ""),
    field("card", "object", ""),
    field("no_card", "boolean", ""),
    text("died", "the day"),
    text("spouse", "12 digits"),
    text("representative", "12 digits"),
    field("under_guardianship", "boolean", ""),
    field("foreign", "object", ""),
    field("papers", "object", ""),
];
const FAULT: &[VerbField] = &[
    must("effect", "string", "a name of `GET /admin/v1/faults/menu`"),
    text("id", "its name"),
    text("door", "such as `POST /oauth2/token`"),
    text("to", "for messages"),
    text("purpose", "for messages"),
    text("channel", "for messages"),
    field("nth", "integer", "from the nth match on"),
    field("times", "integer", "so many times"),
    field("percent", "integer", "of a hundred"),
    text("since", "virtual moment"),
    text("until", "virtual moment"),
    field("status", "integer", ""),
    field("milliseconds", "integer", ""),
    field("seconds", "integer", ""),
    field("bytes", "integer", ""),
    field("operations", "integer", ""),
    text("error", ""),
    text("value", ""),
];
/// Parameters of a sign-in request that have fields of their own.
pub(crate) const REQUEST: &[VerbField] = &[
    text("scope", "`openid profile phone` if left out"),
    text("state", ""),
    text("nonce", ""),
    text("prompt", "such as `none`, `login`, `consent`"),
    text("acr_values", "such as `LoA2`"),
    field("max_age", "integer", "seconds"),
    text("login_hint", ""),
    text("redirect_uri", "the client's first if left out"),
];
const PARAMS: &[VerbField] = &[field("params", "object", "any other parameter of the request")];
const TYPED: &[VerbField] = &[
    text("password", "hers if left out"),
    text("otp", "the one that her phone shows if left out"),
    text("decision", "`allow` if left out, or `deny`, where consent is asked"),
];
const PATH: VerbField = must("path", "string", "beneath the realm");
const METHOD: VerbField = text("method", "`GET`, or `POST` with a body, if left out");
const BODY: VerbField = field("body", "", "JSON");

/// Every verb.
#[rustfmt::skip]
pub(crate) static VERBS: [Verb; 51] = [
    verb("advance", "moves time on; `happened` lists what became due", NOBODY, &[&[must("duration", "string", "ISO 8601, such as `P7D`, `PT3M`")]], Door("POST", "/admin/v1/clock/advance", &[])),
    verb("set_clock", "moves time to a moment", NOBODY, &[&[must("at", "string", "RFC 3339")]], Door("POST", "/admin/v1/clock/set", &[])),
    verb("next", "moves time to the next due thing", NOBODY, &[], Door("POST", "/admin/v1/clock/next", &[])),
    verb("resume", "lets time run", NOBODY, &[], Door("POST", "/admin/v1/clock/resume", &[])),
    verb("freeze", "stops time", NOBODY, &[&[text("at", "RFC 3339; now if left out")]], Door("POST", "/admin/v1/clock/freeze", &[])),
    verb("clock", "reads time", NOBODY, &[], Door("GET", "/admin/v1/clock", &[])),
    verb("register", "asks for level 1 in the app", HER, &[APPLICATION], Door("POST", "/app/v1/registrations", NUMBER_PHONE)),
    verb("enrol", "asks for level 2 at a desk of the police", HER, &[APPLICATION, AT_THE_DESK], Door("POST", "/desk/v1/registrations", NUMBER_PHONE)),
    verb("registration", "reads her last registration", HER, &[], Door("GET", "/app/v1/registrations/{registration}", &[])),
    verb("withdraw", "takes her last registration back", HER, &[], Door("POST", "/app/v1/registrations/{registration}/withdraw", &[])),
    verb("approve", "approves her last registration", HER, &[], Door("POST", "/admin/v1/registrations/{registration}/approve", &[])),
    verb("reject", "rejects her last registration", HER, &[&[must("reason", "string", "a sentence for her")]], Door("POST", "/admin/v1/registrations/{registration}/reject", &[])),
    special("activate", "goes through every step of activation; `until` stops before one", HER, &[&[text("otp", "the one that her phone shows if left out"), text("password", "`Mat#khau2026` if left out"), text("passcode", "`135790` if left out"), text("phone", "her own if left out"), text("device", "her phone if left out"), field("confirm", "boolean", "takes the account over from another device"), text("until", "`otp`, `password`, `passcode` or `questions`")]], Special::Activate),
    verb("account", "reads her account", HER, &[], Door("GET", "/admin/v1/accounts/{number}", &[])),
    verb("force", "puts her account into a state, whatever the rules say", HER, &[&[must("state", "string", ""), field("level", "integer", "1 or 2"), text("reason", "for `locked`"), field("upgrade_approved", "boolean", "")]], Door("PUT", "/admin/v1/accounts/{number}/state", &[])),
    verb("lock", "locks her account, as an authority does", HER, &[GROUND], Door("POST", "/admin/v1/accounts/{number}/lock", &[])),
    verb("unlock", "unlocks her account", HER, &[&[text("by", "who asks")]], Door("POST", "/admin/v1/accounts/{number}/unlock", &[])),
    verb("change_phone", "gives her account another number", HER, &[&[must("phone", "string", "10 digits")]], Door("POST", "/admin/v1/accounts/{number}/change_phone", &[])),
    verb("extend_activation", "sends the approval of an overdue account again", HER, &[], Door("POST", "/admin/v1/accounts/{number}/extend_activation", &[])),
    verb("open_level0", "opens an account without a level", HER, &[], Door("POST", "/admin/v1/accounts/{number}/open_level0", &[])),
    verb("citizen", "reads what the databases know of her", HER, &[], Door("GET", "/admin/v1/citizens/{number}", &[])),
    verb("change_citizen", "changes what the databases know of her", HER, &[CITIZEN_FIELDS], Door("PUT", "/admin/v1/citizens/{number}", &[])),
    verb("renew_card", "gets a new card at the desk", HER, &[SERVED], Door("POST", "/desk/v1/cards", NUMBER)),
    verb("lose_card", "reports the card lost at the desk", HER, &[SERVED], Door("POST", "/desk/v1/cards/lost", NUMBER)),
    verb("desk_lock", "asks for a lock at the desk", HER, &[SERVED], Door("POST", "/desk/v1/locks", NUMBER)),
    verb("desk_unlock", "asks for the end of a lock at the desk", HER, &[SERVED], Door("POST", "/desk/v1/unlocks", NUMBER)),
    verb("desk_change_phone", "changes the number at the desk", HER, &[&[must("phone", "string", "10 digits"), field("portrait", "", "how the face compares")]], Door("POST", "/desk/v1/phone-changes", NUMBER)),
    verb("message", "reads the newest message that was delivered: `text`, `code`, `at`, …", People { who: May, client: No }, &[MESSAGE], Door("GET", "/admin/v1/messages/latest", CITIZEN)),
    verb("messages", "reads messages: `count` and `items`, the oldest first", People { who: May, client: No }, &[MESSAGE], Door("GET", "/admin/v1/messages", CITIZEN)),
    verb("clear_messages", "empties the inbox", NOBODY, &[], Door("DELETE", "/admin/v1/messages", &[])),
    verb("fault", "lets something go wrong from now on", People { who: May, client: May }, &[FAULT], Door("POST", "/admin/v1/faults", &[Send::Citizen, Send::ClientId])),
    verb("clear_faults", "lets everything go well again", NOBODY, &[], Door("DELETE", "/admin/v1/faults", &[])),
    verb("rotate_keys", "gives the provider new keys", NOBODY, &[], Door("POST", "/admin/v1/keys/rotate", &[])),
    verb("verify", "asserts what the journal holds", NOBODY, &[&[must("events", "array", "`{ match = {…}, count = 1 }`, see faults.md"), field("in_order", "boolean", ""), field("after", "integer", "a `seq`")]], Door("POST", "/admin/v1/journal/verify", &[])),
    special("policy", "changes rules of the realm, such as `code_seconds`", NOBODY, &[&[must("rules", "object", "fields of `GET /admin/v1/policy`")]], Special::Policy),
    special("call", "any other door of the simulator", NOBODY, &[&[METHOD, PATH, BODY]], Special::Call),
    special("open_app", "signs her app in, with the OTP where the device is new", HER, &[&[text("device", "her phone if left out"), text("password", "hers if left out"), text("otp", "the one that her phone shows if left out")]], Special::OpenApp),
    special("app", "any door of the app's API, in her app", HER, &[&[METHOD, PATH, BODY]], Special::App),
    special("open", "opens the portal's sign-in in her browser", BOTH, &[REQUEST, PARAMS], Special::Open),
    special("enter_password", "types number and password on the open page", HER, &[&[text("username", "her number if left out"), text("password", "hers if left out")]], Special::Password),
    special("enter_otp", "types the OTP on the open page", HER, &[&[text("otp", "the one that her phone shows if left out")]], Special::Otp),
    special("resend_otp", "asks for another OTP on the open page, 60 seconds after the last (`advance`)", HER, &[], Special::Resend),
    special("consent", "answers the consent page", HER, &[&[text("decision", "`allow` if left out, or `deny`")]], Special::Consent),
    special("press", "sends a form of the open page", HER, &[&[text("form", "the end of its action, such as `/login/level`; the first if left out"), field("fields", "object", "what is filled in")]], Special::Press),
    special("sign_in", "the whole way: portal, password, OTP, consent, code, tokens, userinfo", BOTH, &[REQUEST, PARAMS, TYPED], Special::SignIn),
    special("exchange", "the portal exchanges the code: `claims` of the ID token, tokens", BOTH, &[&[text("code", "the last one if left out"), text("redirect_uri", ""), text("code_verifier", "")]], Special::Exchange),
    special("refresh", "the portal uses the refresh token", BOTH, &[&[text("refresh_token", "the last one if left out"), text("scope", "")]], Special::Refresh),
    special("userinfo", "the portal asks for the claims", BOTH, &[&[text("access_token", "the last one if left out")]], Special::Userinfo),
    special("introspect", "the portal asks what a token is worth: `active`, …", BOTH, &[&[text("token", "the last access token if left out")]], Special::Introspect),
    special("revoke", "the portal gives a token back", BOTH, &[&[text("token", "the last access token if left out")]], Special::Revoke),
    special("sign_out", "signs her browser out, from the portal", BOTH, &[], Special::SignOut),
];

impl Verb {
    /// The verb of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        VERBS.iter().find(|verb| verb.name == name)
    }
}

/// The verbs as a page of the documentation.
pub fn document() -> String {
    let mut text = String::from(
        "# Verbs of scenarios\n\nGenerated from `src/scenario/list.rs`. [Scenarios](scenarios.md) says how a script is written. \
         Fields in **bold** must be given.\n\n| `do` | does | `who` | `client` | fields |\n|---|---|---|---|---|\n",
    );
    let need = |need: Need| match need {
        Need::No => "",
        Need::May => "if wanted",
        Need::Must => "**yes**",
    };
    for verb in &VERBS {
        let field = |field: &VerbField| {
            let mark = if field.must { "**" } else { "" };
            format!("{mark}`{}`{mark} {}", field.name, field.says)
        };
        let fields: Vec<String> = verb.fields().map(field).collect();
        let (who, client) = (need(verb.who), need(verb.client));
        let line = format!(
            "| `{}` | {} | {who} | {client} | {} |\n",
            verb.name,
            verb.does,
            fields.join("; ")
        );
        text.push_str(&line);
    }
    text
}
