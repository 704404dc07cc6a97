//! The life of a sign-in request: every state with every command, before and after its end.

use mock_vneid::{
    clock::{Stamp, Timestamp, WireClock},
    identity::{IdNumber, Level, Refused},
    oidc::{
        acr::ContextClass,
        grant::{Authentication, Method},
        sign_in_request::{SignInCommand, SignInKind, SignInRequest, SignInState, code, content},
    },
};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + millis)
}

fn number(text: &str) -> IdNumber {
    IdNumber::parse(text).unwrap()
}

fn lan() -> IdNumber {
    number("097190000011")
}

fn duc() -> IdNumber {
    number("097085000022")
}

fn who(number: IdNumber) -> Authentication {
    Authentication {
        number,
        subject: "s".to_owned(),
        level: Level::Two,
        at: Stamp::of(at(0), at(0), WireClock::Real),
        methods: vec![Method::Pin, Method::Swk, Method::Face],
        epoch: 0,
        acting: None,
    }
}

fn request(kind: SignInKind, state: SignInState) -> SignInRequest {
    SignInRequest {
        id: "id".to_owned(),
        interaction: "mine".to_owned(),
        client_name: "Cổng".to_owned(),
        scope: "openid".to_owned(),
        reference: "abc123".to_owned(),
        kind,
        state,
        until: at(300_000),
    }
}

fn states() -> Vec<SignInState> {
    vec![
        SignInState::Waiting,
        SignInState::Scanned { number: lan() },
        SignInState::Approved { authentication: who(lan()) },
        SignInState::Refused,
        SignInState::Used,
    ]
}

fn commands() -> Vec<(&'static str, SignInCommand)> {
    let go = |interaction: &str| SignInCommand::Continue { interaction: interaction.to_owned() };
    vec![
        ("scan", SignInCommand::Scan { number: lan() }),
        ("scan by another", SignInCommand::Scan { number: duc() }),
        ("approve", SignInCommand::Approve { authentication: who(lan()) }),
        ("approve by another", SignInCommand::Approve { authentication: who(duc()) }),
        ("refuse", SignInCommand::Refuse { number: lan() }),
        ("refuse by another", SignInCommand::Refuse { number: duc() }),
        ("continue", go("mine")),
        ("continue elsewhere", go("another")),
    ]
}

/// One line for every cell that is not plainly out of turn.
fn table(kind: SignInKind, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    for state in states() {
        for (name, command) in commands() {
            let before = request(kind, state.clone());
            let (after, answer) = before.clone().decide(command, now);
            let said = match &answer {
                Ok(None) => format!("→ {}", after.state.name()),
                Ok(Some(who)) => format!("→ {} as {}", after.state.name(), who.number),
                Err(refused) => {
                    assert_eq!(after, before, "a refusal moves nothing");
                    format!("✗ {}", refused.code())
                }
            };
            if !matches!(answer, Err(Refused::OutOfTurn { .. })) {
                lines.push(format!("{}, {name} {said}", state.name()));
            }
        }
    }
    lines
}

#[test]
fn a_code_is_scanned_answered_and_continued_once() {
    let wanted = [
        "waiting, scan → scanned",
        "waiting, scan by another → scanned",
        "waiting, continue ✗ confirmation_required",
        "scanned, scan → scanned",
        "scanned, approve → approved",
        "scanned, refuse → refused",
        "scanned, continue ✗ confirmation_required",
        "approved, continue → used as 097190000011",
        "refused, continue ✗ confirmation_refused",
    ];
    assert_eq!(table(SignInKind::Qr, at(299_999)), wanted);
}

#[test]
fn a_push_is_answered_by_whom_it_went_to() {
    let wanted = [
        "waiting, approve → approved",
        "waiting, refuse → refused",
        "waiting, continue ✗ confirmation_required",
        "scanned, continue ✗ confirmation_required",
        "approved, continue → used as 097190000011",
        "refused, continue ✗ confirmation_refused",
    ];
    assert_eq!(table(SignInKind::Push { to: Some(lan()) }, at(0)), wanted);
    let to_nobody = table(SignInKind::Push { to: None }, at(0));
    assert_eq!(to_nobody, wanted[2..]);
}

#[test]
fn at_its_end_it_is_too_late_for_everything() {
    for (kind, code) in [
        (SignInKind::Qr, "qr_expired"),
        (SignInKind::Push { to: Some(lan()) }, "confirmation_expired"),
    ] {
        let lines = table(kind, at(300_000));
        let open = lines.iter().filter(|line| line.ends_with(code)).count();
        assert_eq!(open, 3 * commands().len(), "{lines:?}");
        assert_eq!(lines.len(), open + 1, "a refusal stays one: {lines:?}");
    }
}

#[test]
fn what_is_scanned_is_the_text_or_the_code() {
    assert_eq!(code(&content("x-1")), "x-1");
    assert_eq!(code(" x-1\n"), "x-1");
    assert_eq!(code(""), "");
}

#[test]
fn classes_follow_the_methods() {
    let class = |methods: &[Method]| {
        Authentication { methods: methods.to_vec(), ..who(lan()) }.context_class()
    };
    assert_eq!(class(&[]), ContextClass::LoA1);
    assert_eq!(class(&[Method::Pwd]), ContextClass::LoA1);
    assert_eq!(class(&[Method::Face]), ContextClass::LoA1);
    assert_eq!(class(&[Method::Pwd, Method::Otp, Method::Sms]), ContextClass::LoA2);
    assert_eq!(class(&[Method::Pin, Method::Swk]), ContextClass::LoA2);
    assert_eq!(class(&[Method::Pin, Method::Face]), ContextClass::LoA3);
}
