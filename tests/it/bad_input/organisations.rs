//! Organisations that cannot be, at the admin API, in the app and on paper; and what a report must not let run.

use serde_json::{Value, json};

use super::{Fire, app, get, json, problem, token_of};
use crate::harness::{Sim, actors::LAN};

const OFFICE: &str = "800000000017";
const COMPANY: &str = "800000000028";
/// Its legal representative, and the other one.
const PHUONG: &str = "097183000443";
const LAP: &str = "097082000432";
/// The office's.
const PHONG: &str = "097079000419";

fn organisation(more: &Value) -> Value {
    let mut body = json!({
        "name": "Công ty Thử", "founded": "2020-01-01",
        "head_office": {"detail": "1 Thử", "commune": "Phường Thử", "province": 1},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Fields that break a rule wherever an organisation is described.
fn broken() -> Vec<Value> {
    vec![
        json!({"name": ""}),
        json!({"name": "x"}),
        json!({"name": "   "}),
        json!({"name": "a\nb"}),
        json!({"name": "a\u{0}b"}),
        json!({"name": "a".repeat(201)}),
        json!({"name": ["Công ty"]}),
        json!({"short_name": ""}),
        json!({"short_name": "\u{7}\u{7}"}),
        json!({"foreign_name": "b".repeat(201)}),
        json!({"founded": ""}),
        json!({"founded": "2020-02-30"}),
        json!({"founded": "01/01/2020"}),
        json!({"founded": 2020}),
        json!({"founded": "2026-03-03"}),
        json!({"founded": "9999-12-31"}),
        json!({"head_office": null}),
        json!({"head_office": "1 Thử"}),
        json!({"head_office": ["1 Thử", "Phường Thử", 1]}),
        json!({"head_office": {"detail": "", "commune": "x", "province": 1}}),
        json!({"head_office": {"detail": "x", "commune": "x", "province": 97}}),
        json!({"head_office": {"detail": "x", "commune": "x", "province": -1}}),
        json!({"head_office": {"detail": "x", "commune": "x", "province": 1, "x": 1}}),
        json!({"tax_code": "1"}),
        json!({"tax_code": "01000000170"}),
        json!({"tax_code": "０１００００００１７"}),
        json!({"tax_code": 100_000_017}),
        json!({"enterprise_code": "x"}),
        json!({"co_representatives": "097082000432"}),
        json!({"co_representatives": ["x"]}),
        json!({"co_representatives": [OFFICE]}),
        json!({"co_representatives": vec![LAP; 21]}),
        json!({"co_representatives": [null]}),
        json!({"no_such_field": 1}),
    ]
}

#[tokio::test]
async fn organisations_that_cannot_be_put() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let more = [
        json!({"representative": "x"}),
        json!({"representative": OFFICE}),
        json!({"representative": null}),
        json!({"members": [{"number": LAN.number}]}),
        json!({"members": [{"number": LAN.number, "role": "chief"}]}),
        json!({"members": [[LAN.number, "quan_tri"]]}),
        json!({"members": [{"number": OFFICE, "role": "quan_tri"}]}),
        json!({"members": vec![json!({"number": LAN.number, "role": "quan_tri"}); 201]}),
        json!({"staff": ["x"]}),
        json!({"staff": [OFFICE]}),
        json!({"staff": vec![LAN.number; 2_001]}),
        json!({"in_database": "yes"}),
        json!({"dissolved": "soon"}),
        json!({"dissolved": true}),
    ];
    for field in broken().iter().chain(&more) {
        let mut body = organisation(&json!({"representative": PHUONG}));
        body.as_object_mut().unwrap().extend(field.as_object().unwrap().clone());
        let name: String = format!("PUT {field}").chars().take(140).collect();
        let request = json("PUT", "/admin/v1/organisations/800000000099", body.to_string());
        fire.shoot(&name, request, problem(422, "invalid")).await;
    }
    for (number, status, code) in [
        (LAN.number, 422, "invalid"),
        ("997190000017", 422, "invalid"),
        ("80000000001", 422, "invalid"),
        ("8000000000177", 422, "invalid"),
    ] {
        let path = format!("/admin/v1/organisations/{number}");
        let body = organisation(&json!({"representative": PHUONG})).to_string();
        fire.shoot(&path, json("PUT", &path, body), problem(status, code)).await;
    }
    let body = organisation(&json!({"representative": "096190000011"})).to_string();
    let request = json("PUT", "/admin/v1/organisations/800000000099", body);
    fire.shoot("a representative who is nobody", request, problem(404, "not_found")).await;
    for (path, status, code) in [
        ("/admin/v1/organisations/899999999999", 404, "not_found"),
        ("/admin/v1/organisations/097190000011", 404, "not_found"),
        ("/admin/v1/organisations/x", 422, "invalid"),
        ("/admin/v1/organisations?limit=0", 422, "invalid"),
        ("/admin/v1/organisations?limit=1001", 422, "invalid"),
        ("/admin/v1/organisations?limit=-1", 400, "invalid_query"),
        ("/admin/v1/organisations?after=x", 422, "invalid"),
        ("/admin/v1/organisations?no=1", 400, "invalid_query"),
    ] {
        fire.shoot(path, get(path), problem(status, code)).await;
    }
    fire.done();
}

#[tokio::test]
async fn organisations_that_cannot_be_registered() {
    let sim = Sim::new().await;
    let token = token_of(&sim, PHUONG, "phone-1").await;
    let mut fire = Fire::at(sim).await;
    let in_app = "/app/v1/organisation-registrations";
    let on_paper = "/desk/v1/organisation-registrations";
    let more = [
        json!({"number": "x"}),
        json!({"number": LAN.number}),
        json!({"email": "x"}),
        json!({"email": "a@b\u{0}"}),
    ];
    for field in broken().iter().chain(&more) {
        let body = organisation(field);
        let name: String = format!("register {field}").chars().take(140).collect();
        let request = app("POST", in_app, &token, body.to_string());
        let kind_of_nobody = field["number"] == LAN.number;
        let (status, code) = if kind_of_nobody { (404, "not_found") } else { (422, "invalid") };
        fire.shoot(&name, request, problem(status, code)).await;
        let body = json!({"representative": PHUONG, "organisation": body});
        let request = json("POST", on_paper, body.to_string());
        fire.shoot(&format!("paper: {name}"), request, problem(status, code)).await;
    }
    for (body, status, code) in [
        (json!({"representative": "x", "organisation": organisation(&json!({}))}), 422, "invalid"),
        (json!({"representative": PHUONG, "organisation": []}), 422, "invalid"),
        (
            json!({"representative": PHUONG, "organisation": [null, "Công ty Thử", null, null, "2020-01-01",
                {"detail": "1 Thử", "commune": "Phường Thử", "province": 1}, null, null, [], null]}),
            422,
            "invalid",
        ),
        (json!({"representative": PHUONG, "organisation": null}), 422, "invalid"),
        (json!({"representative": PHUONG}), 422, "invalid"),
        (
            json!({"representative": "096190000011", "organisation": organisation(&json!({}))}),
            404,
            "unknown_citizen",
        ),
        (
            json!({"representative": COMPANY, "organisation": organisation(&json!({}))}),
            422,
            "invalid",
        ),
        (
            json!({"representative": PHUONG, "organisation": organisation(&json!({"number": "899999999999"}))}),
            404,
            "not_found",
        ),
        (
            json!({"representative": PHONG, "organisation": organisation(&json!({"number": OFFICE}))}),
            409,
            "level_not_higher",
        ),
        (
            json!({"representative": "097188000331", "organisation": organisation(&json!({"number": "800000000039"}))}),
            403,
            "locked",
        ),
    ] {
        let name: String = body.to_string().chars().take(160).collect();
        fire.shoot(&name, json("POST", on_paper, body.to_string()), problem(status, code)).await;
    }
    fire.done();
}

#[tokio::test]
async fn an_organisation_has_one_open_registration() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "manual"})).await.status(200);
    let token = token_of(&sim, PHUONG, "phone-1").await;
    let body = organisation(&json!({
        "number": COMPANY, "name": "Công ty TNHH Thương mại Ví Dụ",
        "tax_code": "0300000028", "enterprise_code": "0300000028", "founded": "2015-03-20",
    }));
    let path = "/app/v1/organisation-registrations";
    sim.send(app("POST", path, &token, body.to_string())).await.status(201);
    let mut fire = Fire::at(sim).await;
    for _ in 0..2 {
        let request = app("POST", path, &token, body.to_string());
        fire.shoot("in the app", request, problem(409, "registration_open")).await;
        let paper = json!({"representative": PHUONG, "organisation": body}).to_string();
        let request = json("POST", "/desk/v1/organisation-registrations", paper);
        fire.shoot("on paper", request, problem(409, "registration_open")).await;
    }
    fire.done();
}

#[tokio::test]
async fn members_and_consents_of_the_wrong_people() {
    let sim = Sim::new().await;
    let token = token_of(&sim, PHONG, "phone-1").await;
    let mut fire = Fire::at(sim).await;
    let passcode = r#"{"passcode":"000419"}"#;
    let role = r#"{"role":"thanh_vien","passcode":"000419"}"#;
    let members = format!("/app/v1/organisations/{OFFICE}/members");
    for (method, path, body, status, code) in [
        ("PUT", format!("{members}/{OFFICE}"), role, 404, "not_found"),
        ("PUT", format!("{members}/096190000011"), role, 404, "not_found"),
        ("PUT", format!("{members}/x"), role, 422, "invalid"),
        ("DELETE", format!("{members}/x"), "", 422, "invalid"),
        (
            "PUT",
            format!("{members}/{}", LAN.number),
            r#"{"role":"chief","passcode":"000419"}"#,
            422,
            "invalid",
        ),
        ("PUT", format!("{members}/{}", LAN.number), r#"{"role":"quan_tri"}"#, 422, "invalid"),
        (
            "PUT",
            format!("{members}/{}", LAN.number),
            r#"{"role":"quan_tri","passcode":"x"}"#,
            422,
            "bad_passcode",
        ),
        (
            "PUT",
            format!("/app/v1/organisations/{COMPANY}/members/{}", LAN.number),
            role,
            403,
            "manager_required",
        ),
        (
            "PUT",
            format!("/app/v1/organisations/{PHONG}/members/{}", LAN.number),
            role,
            404,
            "not_found",
        ),
        (
            "POST",
            format!("/app/v1/organisations/{OFFICE}/activate"),
            passcode,
            409,
            "already_activated",
        ),
        (
            "POST",
            format!("/app/v1/organisations/{COMPANY}/activate"),
            passcode,
            403,
            "manager_required",
        ),
        ("POST", format!("/app/v1/organisations/{PHONG}/activate"), passcode, 404, "not_found"),
        ("POST", "/app/v1/organisations/x/activate".to_owned(), passcode, 422, "invalid"),
        (
            "POST",
            "/app/v1/organisation-registrations/x/consent".to_owned(),
            passcode,
            404,
            "not_found",
        ),
        (
            "POST",
            "/app/v1/organisation-registrations/%00/consent".to_owned(),
            passcode,
            404,
            "not_found",
        ),
    ] {
        let name = format!("{method} {path} {body}");
        fire.shoot(&name, app(method, &path, &token, body), problem(status, code)).await;
    }
    fire.done();
}

#[tokio::test]
async fn a_report_runs_no_formula() {
    let sim = Sim::new().await;
    let evil = [
        "=HYPERLINK(\"http://evil.example\",\"x\")",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        " =1+1",
        "\u{feff}=1+1",
        "＝1+1",
        "a\",=1+1,\"",
        "a;=1+1",
        "\u{2028}=1",
    ];
    for (at, name) in evil.iter().enumerate() {
        let body = organisation(&json!({"representative": PHUONG, "name": name}));
        sim.put(&format!("/admin/v1/organisations/8000000009{at:02}"), body).await.status(200);
    }
    let reply = sim.get("/admin/v1/reports/rollout?format=csv&limit=1000").await.status(200);
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    let text = reply.text();
    let rows: Vec<&str> = text.trim_start_matches('\u{feff}').trim_end().split("\r\n").collect();
    assert!(rows.len() > evil.len(), "{text}");
    for row in rows {
        let cells = cells(row);
        assert_eq!(cells.len(), 8, "{row}");
        for cell in cells {
            let first = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            let runs = first.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
            assert!(!runs, "{row}");
        }
    }
}

/// The cells of a row of RFC 4180, unquoted.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cells.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}
