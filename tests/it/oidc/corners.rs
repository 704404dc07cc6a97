//! outside.md P3, P4, P8, P9, P10, P15, P16, P19: the protocol's corners, as real applications came to them.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{DUC, LAN, Portal},
    app::PHONG,
    browser::Browser,
    payload, query, request,
};

const AFTER: &str = "https://portal.example/goodbye";

fn logout(fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/oidc/logout?{query}")
}

/// RP-Initiated Logout 1.0 §2, §3: `client_id` says who asks; the holder is asked, and the browser goes back with `state`.
#[tokio::test]
async fn p3_a_logout_by_client_id_asks_and_leads_back() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"post_logout_redirect_uris": [AFTER]})).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    portal.code(&LAN.signs_in(&mut browser).await);
    let id = portal.client_id.as_str();
    let asked =
        logout(&[("client_id", id), ("post_logout_redirect_uri", AFTER), ("state", "s 1&<")]);
    let page = browser.open(&asked).await.status(200).text();
    let hidden = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect(name);
        rest.split('"').next().unwrap().replace("&#38;", "&").replace("&#60;", "<")
    };
    let fields: Vec<_> = ["form", "client_id", "post_logout_redirect_uri", "state"]
        .map(|name| (name, hidden(name)))
        .into();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut forgetful = browser.clone();
    let back = format!("{AFTER}?state=s+1%26%3C");
    assert_eq!(browser.post("/oidc/logout", &fields).await.status(303).location(), back);
    // P2: a second click is answered as the first, and signs nobody out who signed in meanwhile.
    assert_eq!(forgetful.post("/oidc/logout", &fields).await.status(303).location(), back);
    let again = browser.open(&portal.request(&[("prompt", "none")])).await;
    assert_eq!(portal.error(&again), "login_required");
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    assert_eq!(browser.clone().post("/oidc/logout", &fields).await.status(303).location(), back);
    portal.code(&browser.open(&portal.request(&[("prompt", "none")])).await);
    // Another site's page cannot make the form, and changes nothing about where it leads.
    let forged = [("form", "x.y"), ("client_id", id), ("post_logout_redirect_uri", AFTER)];
    browser.clone().post("/oidc/logout", &forged).await.status(403);
    let mut bent = fields.clone();
    bent[2].1 = "https://evil.example/";
    browser.clone().post("/oidc/logout", &bent).await.status(400);
    portal.code(&browser.open(&portal.request(&[("prompt", "none")])).await);
    // Nobody is signed in: nobody is asked.
    let fresh = Browser::new(&sim).open(&asked).await.status(303).location();
    assert_eq!(fresh, back);
    for wrong in [
        logout(&[("client_id", "nobody")]),
        logout(&[("client_id", "nobody"), ("post_logout_redirect_uri", AFTER)]),
        logout(&[("client_id", id), ("post_logout_redirect_uri", "https://portal.example/other")]),
        logout(&[
            ("client_id", id),
            ("post_logout_redirect_uri", "https://portal.example/goodbye/"),
        ]),
    ] {
        browser.open(&wrong).await.status(400);
    }
    portal.code(&browser.open(&portal.request(&[("prompt", "none")])).await);
}

/// RFC 8252 §7.3, RFC 9700 §2.1: any port of a loopback IP; names, paths, schemes and hosts are compared exactly.
#[tokio::test]
async fn p4_a_native_client_listens_on_any_port_of_a_loopback_ip() {
    let sim = Sim::new().await;
    let uris = json!(["http://127.0.0.1/cb", "http://[::1]:4711/cb?x=1", "http://localhost/cb"]);
    let native = json!({"redirect_uris": uris, "token_endpoint_auth_method": "none"});
    let portal = Portal::registered(&sim, native).await;
    let asked = |uri: &str| {
        portal.request(&[
            ("redirect_uri", uri),
            ("code_challenge", crate::harness::direct::CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
    };
    for good in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:51234/cb",
        "http://127.0.0.1:1/cb",
        "http://[::1]:4711/cb?x=1",
        "http://[::1]:65535/cb?x=1",
        "http://[::1]/cb?x=1",
        "http://localhost/cb",
    ] {
        sim.get(&asked(good)).await.status(303);
    }
    for bad in [
        "http://localhost:51234/cb",
        "http://127.0.0.1:51234/cb/",
        "http://127.0.0.1:51234/cb?x=1",
        "https://127.0.0.1:51234/cb",
        "http://127.0.0.2:51234/cb",
        "http://[::1]:51234/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:1@evil.example/cb",
        "http://127.0.0.1.evil.example:1/cb",
        "http://127.0.0.1:51234x/cb",
        "http://127.0.0.1:5 1/cb",
    ] {
        sim.get(&asked(bad)).await.status(400);
    }
    // The code is bound to the address of its request, port and all.
    let mut browser = Browser::new(&sim);
    let uri = "http://127.0.0.1:51234/cb";
    browser.open(&asked(uri)).await.status(200);
    let back = LAN.signs_in(&mut browser).await.location();
    let code = query(&back, "code").unwrap();
    let redeem = async |redirect_uri: &str| {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri),
            ("client_id", portal.client_id.as_str()),
            ("code_verifier", crate::harness::direct::VERIFIER),
        ];
        sim.form("/oauth2/token", None, &fields).await
    };
    redeem("http://127.0.0.1/cb").await.oauth(400, "invalid_grant");
    redeem(uri).await.status(200);
    // A server has one address.
    let web = Portal::registered(&sim, json!({"redirect_uris": ["http://127.0.0.1/cb"]})).await;
    sim.get(&web.request(&[("redirect_uri", "http://127.0.0.1:51234/cb")])).await.status(400);
    let native = json!({"redirect_uris": ["http://127.0.0.1/cb"], "application_type": "native"});
    let native = Portal::registered(&sim, native).await;
    sim.get(&native.request(&[("redirect_uri", "http://127.0.0.1:51234/cb")])).await.status(303);
}

/// OAuth 2.0 Multiple Response Types §2.1: MSAL.js and keycloak-js read the fragment alone.
#[tokio::test]
async fn p8_the_answer_comes_in_the_fragment() {
    let sim = Sim::new().await;
    let portal =
        Portal::registered(&sim, json!({"redirect_uris": ["https://spa.example/?tab=1"]})).await;
    let document = sim.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["response_modes_supported"], json!(["query", "fragment", "form_post"]));
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("response_mode", "fragment")])).await.status(200);
    let back = LAN.signs_in(&mut browser).await.status(303).location();
    let (page, fragment) = back.split_once('#').expect(&back);
    assert_eq!(page, "https://spa.example/?tab=1");
    let said: Vec<_> = form_urlencoded::parse(fragment.as_bytes()).into_owned().collect();
    let names: Vec<_> = said.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    portal.redeems(&sim, &said[0].1, &[]).await.status(200);
    let wrong = portal.request(&[("response_mode", "fragment"), ("prompt", "x")]);
    let back = sim.get(&wrong).await.status(303).location();
    assert!(back.starts_with("https://spa.example/?tab=1#error=invalid_request&"), "{back}");
    // The journal hides the code there too, and knows whose sign-in it is.
    let shown = sim.get("/admin/v1/journal?limit=1000").await.text();
    assert!(!shown.contains(&said[0].1), "{shown}");
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("response_mode", "word")])).await;
}

/// OIDC Core §3.1.2.1: a hint; it never ends a sign-in.
#[tokio::test]
async fn p9_a_login_hint_is_taken_up_to_254_and_ignored_beyond() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mail = format!("{}@{}.example", "n".repeat(64), "m".repeat(181));
    assert_eq!(mail.len(), 254);
    for (hint, shown) in [
        (LAN.number.to_owned(), true),
        (mail.clone(), true),
        (format!("{mail}x"), false),
        ("a\u{7}b".to_owned(), false),
        ("x".repeat(4000), false),
    ] {
        let mut browser = Browser::new(&sim);
        let page = browser.open(&portal.request(&[("login_hint", &hint)])).await.status(200).text();
        let first: String = hint.chars().take(64).collect();
        assert_eq!(page.contains(&format!("value=\"{first}\"")), shown, "{hint}");
        portal.code(&LAN.signs_in(&mut browser).await);
    }
}

async fn why(sim: &Sim, reply: &Reply) -> Value {
    let uri = reply.json()["error_uri"].as_str().unwrap().to_owned();
    sim.get(uri.strip_prefix("http://localhost:8080").unwrap()).await.status(200).json()
}

/// What would have been right: the registered method, the length of a verifier; never the error once more.
#[tokio::test]
async fn p10_an_explanation_says_what_would_have_been_right() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (id, secret) = (portal.client_id.as_str(), portal.secret.as_str());
    let in_body =
        [("grant_type", "authorization_code"), ("client_id", id), ("client_secret", secret)];
    let reply = sim.form("/oauth2/token", None, &in_body).await.status(401);
    let told = why(&sim, &reply).await;
    assert_eq!(told["description"], "client authentication failed");
    let expected = "token_endpoint_auth_method client_secret_basic, as it is registered; client_secret_post came";
    assert_eq!(told["expected"], expected);
    let grant = [("grant_type", "authorization_code")];
    for (given, expected) in [
        ((id, "wrong-secret-of-the-client"), "the client_secret of this client"),
        (("nobody", "x"), "a registered client_id"),
    ] {
        let reply = sim.form("/oauth2/token", Some(given), &grant).await.status(401);
        assert_eq!(why(&sim, &reply).await["expected"], expected);
    }
    let pkce = Portal::registered(&sim, json!({"require_pkce": true})).await;
    let more = json!({"code_challenge": crate::harness::direct::CHALLENGE});
    for verifier in
        ["short", &"x".repeat(129), "not/allowed/characters/in/a/verifier/of/43/characters"]
    {
        let code = pkce.code_for(&sim, LAN, more.clone()).await;
        let reply = pkce.redeems(&sim, &code, &[("code_verifier", verifier)]).await.status(400);
        let told = why(&sim, &reply).await;
        let expected = "a code_verifier of 43 to 128 characters of A-Z a-z 0-9 - . _ ~";
        assert_eq!(
            (&told["expected"], &told["description"]),
            (&json!(expected), &json!("code_verifier is malformed"))
        );
    }
    // And the journal's event of the refusal says it too.
    let events = sim.get("/admin/v1/journal?kind=refused&limit=1000").await.json();
    let events = events["items"].as_array().unwrap();
    assert!(
        events.iter().all(|it| it["data"]["expected"].as_str().is_some_and(|it| !it.is_empty())),
        "{events:?}"
    );
}

/// RFC 8707: what the access token is for; RFC 9068 §3: a default.
#[tokio::test]
async fn p15_the_audience_is_what_resource_says_or_the_clients_own() {
    let sim = Sim::new().await;
    let jwt = |more: Value| {
        let mut body = json!({"access_token_format": "jwt"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let aud = |tokens: &Value| payload(tokens["access_token"].as_str().unwrap())["aud"].clone();
    let plain = Portal::registered(&sim, jwt(json!({}))).await;
    let issuer = json!("http://localhost:8080");
    assert_eq!(aud(&plain.offline_tokens(&sim, LAN).await), issuer);
    let own = Portal::registered(&sim, jwt(json!({"audience": "https://api.example/own"}))).await;
    let tokens = own.offline_tokens(&sim, LAN).await;
    assert_eq!(aud(&tokens), "https://api.example/own");
    let said = own.introspects(&sim, tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(said["aud"], json!(["https://api.example/own"]));

    let (one, two) = ("https://api.example/one", "https://api.example/two");
    let mut browser = Browser::new(&sim);
    let asked = format!(
        "{}&resource={one}&resource={two}",
        own.request(&[("scope", "openid offline_access")])
    );
    browser.open(&asked).await.status(200);
    let code = own.code(&LAN.signs_in(&mut browser).await);
    own.redeems(&sim, &code, &[("resource", "https://api.example/three")])
        .await
        .oauth(400, "invalid_target");
    let tokens = own.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(aud(&tokens), json!([one, two]));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let narrowed = own.refreshes(&sim, refresh, &[("resource", two)]).await.status(200).json();
    assert_eq!(aud(&narrowed), two);
    let refresh = narrowed["refresh_token"].as_str().unwrap();
    assert_eq!(aud(&own.refreshes(&sim, refresh, &[]).await.status(200).json()), json!([one, two]));
    // The ID token is for the client, whatever the access token is for.
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["aud"], own.client_id.as_str());
    // Without a wish at the first door, the token door takes it.
    let code = plain.code_for(&sim, LAN, json!({})).await;
    assert_eq!(
        aud(&plain.redeems(&sim, &code, &[("resource", one)]).await.status(200).json()),
        one
    );
    for wrong in ["relative", "https://api.example/#part", ""] {
        let reply = sim
            .get(&format!("{}&resource={}", plain.request(&[]), wrong.replace('#', "%23")))
            .await;
        let expected = if wrong.is_empty() { None } else { Some("invalid_target") };
        assert_eq!(query(&reply.location(), "error").as_deref(), expected, "{wrong}");
    }
    let service = jwt(
        json!({"client_id": "worker", "grant_types": ["client_credentials"], "service_scope": "read"}),
    );
    let service = sim.post("/admin/v1/clients", service).await.status(201).json();
    let basic = Some(("worker", service["client_secret"].as_str().unwrap()));
    let fields = [("grant_type", "client_credentials"), ("resource", one)];
    assert_eq!(aud(&sim.form("/oauth2/token", basic, &fields).await.status(200).json()), one);
}

/// RFC 8414 §3.1: at the root, and inserted before a realm's path.
#[tokio::test]
async fn p16_the_metadata_of_rfc_8414_are_there() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    for (oauth, openid) in [
        ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"),
        (
            "/.well-known/oauth-authorization-server/realms/x",
            "/realms/x/.well-known/openid-configuration",
        ),
        (
            "/realms/x/.well-known/oauth-authorization-server",
            "/realms/x/.well-known/openid-configuration",
        ),
    ] {
        let said = sim.get(oauth).await.status(200);
        assert_eq!(said.header("content-type"), "application/json");
        assert_eq!(said.json(), sim.get(openid).await.status(200).json(), "{oauth}");
        let page = request(Method::GET, oauth).header(header::ORIGIN, "https://spa.example");
        let page = sim.send(page.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(page.header("access-control-allow-origin"), "https://spa.example");
    }
    assert_eq!(
        sim.get("/.well-known/oauth-authorization-server/realms/x").await.json()["issuer"],
        "http://localhost:8080/realms/x"
    );
    sim.get("/.well-known/oauth-authorization-server/realms/none").await.problem(404, "not_found");
    // A realm's own quota and journal, as by its other name.
    let seen = sim.get("/realms/x/admin/v1/journal?limit=1000").await.text();
    assert!(seen.contains("/.well-known/oauth-authorization-server"), "{seen}");
}

#[tokio::test]
async fn p19_a_role_that_is_missing_is_named_with_those_that_are_there() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let held = sim.get("/admin/v1/organisations").await.json()["items"].as_array().unwrap().clone();
    let of = |person: &str| {
        held.iter().find(|it| it["representative"] == person).unwrap()["number"].clone()
    };
    let own = of(PHONG.number);
    let wish = |citizen: &str, organisation: &Value| json!({"client_id": portal.client_id, "citizen": citizen, "organisation": organisation, "acr_values": "LoA2"});
    let told = sim.post("/admin/v1/sign-ins", wish(DUC.number, &own)).await.problem(422, "invalid");
    assert_eq!(told["field"], "organisation");
    assert!(told["detail"].as_str().unwrap().contains("has a role in: none"), "{told}");
    let other = held.iter().find(|it| it["number"] != own).unwrap()["number"].clone();
    let told =
        sim.post("/admin/v1/sign-ins", wish(PHONG.number, &other)).await.problem(422, "invalid");
    assert!(told["detail"].as_str().unwrap().contains(own.as_str().unwrap()), "{told}");
    let mut tokens = wish(PHONG.number, &own);
    tokens["exchange"] = true.into();
    let tokens = sim.post("/admin/v1/sign-ins", tokens).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["acr"], "LoA2");
}
