//! outside.md A1: every body of the API document has an example, and the example is answered 2xx as it stands. Only what the
//! simulator alone knows (an OTP, an id, a code just shown) and whose passcode it is are put in.

use axum::{
    body::Body,
    http::{Method, header},
};
use mock_vneid::http::api_document;
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{Citizen, DAT, LAN, NGOC, Portal},
    app::{App, HANH, LAP, PHONG, PHUONG, THINH, VY},
    browser::Browser,
    request,
};

/// What a door needs before its example can be sent.
#[derive(Default)]
struct Ready {
    /// Variables of the path, in order.
    path: Vec<String>,
    /// The app's token.
    token: Option<String>,
    /// What only the simulator knows.
    known: Value,
}

fn at(variables: &[&str]) -> Ready {
    Ready { path: variables.iter().map(ToString::to_string).collect(), ..Ready::default() }
}

fn knowing(id: &Value, known: Value) -> Ready {
    Ready { path: vec![id.as_str().unwrap().to_owned()], known, ..Ready::default() }
}

impl Ready {
    async fn in_app_of(self, sim: &Sim, who: Citizen) -> Self {
        Self { token: Some(who.opens_app(sim, "phone-1").await.token), ..self }
    }
}

/// The example of a door's body.
fn example(operation: &str) -> Value {
    let (_, _, body) = doors().find(|(_, id, _)| id == operation).unwrap();
    body.unwrap_or_else(|| panic!("{operation} has no example"))
}

/// Every door with a JSON body: method and path, operation, example.
fn doors() -> impl Iterator<Item = ((Method, String), String, Option<Value>)> {
    let document = api_document();
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(move |(path, item)| {
        item.as_object().unwrap().iter().filter_map(move |(method, operation)| {
            let body = operation["requestBody"]["content"]["application/json"].as_object()?;
            let schema = &body["schema"];
            let named = schema["$ref"]
                .as_str()
                .or_else(|| schema["oneOf"].as_array()?.iter().find_map(|it| it["$ref"].as_str()));
            let named = named.map(|it| document.pointer(&it[1..]).unwrap());
            let example = body.get("example").or_else(|| named?.get("example")).cloned();
            let method = method.to_uppercase().parse().unwrap();
            let id = operation["operationId"].as_str().unwrap().to_owned();
            Some(((method, path.clone()), id, example))
        })
    })
}

/// Begins a run with the example of its first door.
async fn begun(sim: &Sim, path: &str, operation: &str) -> Value {
    sim.post(path, example(operation)).await.status(201).json()["id"].clone()
}

/// Goes on to the step `until` of a run.
async fn stepped(sim: &Sim, path: &str, id: &Value, steps: &[(&str, Value)]) {
    for (step, body) in steps {
        let path = format!("{path}/{}/{step}", id.as_str().unwrap());
        sim.post(&path, body.clone()).await.status(200);
    }
}

async fn activation(sim: &Sim, steps: usize) -> (Value, Value) {
    const PATH: &str = "/app/v1/activations";
    let id = begun(sim, PATH, "app_activations_begin").await;
    let otp = json!({"otp": sim.otp(NGOC.phone).await});
    let all = [("otp", otp.clone()), ("passcode", example("app_activations_passcode"))];
    stepped(sim, PATH, &id, &all[..steps]).await;
    (id, otp)
}

async fn reset(sim: &Sim, steps: usize) -> (Value, Value) {
    let id = begun(sim, "/app/v1/password-resets", "app_password_resets_begin_password").await;
    let otp = json!({"otp": sim.otp(LAN.phone).await});
    stepped(sim, "/app/v1/password-resets", &id, &[("otp", otp.clone())][..steps]).await;
    (id, otp)
}

async fn new_passcode(sim: &Sim, steps: usize) -> (Value, Value) {
    let app = App::of(sim, LAN).await;
    let id = app.post("/app/v1/passcode-resets", json!({})).await.status(201).json()["id"].clone();
    let otp = json!({"otp": sim.otp(LAN.phone).await});
    stepped(sim, "/app/v1/passcode-resets", &id, &[("otp", otp.clone())][..steps]).await;
    (id, otp)
}

async fn level0(sim: &Sim, steps: usize) -> (Value, Value) {
    let id = begun(sim, "/app/v1/level0", "app_level0_begin").await;
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    stepped(sim, "/app/v1/level0", &id, &[("otp", otp.clone())][..steps]).await;
    (id, otp)
}

/// What the door of an operation needs.
async fn ready(sim: &Sim, operation: &str) -> Ready {
    if let Some(ready) = of_testers(sim, operation).await {
        return ready;
    }
    if let Some(ready) = of_runs(sim, operation).await {
        return ready;
    }
    if let Some(ready) = of_the_app(sim, operation).await {
        return ready;
    }
    of_offices(sim, operation).await.unwrap_or_default()
}

/// What a door of testers needs.
async fn of_testers(sim: &Sim, operation: &str) -> Option<Ready> {
    Some(match operation {
        "accounts_force" | "citizens_put" => at(&[LAN.number]),
        "accounts_command" => at(&[LAN.number, "lock"]),
        "clients_put" => {
            sim.post("/admin/v1/clients", example("clients_create")).await.status(201);
            at(&["my-portal"])
        }
        "organisations_put" => at(&["800000000099"]),
        "realms_fork" => {
            sim.post("/admin/v1/realms", example("realms_create")).await.status(201);
            at(&["test-1"])
        }
        "realms_restore" => {
            let snapshot = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
            Ready { known: snapshot, ..at(&["default"]) }
        }
        "registrations_reject" => {
            sim.put("/admin/v1/policy", json!({"review": "manual"})).await.status(200);
            knowing(&DAT.registers_in_the_app(sim).await["id"], json!({}))
        }
        "requests_refuse" => {
            sim.put("/admin/v1/policy", json!({"review": "manual"})).await.status(200);
            let asked =
                sim.post("/desk/v1/requests", example("desk_requests_agency_request")).await;
            knowing(&asked.status(201).json()["id"], json!({}))
        }
        _ => return None,
    })
}

/// What a step of a run needs.
async fn of_runs(sim: &Sim, operation: &str) -> Option<Ready> {
    Some(match operation {
        "app_activations_otp" => {
            let (id, otp) = activation(sim, 0).await;
            knowing(&id, otp)
        }
        // Ngọc has a password already: that step is left out.
        "app_activations_password" => {
            DAT.registers_in_the_app(sim).await;
            let body = json!({"number": DAT.number, "phone": DAT.phone});
            let id = sim.post("/app/v1/activations", body).await.status(201).json()["id"].clone();
            let otp = json!({"otp": sim.otp(DAT.phone).await});
            stepped(sim, "/app/v1/activations", &id, &[("otp", otp)]).await;
            knowing(&id, json!({}))
        }
        "app_activations_passcode" => knowing(&activation(sim, 1).await.0, json!({})),
        "app_activations_questions" => knowing(&activation(sim, 2).await.0, json!({})),
        "app_level0_otp" => {
            let (id, otp) = level0(sim, 0).await;
            knowing(&id, otp)
        }
        "app_level0_password" => knowing(&level0(sim, 1).await.0, json!({})),
        "app_password_resets_otp" => {
            let (id, otp) = reset(sim, 0).await;
            knowing(&id, otp)
        }
        "app_password_resets_password" => knowing(&reset(sim, 1).await.0, json!({})),
        "app_passcode_resets_otp" => {
            let (id, otp) = new_passcode(sim, 0).await;
            knowing(&id, otp)
        }
        "app_passcode_resets_passcode" => knowing(&new_passcode(sim, 1).await.0, json!({})),
        "app_phone_changes_otp" => {
            let app = App::of(sim, LAN).await;
            let asked = app.post("/app/v1/phone-changes", example("app_phone_changes_begin")).await;
            let otp = json!({"otp": sim.otp("0987654390").await});
            knowing(&asked.status(201).json()["id"], otp)
        }
        "app_sign_ins_otp" => {
            LAN.opens_app(sim, "phone-1").await;
            let mut again = example("app_sign_ins_begin");
            (again["device"], again["chip"]) = (json!("phone-2"), json!("match"));
            let asked = sim.post("/app/v1/sign-ins", again).await.status(201).json();
            knowing(&asked["id"], json!({"otp": sim.otp(LAN.phone).await}))
        }
        "app_unlocks_otp" => {
            let id = begun(sim, "/app/v1/unlocks", "app_unlocks_begin").await;
            knowing(&id, json!({"otp": sim.otp("0912345608").await}))
        }
        _ => return None,
    })
}

/// What a door of the signed-in app needs.
async fn of_the_app(sim: &Sim, operation: &str) -> Option<Ready> {
    Some(match operation {
        "app_consents_answer" => {
            let portal = Portal::plain(sim).await;
            let mut browser = Browser::new(sim);
            browser.open(&portal.request(&[])).await.status(200);
            VY.types_password(&mut browser).await.status(200);
            VY.types_otp(&mut browser).await.status(200);
            let app = App::of(sim, HANH).await;
            let asked = app.get("/app/v1/consents").await.status(200).json();
            Ready { token: Some(app.token), ..knowing(&asked[0]["id"], json!({})) }
        }
        "app_lock"
        | "app_password"
        | "app_phone_changes_begin"
        | "app_qr_codes_create"
        | "app_organisation_registrations_register" => Ready::default().in_app_of(sim, LAN).await,
        "app_papers_integrate" => Ready::default().in_app_of(sim, THINH).await,
        _ => return None,
    })
}

/// What a door of organisations, sign-ins and desks needs.
async fn of_offices(sim: &Sim, operation: &str) -> Option<Ready> {
    Some(match operation {
        "app_organisation_registrations_consent" => {
            let company = json!({"number": "800000000028", "name": "Công ty TNHH Thương mại Ví Dụ",
                "founded": "2015-03-20", "tax_code": "0300000028", "enterprise_code": "0300000028",
                "co_representatives": [LAP.number],
                "head_office": {"detail": "1", "commune": "Phường Mẫu", "province": 1}});
            let asked = App::of(sim, PHUONG).await;
            let asked = asked.post("/app/v1/organisation-registrations", company).await;
            let known = json!({"passcode": LAP.passcode()});
            knowing(&asked.status(201).json()["id"], known).in_app_of(sim, LAP).await
        }
        "app_organisations_activate" => {
            let known = json!({"passcode": THINH.passcode()});
            Ready { known, ..at(&["800000000041"]) }.in_app_of(sim, THINH).await
        }
        "app_organisations_put_member" => {
            at(&["800000000017", LAN.number]).in_app_of(sim, PHONG).await
        }
        "app_sign_in_requests_scan" => {
            let portal = Portal::plain(sim).await;
            let known = json!({"code": Browser::at_qr(sim, &portal).await.code()});
            Ready { known, ..Ready::default() }.in_app_of(sim, LAN).await
        }
        "app_sign_in_requests_answer" => {
            let portal = Portal::plain(sim).await;
            let app = LAN.opens_app(sim, "phone-1").await;
            let shown = Browser::at_qr(sim, &portal).await.code();
            let scanned = app.scans(&shown).await.status(200).json();
            Ready { token: Some(app.token), ..knowing(&scanned["id"], json!({})) }
        }
        "desk_qr_verify" => {
            let app = App::of(sim, LAN).await;
            let shown = app.post("/app/v1/qr-codes", example("app_qr_codes_create")).await;
            let known = json!({"content": shown.status(201).json()["content"]});
            Ready { known, ..Ready::default() }
        }
        "desk_unlocks_unlock" => {
            sim.post("/desk/v1/locks", example("desk_locks_lock")).await.status(200);
            Ready::default()
        }
        _ => return None,
    })
}

/// Puts the variables of a path in.
fn filled(path: &str, variables: &[String]) -> String {
    let mut left = variables.iter();
    let part = |part: &str| match part.strip_prefix('{') {
        Some(_) => left.next().unwrap_or_else(|| panic!("{path} needs a row")).clone(),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a1_every_body_has_an_example_that_is_answered_2xx() {
    let mut tried = 0;
    for ((method, path), operation, _) in doors() {
        let sim = Sim::new().await;
        let ready = ready(&sim, &operation).await;
        // A snapshot is whatever `GET` of the same address gave.
        let mut body = if operation == "realms_restore" { json!({}) } else { example(&operation) };
        if let Some(known) = ready.known.as_object() {
            body.as_object_mut().unwrap().extend(known.clone());
        }
        let mut asked = request(method.clone(), &filled(&path, &ready.path))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = &ready.token {
            asked = asked.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let reply = sim.send(asked.body(Body::from(body.to_string())).unwrap()).await;
        assert!(reply.status.is_success(), "{operation}: {} {}", reply.status, reply.text());
        tried += 1;
    }
    assert!(tried >= 60, "{tried}");
}

/// The integers of a body with the values that its schema does not allow.
fn beyond(operation: &str) -> Vec<(String, Value)> {
    let document = api_document();
    let paths = document["paths"].as_object().unwrap().values();
    let mut all = paths.flat_map(|item| item.as_object().unwrap().values());
    let door = all.find(|it| it["operationId"] == operation).unwrap();
    let schema = &door["requestBody"]["content"]["application/json"]["schema"];
    let Some(named) = schema["$ref"].as_str() else { return Vec::new() };
    let properties = document.pointer(&named[1..]).unwrap()["properties"].as_object().unwrap();
    let is_integer = |it: &Value| it["type"] == "integer" || it["type"][0] == "integer";
    let mut wrong = Vec::new();
    for (name, property) in properties.iter().filter(|(_, it)| is_integer(it)) {
        let least = property["minimum"].as_i64().unwrap_or(i64::MIN);
        let most = property["maximum"].as_i64().unwrap_or(match property["format"].as_str() {
            Some("int32") => i64::from(i32::MAX),
            _ => i64::MAX,
        });
        assert!(least > i64::MIN && most < i64::MAX, "{operation}: {name} has no bound");
        wrong.extend([(name.clone(), json!(least - 1)), (name.clone(), json!(most + 1))]);
    }
    wrong
}

#[tokio::test]
async fn a1_every_integer_of_a_body_has_bounds_and_they_hold() {
    let mut tried = 0;
    for ((method, path), operation, example) in doors() {
        for (name, value) in beyond(&operation) {
            let sim = Sim::new().await;
            let ready = ready(&sim, &operation).await;
            let mut body = example.clone().unwrap();
            body[&name] = value.clone();
            let reply = match method {
                Method::PUT => sim.put(&filled(&path, &ready.path), body).await,
                _ => sim.post(&filled(&path, &ready.path), body).await,
            };
            assert!(
                reply.status.is_client_error(),
                "{operation}: {name} = {value} {}",
                reply.status
            );
            tried += 1;
        }
    }
    assert!(tried >= 40, "{tried}");
}
