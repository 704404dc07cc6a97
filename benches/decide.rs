//! What a decision costs: the account's life, the OTP, the authorization code. Pure, no store.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mock_vneid::{
    clock::Timestamp,
    identity::{
        IdNumber, Level, Who,
        lifecycle::{commands, states},
        otp::{self, Challenge},
    },
    oidc::grant::{Authentication, AuthorizationCode, Grant, Method, Redeem},
};

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

fn grant() -> Grant {
    Grant {
        client_id: "portal".to_owned(),
        redirect_uri: "https://portal.example/callback".to_owned(),
        scope: "openid profile phone".to_owned(),
        nonce: Some("n-0S6_WzA2Mj".to_owned()),
        code_challenge: Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned()),
        authentication: Authentication {
            number: IdNumber::parse("097190000011").expect("a number"),
            subject: "bench".to_owned(),
            level: Level::Two,
            at: mock_vneid::clock::Stamp::of(NOW, NOW, mock_vneid::clock::WireClock::Real),
            methods: vec![Method::Pwd, Method::Otp, Method::Sms],
            epoch: 0,
            acting: None,
        },
        sub: "bench".to_owned(),
        session: None,
        acr: "LoA2".to_owned(),
        claims: mock_vneid::oidc::requested::Requested::default(),
        resource: Vec::new(),
    }
}

fn decide(criterion: &mut Criterion) {
    let (states, commands) = (states(), commands());
    let pairs: Vec<_> = states
        .iter()
        .flat_map(|(_, life)| commands.iter().map(move |(_, command)| (*life, *command)))
        .collect();
    let mut around = pairs.iter().cycle();
    criterion.bench_function("life, any command in any state", |bencher| {
        bencher.iter(|| {
            around.next().map(|(life, command)| life.decide(black_box(*command), Who::CITIZEN, NOW))
        });
    });

    let sent = Challenge::sent("123456".to_owned(), NOW);
    for (name, code) in [("right", "123456"), ("wrong", "654321")] {
        let check = otp::OtpCommand::Check { code: code.to_owned() };
        criterion.bench_function(&format!("OTP, {name}"), |bencher| {
            bencher.iter(|| sent.clone().decide(black_box(&check), NOW));
        });
    }

    let issued =
        AuthorizationCode::Issued { grant: Box::new(grant()), until: NOW.plus_seconds(60) };
    let redeem = Redeem {
        client_id: "portal",
        redirect_uri: Some("https://portal.example/callback"),
        code_verifier: Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        token: "name-of-the-token",
        family: "name-of-the-family",
    };
    criterion.bench_function("code, redeemed with PKCE", |bencher| {
        bencher.iter(|| issued.clone().redeem(black_box(redeem), NOW));
    });
}

criterion_group!(benches, decide);
criterion_main!(benches);
