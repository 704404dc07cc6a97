//! The life of an authorization code, without a store that forgets it.

use mock_vneid::{
    clock::{Stamp, Timestamp, WireClock},
    identity::{IdNumber, Level},
    oidc::{
        digest::sha256_base64url,
        grant::{Authentication, AuthorizationCode, CodeOutcome, Grant, Method, Redeem},
    },
};

const VERIFIER: &str = "a-verifier-of-43-characters-or-more-0123456789";

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + millis)
}

fn issued(challenge: bool) -> AuthorizationCode {
    let authentication = Authentication {
        number: IdNumber::parse("097190000011").unwrap(),
        subject: "s".to_owned(),
        level: Level::Two,
        at: Stamp::of(at(0), at(0), WireClock::Real),
        methods: vec![Method::Pwd, Method::Otp],
        epoch: 0,
        acting: None,
    };
    let grant = Grant {
        client_id: "portal".to_owned(),
        redirect_uri: "https://portal.example/cb".to_owned(),
        scope: "openid".to_owned(),
        nonce: None,
        code_challenge: challenge.then(|| sha256_base64url(VERIFIER)),
        authentication,
        sub: "s".to_owned(),
        session: None,
        acr: "LoA2".to_owned(),
        resource: Vec::new(),
        claims: mock_vneid::oidc::requested::Requested::default(),
    };
    AuthorizationCode::Issued { grant: Box::new(grant), until: at(60_000) }
}

const RIGHT: Redeem<'static> = Redeem {
    client_id: "portal",
    redirect_uri: Some("https://portal.example/cb"),
    code_verifier: None,
    token: "t-1",
    family: "f-1",
};

#[test]
fn a_code_lives_to_the_millisecond() {
    assert!(matches!(issued(false).redeem(RIGHT, at(59_999)).1, CodeOutcome::Granted(_)));
    assert!(matches!(issued(false).redeem(RIGHT, at(60_000)).1, CodeOutcome::Refused(_)));
}

#[test]
fn a_refusal_leaves_the_code_as_it_was() {
    let with_verifier = |verifier| Redeem { code_verifier: verifier, ..RIGHT };
    for (challenge, redeem) in [
        (false, Redeem { client_id: "other", ..RIGHT }),
        (false, Redeem { redirect_uri: None, ..RIGHT }),
        (false, Redeem { redirect_uri: Some("https://portal.example/cb/"), ..RIGHT }),
        (false, with_verifier(Some(VERIFIER))),
        (true, RIGHT),
        (true, with_verifier(Some("too-short"))),
        (true, with_verifier(Some("another-verifier-of-43-characters-or-more-01234"))),
    ] {
        let (after, outcome) = issued(challenge).redeem(redeem, at(0));
        assert!(matches!(outcome, CodeOutcome::Refused(_)), "{redeem:?}");
        assert_eq!(after, issued(challenge));
    }
    let proven = issued(true).redeem(with_verifier(Some(VERIFIER)), at(0));
    assert!(matches!(proven.1, CodeOutcome::Granted(_)));
}

#[test]
fn a_replay_revokes_once_and_only_for_its_client() {
    let (redeemed, _) = issued(false).redeem(RIGHT, at(0));
    let (same, foreign) = redeemed.clone().redeem(Redeem { client_id: "other", ..RIGHT }, at(1));
    assert!(matches!(foreign, CodeOutcome::Refused(_)));
    assert_eq!(same, redeemed);
    let (replayed, outcome) = redeemed.redeem(Redeem { token: "t-2", ..RIGHT }, at(1));
    assert_eq!(outcome, CodeOutcome::Revoked("t-1".to_owned(), None));
    assert!(matches!(replayed.redeem(RIGHT, at(2)).1, CodeOutcome::Refused(_)));
}
