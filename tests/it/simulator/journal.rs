//! The journal: in order, linked, masked, drawn, asserted.

use std::time::Duration;

use axum::{body::Body, http::Method};
use mock_vneid::MockVneid;
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
    request,
};

#[tokio::test]
async fn a_sign_in_is_one_story_without_a_secret() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.signs_in(&sim, LAN).await;
    sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.status(200);
    let all = sim.get("/admin/v1/journal?limit=1000").await.status(200).json();
    let items = all["items"].as_array().unwrap();
    let seqs: Vec<u64> = items.iter().map(|it| it["seq"].as_u64().unwrap()).collect();
    assert!(seqs.windows(2).all(|two| two[0] + 1 == two[1]), "{seqs:?}");
    let begun = items.iter().find(|it| it["path"] == "/oauth2/authorize").unwrap();
    let path = format!("/admin/v1/journal?limit=1000&sign_in={}", begun["request"]);
    let own = sim.get(&path).await.status(200).json();
    let steps: Vec<String> = own["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| match it["kind"].as_str().unwrap() {
            "request" => {
                format!("{} {}", it["method"].as_str().unwrap(), it["path"].as_str().unwrap())
            }
            kind => kind.to_owned(),
        })
        .collect();
    assert_eq!(
        steps,
        [
            "decision",
            "GET /oauth2/authorize",
            "GET /login",
            "message",
            "POST /login",
            "GET /login/otp",
            "decision",
            "decision",
            "POST /login/otp",
            "token",
            "POST /oauth2/token",
            "GET /oauth2/userinfo",
        ]
    );
    // Whatever an entry is and has, can be asked for.
    for item in items {
        let pattern: Vec<Value> = item
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| json!({"match": {name: value}}))
            .collect();
        let held = sim.post("/admin/v1/journal/verify", json!({"expect": pattern})).await;
        assert_eq!(held.status(200).json()["ok"], true, "{item}");
    }
    let text = all.to_string();
    let otp = sim.messages().await[0]["code"].as_str().unwrap().to_owned();
    for secret in [
        portal.secret.as_str(),
        LAN.password,
        &otp,
        tokens["access_token"].as_str().unwrap(),
        tokens["id_token"].as_str().unwrap(),
    ] {
        assert!(!text.contains(secret), "{secret}");
        for export in ["har", "mermaid"] {
            let shown = sim.get(&format!("/admin/v1/journal/{export}")).await.status(200).text();
            assert!(!shown.contains(secret), "{export}: {secret}");
        }
    }
    let har = sim.get("/admin/v1/journal/har").await.status(200).json();
    assert_eq!(har["log"]["version"], "1.2");
    let path = format!("/admin/v1/journal/mermaid?sign_in={}", begun["request"]);
    let drawn = sim.get(&path).await.status(200).text();
    assert!(drawn.starts_with("sequenceDiagram\n"), "{drawn}");
    assert!(drawn.contains("R->>V: POST /oauth2/token"), "{drawn}");
    // Who takes no part is not there.
    assert!(drawn.contains("participant P as") && !drawn.contains("participant A as"), "{drawn}");
    assert!(drawn.contains("V-)P: otp by sms"), "{drawn}");
}

#[tokio::test]
async fn a_sequence_sets_what_came_of_a_request_between_it_and_its_answer() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    portal.signs_in(&sim, LAN).await;
    let all = sim.get("/admin/v1/journal?path=/oauth2/authorize").await.status(200).json();
    let path = format!("/admin/v1/journal/sequence?sign_in={}", all["items"][0]["request"]);
    let steps = sim.get(&path).await.status(200).json();
    let steps = steps.as_array().unwrap();
    let at = steps.iter().position(|it| it["kind"] == "message").unwrap();
    let story: Vec<_> = [at - 1, at, at + 1]
        .iter()
        .map(|at| (&steps[*at]["arrow"], &steps[*at]["from"], &steps[*at]["to"]))
        .map(|(arrow, from, to)| json!([arrow, from, to]))
        .collect();
    assert_eq!(
        json!(story),
        json!([
            ["call", "browser", "simulator"],
            ["message", "simulator", "phone"],
            ["answer", "simulator", "browser"]
        ])
    );
    assert_eq!(steps[at - 1]["seq"], steps[at + 1]["seq"], "one entry of the journal is both");
    assert_eq!(steps[at + 1]["status"], 303);
    assert_eq!(steps.last().unwrap()["to"], "relying_party");
    // The journal is bounded: what came of a request it forgot, or has not noted yet, is still shown.
    let waiting = sim.post("/admin/v1/clock/advance", json!({"duration": "PT1S"})).await;
    waiting.status(200);
    let all = sim.get("/admin/v1/journal/sequence").await.status(200).json();
    assert!(all.as_array().unwrap().iter().any(|it| it["kind"] == "clock"), "{all}");
}

#[tokio::test]
async fn who_only_watches_can_stay_out_of_it() {
    let sim = Sim::new().await;
    let quietly = async |method: Method, path, body: Body| {
        let asked = request(method, path).header("x-vneid-journal", "off");
        let asked = asked.header("content-type", "application/json").body(body).unwrap();
        sim.send(asked).await.status(200);
    };
    quietly(Method::GET, "/admin/v1/clock", Body::empty()).await;
    quietly(Method::GET, "/oauth2/jwks", Body::empty()).await;
    quietly(Method::POST, "/admin/v1/clock/freeze", Body::from("{}")).await;
    let kept = sim.get("/admin/v1/journal?kind=request").await.status(200).json();
    let paths: Vec<_> = kept["items"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    assert_eq!(paths, ["/oauth2/jwks", "/admin/v1/clock/freeze"]);
}

#[tokio::test]
async fn what_happened_is_asserted_and_near_misses_are_told() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    portal.signs_in(&sim, LAN).await;
    let verify = async |body| sim.post("/admin/v1/journal/verify", body).await.status(200).json();
    let held = verify(json!({"in_order": true, "expect": [
        {"match": {"kind": "request", "path": "/login", "method": "POST"}, "count": 1},
        {"match": {"kind": "message", "citizen": LAN.number, "data": {"purpose": "otp"}}},
        {"match": {"path": "/oauth2/tok*", "status": 200, "client_id": portal.client_id}},
    ]}))
    .await;
    // The message was written while the form was answered: its entry comes first.
    assert_eq!(held["ok"], false);
    assert!(held["results"][1]["problem"].as_str().unwrap().contains("not after"), "{held}");
    let wrong =
        verify(json!({"expect": [{"match": {"path": "/oauth2/token", "status": 401}}]})).await;
    assert_eq!(wrong["ok"], false);
    let miss = &wrong["results"][0]["near_misses"][0]["differences"][0];
    assert_eq!(*miss, json!({"field": "status", "expected": 401, "found": 200}));
    let none = verify(json!({"expect": [{"match": {"kind": "refused"}, "at_most": 0}]})).await;
    assert_eq!(none["ok"], true, "{none}");
    sim.post("/admin/v1/journal/verify", json!({"expect": []})).await.problem(422, "invalid");
    // What no entry has would hold for ever.
    for (pattern, meant) in [
        (json!({"pth": "/login"}), "pth is not a field of an entry; did you mean path?"),
        (
            json!({"kind": "refusd"}),
            "kind must be a known kind, not \"refusd\"; did you mean refused?",
        ),
    ] {
        let never = json!({"expect": [{"match": pattern, "at_most": 0}]});
        let problem = sim.post("/admin/v1/journal/verify", never).await.problem(422, "invalid");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(meant), "{detail}");
    }
    sim.get("/admin/v1/journal?kind=bogus").await.problem(422, "invalid");
    sim.get("/admin/v1/journal?kind=re*").await.status(200);
}

#[tokio::test]
async fn a_secret_that_looks_like_a_word_is_masked_too() {
    let sim = Sim::new().await;
    let secret = "my_portal_test_secret";
    let client = json!({"client_name": "P", "redirect_uris": ["https://p.example/cb"], "client_secret": secret});
    sim.post("/admin/v1/clients", client).await;
    let said = sim.get("/admin/v1/journal").await.status(200).text();
    assert!(said.contains("/admin/v1/clients") && !said.contains(secret), "{said}");
    // The stable code of a refusal is none.
    sim.command("097190000011", "activate", json!({})).await;
    sim.get("/admin/v1/messages/latest?to=0900000000").await.problem(404, "not_found");
    assert!(sim.get("/admin/v1/journal").await.text().contains("not_found"));
}

/// outside.md T15: a secret is one as a number, too.
#[tokio::test]
async fn t15_a_secret_that_is_a_number_is_masked() {
    let sim = Sim::new().await;
    sim.post("/app/v1/level0/x/otp", json!({"otp": 918_273})).await;
    let said = sim.get("/admin/v1/journal").await.status(200).text();
    assert!(said.contains("[6 characters]") && !said.contains("918273"), "{said}");
}

/// outside.md A8: a changed password, a request object and the query of the page before stand nowhere in the clear.
#[tokio::test]
async fn a8_passwords_request_objects_and_referrers_are_masked() {
    let sim = Sim::new().await;
    let app = LAN.opens_app(&sim, "phone-1").await;
    let change = json!({"old": LAN.password, "new": "Moi#matkhau1"});
    app.post("/app/v1/password", change).await.status(204);
    let object = "eyJhbGciOiJSUzI1NiJ9.eyJub25jZSI6IngifQ.c2ln";
    let path = format!("/oauth2/authorize?client_id=x&request={object}");
    let back = "https://p.example/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=s";
    let asks = request(Method::GET, &path).header("referer", back).body(Body::empty()).unwrap();
    sim.send(asks).await;
    for door in ["/admin/v1/journal?limit=1000", "/admin/v1/journal/har"] {
        let said = sim.get(door).await.status(200).text();
        assert!(
            said.contains("/app/v1/password") && said.contains("https://p.example/cb"),
            "{said}"
        );
        for secret in [LAN.password, "Moi#matkhau1", object, "SplxlOBeZQQYbYS6WxSbIA"] {
            assert!(!said.contains(secret), "{door}: {secret}");
        }
    }
}

#[tokio::test]
async fn who_reads_on_from_a_place_that_was_never_reached_is_told_at_once() {
    let sim = Sim::new().await;
    let reads = sim.get("/admin/v1/journal?after=900&wait=60s");
    let read = tokio::time::timeout(Duration::from_secs(5), reads).await.unwrap().json();
    assert_eq!((&read["items"], &read["last"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn every_refusal_of_the_rules_is_a_decision_of_its_own_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await;
    browser
        .submit("/login", &[("username", LAN.number), ("password", "Sai@12345")])
        .await
        .status(401);
    LAN.types_password(&mut browser).await;
    browser.submit("/login/otp", &[("otp", "000000")]).await.status(401);
    let begun = json!({"number": LAN.number, "phone": "0999999999"});
    sim.post("/app/v1/activations", begun).await;
    sim.command(LAN.number, "lock", json!({"reason": "breach_of_terms"})).await.status(200);
    let direct = json!({"client_id": portal.client_id, "citizen": LAN.number});
    sim.post("/admin/v1/sign-ins", direct).await.problem(403, "locked");
    let refused = sim.get("/admin/v1/journal?kind=refused").await.status(200).json();
    let told: Vec<Value> = refused["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            json!([
                it["data"]["endpoint"],
                it["data"]["error"],
                it["citizen"],
                it["client_id"],
                it["sign_in"]
            ])
        })
        .collect();
    let sign_in = &refused["items"][0]["sign_in"];
    let direct_sign_in = &refused["items"][3]["request"];
    assert!(sign_in.is_u64(), "{refused}");
    assert_eq!(
        told,
        [
            json!(["/login", "wrong_credentials", LAN.number, portal.client_id, sign_in]),
            json!(["/login/otp", "wrong_otp", LAN.number, portal.client_id, sign_in]),
            json!(["/app/v1/activations", "phone_mismatch", null, null, null]),
            json!(["/admin/v1/sign-ins", "locked", null, null, direct_sign_in]),
        ]
    );
    // What a tester mistypes is no decision.
    sim.get("/admin/v1/accounts/1").await;
    sim.get("/admin/v1/messages/latest?to=0900000000").await.status(404);
    let after = sim.get("/admin/v1/journal?kind=refused").await.status(200).json();
    assert_eq!(after["items"].as_array().unwrap().len(), 4, "{after}");
}

#[tokio::test]
async fn it_is_bounded_forgets_and_can_be_off() {
    let sim = Sim::new().await;
    for _ in 0..5_100 {
        sim.get("/oauth2/jwks").await.status(200);
    }
    let all = sim.get("/admin/v1/journal?limit=1000").await.status(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1000);
    assert!(all["dropped"].as_u64().unwrap() >= 100);
    assert_eq!(all["last"], 5_100);
    sim.delete("/admin/v1/journal").await.status(204);
    let none = sim.get("/admin/v1/journal").await.status(200).json();
    assert_eq!(none["items"], json!([]));
    sim.put("/admin/v1/policy", json!({"journal": false})).await.status(200);
    sim.delete("/admin/v1/journal").await.status(204);
    sim.get("/oauth2/jwks").await.status(200);
    let none = sim.get("/admin/v1/journal").await.status(200).json();
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn a_reader_waits_for_what_comes_and_streams_begin() {
    let sim = Sim::new().await;
    let path = "/admin/v1/journal?wait=20s&kind=request&path=/oauth2/jwks";
    let (found, _) = tokio::join!(sim.get(path), async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        sim.get("/oauth2/jwks").await
    });
    assert_eq!(found.status(200).json()["items"].as_array().unwrap().len(), 1);
    let stream = sim.get("/admin/v1/journal/stream").await.status(200);
    assert_eq!(stream.header("content-type"), "text/event-stream");
    sim.get("/admin/v1/messages/stream").await.status(200);
}

#[tokio::test]
async fn streams_end_with_the_realm_they_follow() {
    let vneid = MockVneid::start().await.unwrap();
    let named = Some(json!({"name": "b"}));
    vneid.call(Method::POST, "/admin/v1/realms", named).await.unwrap();
    let (reset, delete) = ("/admin/v1/realms/b/reset", "/admin/v1/realms/b");
    for (ended_by, path) in [(Method::POST, reset), (Method::DELETE, delete)] {
        let mut streams = Vec::new();
        for of in ["journal", "messages"] {
            let url = format!("{}/realms/b/admin/v1/{of}/stream", vneid.issuer());
            let mut stream = reqwest::get(url).await.unwrap();
            assert_eq!(stream.chunk().await.unwrap().unwrap(), ": a simulation\n\n");
            streams.push(stream);
        }
        vneid.call(ended_by, path, None).await.unwrap();
        for mut stream in streams {
            let end = async { while stream.chunk().await.unwrap().is_some() {} };
            tokio::time::timeout(Duration::from_secs(10), end).await.expect("it goes on");
        }
    }
}
