//! Texts that are not the JSON an API wants, at every door that reads JSON.

use super::{Fire, json, problem, sent};
use crate::harness::actors::LAN;

/// Every door that reads a JSON body, with one field of it.
const DOORS: [(&str, &str); 21] = [
    ("POST", "/admin/v1/realms"),
    ("POST", "/admin/v1/accounts"),
    ("PUT", "/admin/v1/accounts/097190000011/state"),
    ("POST", "/admin/v1/accounts/097190000011/lock"),
    ("PUT", "/admin/v1/citizens/097190000011"),
    ("POST", "/admin/v1/registrations/x/reject"),
    ("POST", "/admin/v1/clients"),
    ("PUT", "/admin/v1/clients/demo-portal"),
    ("POST", "/admin/v1/sign-ins"),
    ("POST", "/admin/v1/clock/set"),
    ("POST", "/admin/v1/clock/advance"),
    ("POST", "/admin/v1/clock/freeze"),
    ("PUT", "/admin/v1/policy"),
    ("POST", "/admin/v1/keys/rotate"),
    ("POST", "/app/v1/registrations"),
    ("POST", "/desk/v1/registrations"),
    ("POST", "/app/v1/level0"),
    ("POST", "/app/v1/level0/x/otp"),
    ("POST", "/app/v1/activations"),
    ("POST", "/app/v1/activations/x/passcode"),
    ("POST", "/app/v1/activations/x/questions"),
];

#[tokio::test]
async fn no_door_reads_what_is_not_json() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let deep = "[".repeat(60_000);
    let texts: [&[u8]; 14] = [
        b"",
        b" ",
        b"{",
        b"{]",
        b"{'a':1}",
        b"{\"a\":1,}",
        b"{\"a\":NaN}",
        b"{\"a\":01}",
        b"// {}",
        b"{} x",
        b"{\"\xff\":1}",
        b"{\"\\ud800\":1}",
        b"\xef\xbb\xbf{}",
        deep.as_bytes(),
    ];
    for (method, path) in DOORS {
        for text in texts {
            let name = format!("{path} {:.40}", String::from_utf8_lossy(text));
            let request = json(method, path, text.to_vec());
            fire.shoot(&name, request, problem(400, "invalid_json")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn every_door_wants_an_object_without_unknown_or_repeated_fields() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let deep = format!("{{\"no_such_field\":{}1{}}}", "[".repeat(100), "]".repeat(100));
    for (method, path) in DOORS {
        for text in ["null", "[]", "[1]", "1", "\"x\"", "true", "{\"no_such_field\":1}", &deep] {
            let name = format!("{method} {path} {text:.40}");
            fire.shoot(&name, json(method, path, text.to_owned()), problem(422, "invalid")).await;
        }
    }
    for (method, path, text) in [
        ("POST", "/admin/v1/accounts", "{\"level\":1,\"level\":2}"),
        ("POST", "/admin/v1/realms", "{\"name\":\"a\",\"name\":\"b\"}"),
        (
            "POST",
            "/admin/v1/clock/set",
            "{\"at\":\"2027-01-01T00:00:00Z\",\"at\":\"2027-01-01T00:00:00Z\"}",
        ),
        ("PUT", "/admin/v1/policy", "{\"approval_text\":1,\"approval_text\":1}"),
    ] {
        fire.shoot(text, json(method, path, text), problem(422, "invalid")).await;
    }
    fire.done();
}

#[tokio::test]
async fn every_door_wants_the_content_type_of_json() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (method, path) in DOORS {
        let method = axum::http::Method::from_bytes(method.as_bytes()).unwrap();
        for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"] {
            let request = sent(method.clone(), path, kind, "{}");
            let name = format!("{path} {kind}");
            fire.shoot(&name, request, problem(415, "content_type")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let nobody = "096190000011";
    for (method, path, body) in [
        ("GET", format!("/admin/v1/accounts/{nobody}"), ""),
        ("GET", format!("/admin/v1/citizens/{nobody}"), ""),
        ("GET", "/admin/v1/citizens?phone=0399999999".to_owned(), ""),
        ("PUT", format!("/admin/v1/accounts/{nobody}/state"), "{\"state\":\"active\"}"),
        ("POST", format!("/admin/v1/accounts/{nobody}/lock"), "{}"),
        ("POST", format!("/admin/v1/accounts/{}/fly", LAN.number), "{}"),
        ("POST", format!("/admin/v1/accounts/{}/Lock", LAN.number), "{}"),
        ("GET", "/admin/v1/clients/nope".to_owned(), ""),
        ("GET", "/admin/v1/clients/%00".to_owned(), ""),
        ("DELETE", "/admin/v1/clients/nope".to_owned(), ""),
        ("DELETE", "/admin/v1/messages/1".to_owned(), ""),
        ("DELETE", "/admin/v1/messages/18446744073709551615".to_owned(), ""),
        ("GET", "/admin/v1/messages/latest?to=0".to_owned(), ""),
        ("DELETE", "/admin/v1/realms/nope".to_owned(), ""),
        ("POST", "/admin/v1/realms/nope/reset".to_owned(), ""),
        ("POST", "/admin/v1/registrations/nope/approve".to_owned(), ""),
        ("POST", "/admin/v1/registrations/nope/reject".to_owned(), "{\"reason\":\"x\"}"),
        ("GET", "/app/v1/registrations/nope".to_owned(), ""),
        ("POST", "/app/v1/registrations/nope/withdraw".to_owned(), ""),
        ("POST", "/app/v1/activations/nope/otp".to_owned(), "{\"otp\":\"123456\"}"),
        ("POST", "/app/v1/activations/nope/resend".to_owned(), ""),
        ("POST", "/app/v1/level0/nope/password".to_owned(), "{\"password\":\"Abcd@1234\"}"),
        (
            "POST",
            "/admin/v1/sign-ins".to_owned(),
            "{\"client_id\":\"nope\",\"citizen\":\"097190000011\",\"redirect_uri\":\"https://x.example/\"}",
        ),
        (
            "POST",
            "/admin/v1/sign-ins".to_owned(),
            "{\"client_id\":\"nope\",\"citizen\":\"097190000011\"}",
        ),
        (
            "POST",
            "/admin/v1/sign-ins".to_owned(),
            "{\"client_id\":\"demo-portal\",\"citizen\":\"096190000011\",\"exchange\":true}",
        ),
    ] {
        let name = format!("{method} {path} {body}");
        fire.shoot(&name, json(method, &path, body), problem(404, "not_found")).await;
    }
    fire.done();
}
