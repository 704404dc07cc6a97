//! Clocks, realms, policies and clients that are out of bounds.

use super::{Fire, json, problem};

async fn refused(method: &str, path: &str, bodies: &[String]) {
    let mut fire = Fire::on_a_fresh_sim().await;
    for body in bodies {
        let name: String = format!("{method} {path} {body}").chars().take(160).collect();
        let request = json(method, path, body.clone());
        fire.shoot(&name, request, problem(422, "invalid")).await;
    }
    fire.done();
}

#[tokio::test]
async fn attack_68_moments_beyond_the_calendar() {
    let moments = [
        "",
        "now",
        "tomorrow",
        "1969-12-31T23:59:59.999Z",
        "2200-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "-000001-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-03-02T25:00:00Z",
        "2026-03-02T02:00:00",
        "2026-03-02",
        "02/03/2026",
        "1772416800",
        "2026-03-02T02:00:00+99:00",
        "２０２６-03-02T02:00:00Z",
        "2026-03-02T02:00:00Z\\u0000",
        "1970-01-01T00:00:00+07:00",
        "2199-12-31T23:59:59-01:00",
    ];
    let mut bodies: Vec<String> = moments.iter().map(|at| format!(r#"{{"at":"{at}"}}"#)).collect();
    bodies.extend([r#"{"at":0}"#, r#"{"at":true}"#].map(str::to_owned));
    refused("POST", "/admin/v1/clock/freeze", &bodies).await;
    bodies.extend(["{}", r#"{"at":null}"#].map(str::to_owned));
    refused("POST", "/admin/v1/clock/set", &bodies).await;
}

#[tokio::test]
async fn attack_68_durations_beyond_the_calendar() {
    let durations = [
        "",
        " ",
        "P",
        "PT",
        "-",
        "10",
        "P1",
        "1H",
        "P1H",
        "PT1D",
        "P-",
        "P1Y2Q",
        "PT1e9S",
        "PT1,5,5S",
        "PT９S",
        "P174Y",
        "P9999Y",
        "P99999Y",
        "-P57Y",
        "-P100Y",
        "P2000000000D",
        "PT9223372036854775807S",
        "-PT9223372036854775808S",
        "PT99999999999999999999S",
        "P999999999999999999999999Y",
        "PT0S\\u0000",
        "PT1S; rm",
    ];
    let mut bodies: Vec<String> =
        durations.iter().map(|duration| format!(r#"{{"duration":"{duration}"}}"#)).collect();
    let wrong = [r#"{"duration":1}"#, r#"{"duration":null}"#, "{}", r#"{"seconds":1}"#];
    bodies.extend(wrong.map(str::to_owned));
    refused("POST", "/admin/v1/clock/advance", &bodies).await;
}

#[tokio::test]
async fn realms_that_cannot_be() {
    let long = "a".repeat(65);
    let names = [
        "", "A", "-x", "_x", "a b", "a/b", "..", ".", "a.b", "a%2fb", "ø", "ａ", "a\\u0000",
        "a\\n", &long,
    ];
    let mut bodies: Vec<String> =
        names.iter().map(|name| format!(r#"{{"name":"{name}"}}"#)).collect();
    let ttls = [
        "0",
        "-1",
        "31622401",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "\"60\"",
        "[]",
    ];
    bodies.extend(ttls.iter().map(|ttl| format!(r#"{{"name":"t","ttl":{ttl}}}"#)));
    bodies.push(format!(r#"{{"name":"t","seed":"{}"}}"#, "s".repeat(201)));
    bodies.extend(
        ["{}", r#"{"name":null}"#, r#"{"name":1}"#, r#"{"name":"t","seed":1}"#].map(str::to_owned),
    );
    refused("POST", "/admin/v1/realms", &bodies).await;
    let mut fire = Fire::on_a_fresh_sim().await;
    let again = json("POST", "/admin/v1/realms", r#"{"name":"default"}"#);
    fire.shoot("default again", again, problem(409, "exists")).await;
    let gone = json("DELETE", "/admin/v1/realms/default", "");
    fire.shoot("delete default", gone, problem(422, "invalid")).await;
    let inside = json("POST", "/realms/default/admin/v1/realms", r#"{"name":"x"}"#);
    fire.shoot("realm in a realm", inside, problem(404, "not_found")).await;
    fire.done();
}

#[tokio::test]
async fn policies_that_cannot_be() {
    let bodies = [
        r#"{"temporary_lock_seconds":0}"#,
        r#"{"temporary_lock_seconds":86401}"#,
        r#"{"temporary_lock_seconds":-1}"#,
        r#"{"temporary_lock_seconds":4294967296}"#,
        r#"{"temporary_lock_seconds":"900"}"#,
        r#"{"approval_text":0}"#,
        r#"{"approval_text":3}"#,
        r#"{"approval_text":256}"#,
        r#"{"key_rotation_days":3651}"#,
        r#"{"key_rotation_days":-1}"#,
        r#"{"key_rotation_days":65536}"#,
        r#"{"key_rotation_days":"30"}"#,
        r#"{"key_publish_seconds":86401}"#,
        r#"{"key_publish_seconds":-1}"#,
        r#"{"key_publish_seconds":60.5}"#,
        r#"{"key_overlap_seconds":2592001}"#,
        r#"{"key_overlap_seconds":-1}"#,
        r#"{"key_overlap_seconds":null}"#,
        r#"{"review":"maybe"}"#,
        r#"{"review":null}"#,
        r#"{"automatic_sign_in":1}"#,
        r#"{"password_by_sms":"true"}"#,
    ];
    refused("PUT", "/admin/v1/policy", &bodies.map(str::to_owned)).await;
}

#[tokio::test]
async fn attack_53_clients_that_cannot_be() {
    let client = |more: &str| {
        format!(r#"{{"client_name":"a","redirect_uris":["https://a.example/"]{more}}}"#)
    };
    let uris = |uri: &str| format!(r#"{{"client_name":"a","redirect_uris":["{uri}"]}}"#);
    let long = format!("https://a.example/{}", "a".repeat(2000));
    let mut bodies: Vec<String> = [
        "",
        "/",
        "callback",
        "//a.example/",
        "https://",
        "http:///x",
        "https://a.example/#",
        "https://a.example/#x",
        "https://u@a.example/",
        "https://u:p@a.example/",
        "https://a.example/ x",
        "https://a.example/\\u0000",
        "https://ａ.example/",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "blob:https://a.example/x",
        "vbscript:x",
        "about:blank",
        "myapp:/x",
        &long,
    ]
    .iter()
    .map(|uri| uris(uri))
    .collect();
    let many = vec!["\"https://a.example/\""; 21].join(",");
    bodies.push(format!(r#"{{"client_name":"a","redirect_uris":[{many}]}}"#));
    bodies.extend(
        [
            "{}",
            r#"{"client_name":"a"}"#,
            r#"{"client_name":"a","redirect_uris":[]}"#,
            r#"{"client_name":"a","redirect_uris":"https://a.example/"}"#,
            r#"{"client_name":"a","redirect_uris":[1]}"#,
            r#"{"client_name":"","redirect_uris":["https://a.example/"]}"#,
            r#"{"client_name":"a\u0000","redirect_uris":["https://a.example/"]}"#,
        ]
        .map(str::to_owned),
    );
    bodies.extend(
        [
            r#","client_secret":"short""#,
            r#","client_secret":"                ""#,
            r#","client_secret":"ééééééééé""#,
            r#","client_secret":"0123456789abcdef","token_endpoint_auth_method":"none""#,
            r#","token_endpoint_auth_method":"telepathy""#,
            r#","scope":"openid root""#,
            r#","scope":"profile""#,
            r#","scope":"openid  profile""#,
            r#","scope":"""#,
            r#","scope":["openid"]"#,
            r#","minimum_level":0"#,
            r#","minimum_level":3"#,
            r#","consent":"maybe""#,
            r#","dialect":"klingon""#,
            r#","id_token_signed_response_alg":"none""#,
            r#","id_token_signed_response_alg":"HS256""#,
            r#","client_id":"a b""#,
            r#","client_id":"a\u0000""#,
            r#","client_id":"é""#,
            r#","require_pkce":"no""#,
        ]
        .map(client),
    );
    bodies.push(client(&format!(r#","client_id":"{}""#, "a".repeat(129))));
    bodies.push(client(&format!(r#","client_secret":"{}""#, "a".repeat(257))));
    bodies.push(format!(
        r#"{{"client_name":"{}","redirect_uris":["https://a.example/"]}}"#,
        "n".repeat(101)
    ));
    refused("POST", "/admin/v1/clients", &bodies).await;
}

#[tokio::test]
async fn a_client_id_is_taken_once_and_never_changes() {
    let client = |more: &str| {
        format!(r#"{{"client_name":"a","redirect_uris":["https://a.example/"]{more}}}"#)
    };
    let mut fire = Fire::on_a_fresh_sim().await;
    let taken = json("POST", "/admin/v1/clients", client(r#","client_id":"demo-portal""#));
    fire.shoot("taken", taken, problem(409, "exists")).await;
    let renamed = json("PUT", "/admin/v1/clients/demo-portal", client(r#","client_id":"other""#));
    fire.shoot("renamed", renamed, problem(422, "invalid")).await;
    fire.done();
}
