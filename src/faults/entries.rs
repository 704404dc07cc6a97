//! The lines of the menu.

use super::menu::{
    DOORS, plain, with,
    CallbackFault, FaultEffect, KeysFault, MenuEntry, MessageFault, RuleField,
    StoreFault,
    Verdict::{self, Accept, May, Refuse, Should, Survive},
};
use crate::oidc::forge::Forgery;

const fn id(
    name: &'static str,
    forgery: Forgery,
    verdict: Verdict,
    does: &'static str,
    clause: &'static str,
) -> MenuEntry {
    plain(name, FaultEffect::IdToken(forgery), verdict, does, clause)
}

const fn access(name: &'static str, forgery: Forgery, does: &'static str) -> MenuEntry {
    plain(
        name,
        FaultEffect::AccessToken(forgery),
        Should,
        does,
        "RFC 9068 §4: at a resource server that reads the JWT",
    )
}

const fn logout(name: &'static str, forgery: Forgery, does: &'static str) -> MenuEntry {
    plain(
        name,
        FaultEffect::LogoutToken(forgery),
        Refuse,
        does,
        "Back-Channel Logout 1.0 §2.6: MUST be validated, or the session stays",
    )
}

const fn callback(
    name: &'static str,
    how: CallbackFault,
    verdict: Verdict,
    does: &'static str,
    clause: &'static str,
) -> MenuEntry {
    plain(name, FaultEffect::Callback(how), verdict, does, clause)
}

const fn message(name: &'static str, how: MessageFault, does: &'static str) -> MenuEntry {
    plain(
        name,
        FaultEffect::Message(how),
        Survive,
        does,
        "invented: no source describes how messages fail",
    )
}

const fn store(name: &'static str, how: StoreFault, does: &'static str) -> MenuEntry {
    let entry =
        plain(name, FaultEffect::Store(how), Survive, does, "RFC 9110 §15.6.4: 503, try again");
    with(entry, &[RuleField::Operations])
}

/// Every fault but those of doors, by group.
#[rustfmt::skip]
pub(super) static OTHERS: [MenuEntry; 62] = [
    store("store.reads_fail", StoreFault::ReadsFail, "reads of the request fail: the first `operations`, or all"),
    store("store.writes_fail", StoreFault::WritesFail, "writes of the request fail and change nothing: the first `operations`, or all"),
    store("store.conflict", StoreFault::Conflict, "writes of the request find that somebody was quicker: the first `operations`, or all"),
    store("store.answer_lost", StoreFault::AnswerLost, "writes of the request happen, and seem to have failed: the first `operations`, or all"),
    message("message.lost", MessageFault::Lost, "sent, never delivered"),
    with(plain("message.late", FaultEffect::Message(MessageFault::Late), Survive, "delivered `seconds` of virtual time later (300 if left out)", "invented: no source describes how messages fail"), &[RuleField::Seconds]),
    message("message.twice", MessageFault::Twice, "delivered twice"),
    message("message.out_of_order", MessageFault::OutOfOrder, "delivered after the next message to the same address, a day later at most"),
    message("message.old_number", MessageFault::OldNumber, "delivered to the number the account had before; to its own where it had none"),
    message("message.gateway_down", MessageFault::GatewayDown, "refused by the gateway"),
    callback("callback.no_state", CallbackFault::Without("state"), Refuse, "the answer has no `state`", "RFC 6749 §10.12, RFC 9700 §4.7: the state binds the answer to the browser"),
    callback("callback.other_state", CallbackFault::Other("state"), Refuse, "the answer has another `state`", "RFC 6749 §10.12, RFC 9700 §4.7: the state binds the answer to the browser"),
    callback("callback.no_iss", CallbackFault::Without("iss"), Should, "the answer has no `iss`, although the metadata promise one", "RFC 9207 §2.4, RFC 9700 §4.4.2: MUST where the party knows more than one provider"),
    callback("callback.other_iss", CallbackFault::Other("iss"), Should, "the answer's `iss` is another provider", "RFC 9207 §2.4, RFC 9700 §4.4.2: MUST where the party knows more than one provider"),
    callback("callback.no_code", CallbackFault::Without("code"), Refuse, "the answer has neither code nor error", "RFC 6749 §4.1.2: code is REQUIRED"),
    callback("callback.other_code", CallbackFault::Other("code"), Refuse, "the code is one that nobody gave", "RFC 6749 §4.1.3: the token endpoint refuses it"),
    callback("callback.replayed_code", CallbackFault::Replayed, Refuse, "the code is the client's one before, used already; an unknown one where there was none", "RFC 6749 §4.1.2: a code is used once"),
    callback("callback.twice", CallbackFault::Twice, May, "every parameter comes twice", "RFC 6749 §3.1: parameters MUST NOT be included more than once"),
    with(plain("callback.error", FaultEffect::Callback(CallbackFault::Error), Refuse, "an `error` of the registry (access_denied if left out) instead of a code", "RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6"), &[RuleField::Error]),
    id("id_token.expired", Forgery::Expired, Refuse, "`exp` an hour ago", "OIDC Core §3.1.3.7 item 9"),
    id("id_token.not_yet_valid", Forgery::NotYetValid, Should, "`nbf` and `iat` an hour ahead", "RFC 7519 §4.1.5; OIDC Core §3.1.3.7 item 10 (iat MAY be checked)"),
    id("id_token.issued_long_ago", Forgery::IssuedLongAgo, May, "`iat` a day ago", "OIDC Core §3.1.3.7 item 10: the acceptable range is the client's"),
    id("id_token.old_sign_in", Forgery::OldSignIn, Should, "`auth_time` a day ago", "OIDC Core §3.1.3.7 item 13: where max_age was asked"),
    id("id_token.other_iss", Forgery::Other("iss"), Refuse, "another `iss`", "OIDC Core §3.1.3.7 item 2"),
    id("id_token.no_iss", Forgery::Without("iss"), Refuse, "no `iss`", "OIDC Core §2: iss is REQUIRED"),
    id("id_token.other_aud", Forgery::Other("aud"), Refuse, "`aud` is another client", "OIDC Core §3.1.3.7 item 3"),
    id("id_token.no_aud", Forgery::Without("aud"), Refuse, "no `aud`", "OIDC Core §2: aud is REQUIRED"),
    id("id_token.more_audiences", Forgery::MoreAudiences, Should, "`aud` names a client that is not trusted beside this one, without `azp`", "OIDC Core §3.1.3.7 item 3: reject additional audiences not trusted"),
    id("id_token.other_azp", Forgery::OtherParty, Refuse, "`aud` names both, `azp` the other client", "OIDC Core §3.1.3.7 items 3 to 5"),
    id("id_token.other_sub", Forgery::Other("sub"), Refuse, "`sub` is somebody else than userinfo says", "OIDC Core §5.3.2: the two MUST match, or userinfo is not used"),
    id("id_token.no_sub", Forgery::Without("sub"), Refuse, "no `sub`", "OIDC Core §2: sub is REQUIRED"),
    id("id_token.no_exp", Forgery::Without("exp"), Refuse, "no `exp`", "OIDC Core §2: exp is REQUIRED"),
    id("id_token.no_iat", Forgery::Without("iat"), Refuse, "no `iat`", "OIDC Core §2: iat is REQUIRED"),
    id("id_token.other_nonce", Forgery::Other("nonce"), Refuse, "another `nonce`", "OIDC Core §3.1.3.7 item 11"),
    id("id_token.no_nonce", Forgery::Without("nonce"), Refuse, "no `nonce`, although one was sent", "OIDC Core §3.1.3.7 item 11"),
    id("id_token.other_at_hash", Forgery::Other("at_hash"), Should, "`at_hash` of another access token", "OIDC Core §3.1.3.8: MAY be checked in the code flow"),
    id("id_token.other_acr", Forgery::Other("acr"), Should, "an `acr` that was not asked for", "OIDC Core §3.1.3.7 item 12: where acr was requested"),
    id("id_token.alg_none", Forgery::Unsigned, Refuse, "`alg: none`, no signature", "OIDC Core §3.1.3.7 items 6 and 7, RFC 8725 §3.1"),
    id("id_token.hs256_public_key", Forgery::PublicKeyAsSecret, Refuse, "HS256, keyed with the PEM text of the public key", "RFC 8725 §2.1 and §3.1"),
    id("id_token.unknown_kid", Forgery::UnknownKey, Refuse, "`kid` names a key that is not in the JWK set", "OIDC Core §10.1, RFC 7515 §6"),
    id("id_token.bad_signature", Forgery::BadSignature, Refuse, "one bit of the signature is another", "OIDC Core §3.1.3.7 item 6, RFC 7515 §5.2"),
    id("id_token.other_key", Forgery::OtherKey, Refuse, "signed by another key under the same `kid`", "OIDC Core §3.1.3.7 item 6, RFC 7515 §5.2"),
    id("id_token.embedded_key", Forgery::EmbeddedKey, Refuse, "signed by a key that the header brings along as `jwk`", "RFC 8725 §3.10"),
    id("id_token.duplicate_claims", Forgery::Twice, May, "`iss`, `sub` and `aud` twice, somebody else's first", "RFC 7519 §4: refuse, or take the last"),
    id("id_token.huge", Forgery::Huge, May, "a token of more than a megabyte", "RFC 8725 §3.11-like: bounds are the client's"),
    id("id_token.nfd_names", Forgery::Decomposed, Accept, "texts in Unicode NFD", "RFC 7519 §7.3: compared without normalisation"),
    access("access_token.expired", Forgery::Expired, "`exp` an hour ago"),
    access("access_token.other_iss", Forgery::Other("iss"), "another `iss`"),
    access("access_token.other_aud", Forgery::Other("aud"), "another `aud`"),
    access("access_token.alg_none", Forgery::Unsigned, "`alg: none`, no signature"),
    access("access_token.bad_signature", Forgery::BadSignature, "one bit of the signature is another"),
    logout("logout_token.other_aud", Forgery::Other("aud"), "`aud` is another client"),
    logout("logout_token.no_events", Forgery::Without("events"), "no `events`"),
    logout("logout_token.with_nonce", Forgery::With("nonce"), "a `nonce`, which would make it an ID token"),
    logout("logout_token.bad_signature", Forgery::BadSignature, "one bit of the signature is another"),
    plain("userinfo.other_sub", FaultEffect::Userinfo(Forgery::Other("sub")), Refuse, "`sub` is another than the ID token's", "OIDC Core §5.3.2: MUST match, or the answer is not used"),
    plain("userinfo.no_sub", FaultEffect::Userinfo(Forgery::Without("sub")), Refuse, "no `sub`", "OIDC Core §5.3.2: sub MUST always be returned"),
    plain("userinfo.nfd_names", FaultEffect::Userinfo(Forgery::Decomposed), Accept, "names in Unicode NFD", "OIDC Core §5.1; names are compared after normalisation"),
    plain("jwks.empty", FaultEffect::Keys(KeysFault::Empty), Refuse, "the JWK set has no keys", "OIDC Core §10.1: without a key nothing is verified"),
    plain("jwks.other_keys", FaultEffect::Keys(KeysFault::Others), Refuse, "the JWK set has other keys only", "OIDC Core §10.1.1: an unknown kid is looked up again, then refused"),
    plain("jwks.duplicate_kid", FaultEffect::Keys(KeysFault::Duplicate), May, "each `kid` twice, first with another key", "RFC 7517 §4.5: kid values SHOULD be distinct"),
    plain("discovery.other_issuer", FaultEffect::Discovery, Refuse, "the metadata name another issuer", "OIDC Discovery §4.3: MUST be the one that was asked"),
   
];

/// Every fault, by group.
pub fn menu() -> impl Iterator<Item = &'static MenuEntry> + Clone {
    DOORS.iter().chain(&OTHERS)
}

impl MenuEntry {
    /// The line of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        menu().find(|entry| entry.name == name)
    }
}
