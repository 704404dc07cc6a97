//! Values that are out of bounds, in the hands of somebody whose app is signed in.

use serde_json::json;

use super::{Fire, app, json, problem, token_of};
use crate::harness::{
    Sim,
    actors::{DUC, LAN},
};

/// A door, the answer, and bodies that each break a rule.
type Table<'a> = (&'a str, &'a str, (u16, &'a str), &'a [&'a str]);

async fn signed_in_as(number: &str, tables: &[Table<'_>]) {
    let sim = Sim::new().await;
    let token = token_of(&sim, number, "phone-1").await;
    let mut fire = Fire::at(sim).await;
    for (method, path, (status, code), bodies) in tables {
        for body in *bodies {
            let name: String = format!("{method} {path} {body}").chars().take(140).collect();
            let request = app(method, path, &token, (*body).to_owned());
            fire.shoot(&name, request, problem(*status, code)).await;
        }
    }
    fire.done();
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of bad requests")]
async fn odd_values_of_a_signed_in_app() {
    let long = format!(r#"{{"kind":"tax","number":"{}"}}"#, "9".repeat(5_000));
    signed_in_as(
        LAN.number,
        &[
            (
                "POST",
                "/app/v1/password",
                (422, "weak_password"),
                &[
                    r#"{"old":"Vn@000011a","new":""}"#,
                    r#"{"old":"Vn@000011a","new":"Aa@1"}"#,
                    r#"{"old":"Vn@000011a","new":"aaaaaaaa1@"}"#,
                    r#"{"old":"Vn@000011a","new":"AAAAAAAA1@"}"#,
                    r#"{"old":"Vn@000011a","new":"Aaaaaaaa@@"}"#,
                    r#"{"old":"Vn@000011a","new":"Aaaaaaaa11"}"#,
                    r#"{"old":"Vn@000011a","new":"Aa@1\u0000aaaaaa"}"#,
                    r#"{"old":"Vn@000011a","new":"Aa@1 Aa@1 Aa@1 Aa@1 Aa@1"}"#,
                ],
            ),
            (
                "POST",
                "/app/v1/lock",
                (422, "bad_passcode"),
                &[
                    r#"{"passcode":""}"#,
                    r#"{"passcode":"00001"}"#,
                    r#"{"passcode":"0000111"}"#,
                    r#"{"passcode":"00001a"}"#,
                    r#"{"passcode":"００００１１"}"#,
                    r#"{"passcode":"000011\u0000"}"#,
                ],
            ),
            (
                "POST",
                "/app/v1/phone-changes",
                (422, "invalid"),
                &[
                    r#"{"phone":"","passcode":"000011"}"#,
                    r#"{"phone":"0912","passcode":"000011"}"#,
                    r#"{"phone":"+1 555 0100","passcode":"000011"}"#,
                    r#"{"phone":"٠٩٨٧٦٥٤٣٢١","passcode":"000011"}"#,
                    r#"{"phone":987654321,"passcode":"000011"}"#,
                    r#"{"phone":"0987654321","passcode":11}"#,
                ],
            ),
            (
                "POST",
                "/app/v1/phone-changes",
                (409, "phone_taken"),
                &[r#"{"phone":"0912345602","passcode":"000011"}"#],
            ),
            (
                "POST",
                "/app/v1/phone-changes",
                (409, "phone_unchanged"),
                &[r#"{"phone":"0912345601","passcode":"000011"}"#],
            ),
            (
                "POST",
                "/app/v1/papers",
                (422, "invalid"),
                &[
                    r#"{"kind":"passport"}"#,
                    r#"{"kind":""}"#,
                    r#"{"kind":["tax"]}"#,
                    r#"{"kind":"Tax"}"#,
                    r#"{"kind":"tax","number":1}"#,
                    r#"{"kind":"tax","number":["1"]}"#,
                    &long,
                    r#"{"kind":"tax","number":"1\u0000"}"#,
                ],
            ),
            (
                "POST",
                "/app/v1/qr-codes",
                (422, "invalid"),
                &[
                    r#"{"passcode":"000011"}"#,
                    r#"{"kind":"qr","passcode":"000011"}"#,
                    r#"{"kind":"can_cuoc","passcode":"000011","share":["passport"]}"#,
                    r#"{"kind":"can_cuoc","passcode":"000011","share":"tax"}"#,
                    r#"{"kind":"can_cuoc","passcode":"000011","share":[["tax"]]}"#,
                    r#"{"kind":"can_cuoc","passcode":"000011","phone":"yes"}"#,
                ],
            ),
            ("POST", "/app/v1/services/passport", (404, "not_found"), &[""]),
            ("POST", "/app/v1/services/%00", (404, "not_found"), &["", "{"]),
            ("GET", "/app/v1/papers/passport", (404, "not_found"), &[""]),
            ("DELETE", "/app/v1/devices/phone-2", (404, "not_found"), &[""]),
            ("DELETE", "/app/v1/devices/%2e%2e%2fphone-1", (404, "not_found"), &[""]),
            (
                "POST",
                "/app/v1/consents/x",
                (422, "invalid"),
                &[
                    r#"{"decision":"maybe","passcode":"000011"}"#,
                    r#"{"decision":true,"passcode":"000011"}"#,
                    r#"{"decision":"allow"}"#,
                ],
            ),
            (
                "POST",
                "/app/v1/consents/x",
                (404, "not_found"),
                &[r#"{"decision":"allow","passcode":"000011"}"#],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn level_1_is_refused_what_belongs_to_level_2() {
    let passcode = r#"{"passcode":"000022"}"#;
    signed_in_as(
        DUC.number,
        &[
            ("POST", "/app/v1/papers", (403, "service_needs_level_2"), &[r#"{"kind":"driving"}"#]),
            ("GET", "/app/v1/papers/driving", (403, "service_needs_level_2"), &[""]),
            (
                "POST",
                "/app/v1/qr-codes",
                (403, "service_needs_level_2"),
                &[
                    r#"{"kind":"can_cuoc","passcode":"000022","share":["driving"]}"#,
                    r#"{"kind":"dinh_danh","passcode":"000022","share":["tax"]}"#,
                ],
            ),
            (
                "POST",
                "/app/v1/organisation-registrations",
                (403, "representative_level"),
                &[r#"{"name":"Công ty Thử","founded":"2020-01-01","head_office":{"detail":"1 Thử","commune":"Phường Thử","province":1}}"#],
            ),
            (
                "POST",
                "/app/v1/organisations/800000000041/activate",
                (403, "manager_required"),
                &[passcode],
            ),
            (
                "PUT",
                "/app/v1/organisations/800000000017/members/097085000022",
                (403, "manager_required"),
                &[r#"{"role":"quan_tri","passcode":"000022"}"#],
            ),
            (
                "DELETE",
                "/app/v1/organisations/800000000017/members/097186000421",
                (403, "manager_required"),
                &[""],
            ),
        ],
    )
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of bad requests")]
async fn sign_ins_and_resets_of_the_wrong_kind_of_holder() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (path, body, status, code) in [
        // An organisation has no app, no password and no phone.
        (
            "sign-ins",
            json!({"number": "800000000017", "password": "Vn@000017a", "device": "d"}),
            401,
            "wrong_credentials",
        ),
        (
            "unlocks",
            json!({"number": "800000000039", "password": "Vn@000039a"}),
            401,
            "wrong_credentials",
        ),
        (
            "password-resets",
            json!({"number": "800000000017", "phone": LAN.phone}),
            403,
            "registration_required",
        ),
        (
            "activations",
            json!({"number": "800000000041", "phone": LAN.phone}),
            403,
            "registration_required",
        ),
        ("level0", json!({"number": "800000000017", "phone": "0987654399"}), 409, "not_for_holder"),
        (
            "registrations",
            json!({"number": "800000000017", "phone": "0987654399"}),
            404,
            "unknown_citizen",
        ),
        // Nobody.
        (
            "sign-ins",
            json!({"number": "096190000011", "password": "Vn@000011a", "device": "d"}),
            401,
            "wrong_credentials",
        ),
        (
            "unlocks",
            json!({"number": "096190000011", "password": "Vn@000011a"}),
            401,
            "wrong_credentials",
        ),
        (
            "password-resets",
            json!({"number": "096190000011", "phone": LAN.phone}),
            403,
            "registration_required",
        ),
        // A child alone, a child of 6 to 13 at level 0, somebody dead, somebody locked.
        (
            "sign-ins",
            json!({"number": "097315000342", "password": "Vn@000342a", "device": "d"}),
            403,
            "consent_required",
        ),
        (
            "level0",
            json!({"number": "097216000318", "phone": "0987654399"}),
            403,
            "representative_required",
        ),
        (
            "registrations",
            json!({"number": "097216000318", "phone": "0912345629"}),
            403,
            "representative_required",
        ),
        (
            "sign-ins",
            json!({"number": "098040000099", "password": "Vn@000099a", "device": "d"}),
            403,
            "locked",
        ),
        (
            "unlocks",
            json!({"number": "098040000099", "password": "Vn@000099a"}),
            403,
            "may_not_unlock",
        ),
        (
            "sign-ins",
            json!({"number": "098160000088", "password": "Vn@000088a", "device": "d"}),
            403,
            "locked",
        ),
        // Odd devices, odd evidence.
        (
            "sign-ins",
            json!({"number": LAN.number, "password": LAN.password, "device": ""}),
            422,
            "invalid",
        ),
        (
            "sign-ins",
            json!({"number": LAN.number, "password": LAN.password, "device": "a".repeat(65)}),
            422,
            "invalid",
        ),
        (
            "sign-ins",
            json!({"number": LAN.number, "password": LAN.password, "device": "điện thoại"}),
            422,
            "invalid",
        ),
        (
            "sign-ins",
            json!({"number": LAN.number, "password": LAN.password, "device": "a/b"}),
            422,
            "invalid",
        ),
        (
            "sign-ins",
            json!({"number": LAN.number, "password": LAN.password, "device": "a\u{0}"}),
            422,
            "invalid",
        ),
        (
            "sign-ins",
            json!({"number": LAN.number, "password": LAN.password, "device": "d", "chip": "maybe"}),
            422,
            "invalid",
        ),
        (
            "activations",
            json!({"number": "097300000033", "phone": "0912345603", "device": "a b"}),
            422,
            "invalid",
        ),
        (
            "activations",
            json!({"number": "097300000033", "phone": "0912345603", "confirm": "yes"}),
            422,
            "invalid",
        ),
        (
            "password-resets",
            json!({"number": LAN.number, "phone": DUC.phone}),
            409,
            "phone_mismatch",
        ),
        (
            "password-resets",
            json!({"number": LAN.number, "phone": LAN.phone, "full_name": "Ai Khác"}),
            409,
            "data_mismatch",
        ),
        (
            "password-resets",
            json!({"number": LAN.number, "phone": LAN.phone, "birth_date": "1990-02-30"}),
            422,
            "invalid",
        ),
        (
            "password-resets",
            json!({"number": LAN.number, "phone": LAN.phone, "card_issued": "1.7.2021"}),
            422,
            "invalid",
        ),
        ("unlocks", json!({"number": LAN.number, "password": LAN.password}), 409, "out_of_turn"),
    ] {
        let path = format!("/app/v1/{path}");
        let name = format!("{path} {body}");
        let request = json("POST", &path, body.to_string());
        fire.shoot(&name, request, problem(status, code)).await;
    }
    fire.done();
}
