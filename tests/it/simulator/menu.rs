//! The menu against an independent relying party: `openidconnect` refuses each bad token, and says by which check.

use std::time::{Duration, SystemTime};

use openidconnect::{
    AccessToken, AccessTokenHash, ClientId, ClientSecret, IssuerUrl, JsonWebKeySet, Nonce,
    SubjectIdentifier,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey},
};
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    payload, query,
};

/// A portal's tokens after a sign-in under one fault, and the keys as they are published then.
async fn under(effect: &str) -> (Sim, Portal, Value) {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let rule = json!({"effect": effect, "client_id": portal.client_id, "times": 1});
    let added = sim.post("/admin/v1/faults", rule).await.status(201).json();
    let tokens = portal.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
    let path = format!("/admin/v1/faults/{}", added["id"].as_str().unwrap());
    assert_eq!(sim.get(&path).await.status(200).json()["fired"], 1, "{effect}");
    (sim, portal, tokens)
}

/// What `openidconnect` says of an ID token: nothing if it takes it.
async fn verdict(sim: &Sim, portal: &Portal, tokens: &Value) -> Result<(), String> {
    let keys = sim.get("/oauth2/jwks").await.text();
    let keys: JsonWebKeySet<CoreJsonWebKey> = serde_json::from_str(&keys).unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(sim.now().as_millis().unsigned_abs());
    let verifier = CoreIdTokenVerifier::new_confidential_client(
        ClientId::new(portal.client_id.clone()),
        ClientSecret::new(portal.secret.clone()),
        IssuerUrl::new("http://localhost:8080".to_owned()).unwrap(),
        keys,
    )
    .set_time_fn(move || now.into());
    let token = tokens["id_token"].as_str().unwrap();
    let token: CoreIdToken = token.parse().map_err(|error| format!("unreadable: {error}"))?;
    let claims = token.claims(&verifier, &Nonce::new("n-1".to_owned()));
    let claims = claims.map_err(|error| format!("{error:?}"))?;
    let given = claims.access_token_hash().expect("at_hash");
    let access_token = AccessToken::new(tokens["access_token"].as_str().unwrap().to_owned());
    let algorithm = token.signing_alg().unwrap();
    let key = token.signing_key(&verifier).unwrap();
    let right = AccessTokenHash::from_token(&access_token, algorithm, key).unwrap();
    if *given == right { Ok(()) } else { Err("at_hash".to_owned()) }
}

#[tokio::test]
async fn without_a_fault_the_token_is_taken() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
    assert_eq!(verdict(&sim, &portal, &tokens).await, Ok(()));
}

#[tokio::test]
async fn each_bad_id_token_is_refused_by_the_check_it_is_for() {
    let rows = [
        ("id_token.expired", "Expired"),
        ("id_token.other_iss", "InvalidIssuer"),
        ("id_token.no_iss", "missing field `iss`"),
        ("id_token.other_aud", "InvalidAudience"),
        ("id_token.no_aud", "found audiences: )"),
        ("id_token.more_audiences", "InvalidAudience"),
        ("id_token.other_azp", "InvalidAudience"),
        ("id_token.no_sub", "missing field `sub`"),
        ("id_token.no_exp", "missing field `exp`"),
        ("id_token.no_iat", "missing field `iat`"),
        ("id_token.other_nonce", "InvalidNonce"),
        ("id_token.no_nonce", "InvalidNonce"),
        ("id_token.other_at_hash", "at_hash"),
        ("id_token.alg_none", "NoSignature"),
        ("id_token.hs256_public_key", "Signature"),
        ("id_token.unknown_kid", "NoMatchingKey"),
        ("id_token.bad_signature", "CryptoError"),
        ("id_token.other_key", "CryptoError"),
        ("id_token.embedded_key", "Signature"),
    ];
    for (effect, check) in rows {
        let (sim, portal, tokens) = under(effect).await;
        let refused = verdict(&sim, &portal, &tokens).await.expect_err(effect);
        assert!(refused.contains(check), "{effect}: {refused}");
        // One shot: the next token is sound.
        let tokens = portal.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
        assert_eq!(verdict(&sim, &portal, &tokens).await, Ok(()), "{effect}");
    }
}

#[tokio::test]
async fn what_a_party_may_take_says_what_it_should() {
    let (_, _, tokens) = under("id_token.not_yet_valid").await;
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["nbf"], 1_772_416_800 + 3600);
    let (_, _, tokens) = under("id_token.issued_long_ago").await;
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["iat"], 1_772_416_800 - 86_400);
    let (_, _, tokens) = under("id_token.old_sign_in").await;
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["auth_time"], 1_772_416_800 - 86_400);
    let (_, _, tokens) = under("id_token.other_acr").await;
    let acr = &payload(tokens["id_token"].as_str().unwrap())["acr"];
    assert_eq!(acr, "urn:mock-vneid:acr:unknown");
    let (_, _, tokens) = under("id_token.huge").await;
    assert!(tokens["id_token"].as_str().unwrap().len() > 1024 * 1024);
    let (sim, portal, tokens) = under("id_token.nfd_names").await;
    assert_eq!(verdict(&sim, &portal, &tokens).await, Ok(()));
    // The last of two is the true one (RFC 7519 §4), for a parser that takes it.
    let (_, _, tokens) = under("id_token.duplicate_claims").await;
    let claims = payload(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["iss"], "http://localhost:8080");
}

#[tokio::test]
async fn userinfo_of_somebody_else_is_refused_by_its_subject() {
    for (effect, check) in
        [("userinfo.other_sub", "invalidsubject"), ("userinfo.no_sub", "missing field `sub`")]
    {
        let sim = Sim::new().await;
        let portal = Portal::plain(&sim).await;
        let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
        let sub = payload(tokens["id_token"].as_str().unwrap())["sub"].as_str().unwrap().to_owned();
        let rule = json!({"effect": effect, "citizen": LAN.number});
        sim.post("/admin/v1/faults", rule).await.status(201);
        let token = tokens["access_token"].as_str().unwrap();
        let answer = sim.bearer("/oauth2/userinfo", token).await.status(200).text();
        let claims = openidconnect::UserInfoClaims::<
            openidconnect::EmptyAdditionalClaims,
            openidconnect::core::CoreGenderClaim,
        >::from_json::<std::io::Error>(
            answer.as_bytes(), Some(&SubjectIdentifier::new(sub))
        );
        let refused = claims.expect_err(effect);
        let text = format!("{refused:?} {refused}").to_lowercase();
        assert!(text.contains(&check.to_lowercase()), "{effect}: {text}");
    }
}

#[tokio::test]
async fn keys_and_metadata_go_wrong_and_right_again() {
    for (effect, check) in [("jwks.empty", "NoMatchingKey"), ("jwks.other_keys", "NoMatchingKey")] {
        let sim = Sim::new().await;
        let portal = Portal::plain(&sim).await;
        let tokens = portal.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
        sim.post("/admin/v1/faults", json!({"effect": effect, "times": 1})).await.status(201);
        let refused = verdict(&sim, &portal, &tokens).await.expect_err(effect);
        assert!(refused.contains(check), "{effect}: {refused}");
        assert_eq!(verdict(&sim, &portal, &tokens).await, Ok(()), "{effect}");
    }
    let sim = Sim::new().await;
    sim.post("/admin/v1/faults", json!({"effect": "jwks.duplicate_kid"})).await.status(201);
    let keys = sim.get("/oauth2/jwks").await.status(200).json();
    let kids: Vec<&str> =
        keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(kids.len(), 6);
    assert!(kids.chunks(2).all(|two| two[0] == two[1]), "{kids:?}");
    sim.post("/admin/v1/faults", json!({"effect": "discovery.other_issuer"})).await.status(201);
    let metadata = sim.get("/.well-known/openid-configuration").await.status(200).json();
    assert_eq!(metadata["issuer"], "https://another-provider.example");
}

#[tokio::test]
async fn the_way_back_goes_wrong_as_the_rule_says() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let back = async |effect: &str, more: Value| {
        sim.delete("/admin/v1/faults").await.status(204);
        let mut rule = json!({"effect": effect, "client_id": portal.client_id});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sim.post("/admin/v1/faults", rule).await.status(201);
        let wish = json!({"client_id": portal.client_id, "citizen": LAN.number, "state": "s-1"});
        let done = sim.post("/admin/v1/sign-ins", wish).await.status(200).json();
        done["redirect"].as_str().unwrap().to_owned()
    };
    assert_eq!(query(&back("callback.no_state", json!({})).await, "state"), None);
    let other = query(&back("callback.other_state", json!({})).await, "state").unwrap();
    assert_ne!(other, "s-1");
    assert_eq!(query(&back("callback.no_iss", json!({})).await, "iss"), None);
    let iss = query(&back("callback.other_iss", json!({})).await, "iss").unwrap();
    assert_eq!(iss, "https://another-provider.example");
    let twice = back("callback.twice", json!({})).await;
    assert_eq!(twice.matches("state=s-1").count(), 2, "{twice}");
    let refused = back("callback.error", json!({"error": "temporarily_unavailable"})).await;
    assert_eq!(query(&refused, "error").as_deref(), Some("temporarily_unavailable"));
    assert_eq!(query(&refused, "code"), None);
    assert_eq!(query(&back("callback.no_code", json!({})).await, "code"), None);
    // What is not there cannot be bent: the rule waits for an answer that has it.
    sim.delete("/admin/v1/faults").await.status(204);
    let rule = json!({"effect": "callback.other_state", "id": "waits", "times": 1});
    sim.post("/admin/v1/faults", rule).await.status(201);
    let wish = json!({"client_id": portal.client_id, "citizen": LAN.number});
    sim.post("/admin/v1/sign-ins", wish.clone()).await.status(200);
    assert_eq!(sim.get("/admin/v1/faults/waits").await.json()["fired"], 0);
    let mut with_state = wish;
    with_state["state"] = "s-2".into();
    let done = sim.post("/admin/v1/sign-ins", with_state).await.status(200).json();
    assert_ne!(query(done["redirect"].as_str().unwrap(), "state").as_deref(), Some("s-2"));
    assert_eq!(sim.get("/admin/v1/faults/waits").await.json()["fired"], 1);
    // A code that was used: the token endpoint refuses it, and whoever takes no notice signs nobody in.
    sim.delete("/admin/v1/faults").await.status(204);
    let used = portal.code_for(&sim, LAN, json!({})).await;
    portal.redeems(&sim, &used, &[]).await.status(200);
    let replayed = query(&back("callback.replayed_code", json!({})).await, "code").unwrap();
    assert_eq!(replayed, used);
    portal.redeems(&sim, &replayed, &[]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn a_fault_is_for_whom_it_names_and_nobody_else() {
    let sim = Sim::new().await;
    let (one, other) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let rule =
        json!({"effect": "id_token.expired", "client_id": one.client_id, "nth": 2, "times": 1});
    sim.post("/admin/v1/faults", rule).await.status(201);
    let mut sound = Vec::new();
    for portal in [&other, &one, &one, &one] {
        let tokens = portal.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
        sound.push(verdict(&sim, portal, &tokens).await.is_ok());
    }
    assert_eq!(sound, [true, true, false, true]);
    // Between two virtual moments.
    sim.delete("/admin/v1/faults").await.status(204);
    let rule = json!({"effect": "id_token.expired", "since": "2026-03-02T02:01:00Z", "until": "2026-03-02T02:02:00Z"});
    sim.post("/admin/v1/faults", rule).await.status(201);
    let mut sound = Vec::new();
    for seconds in [59, 1, 59, 1] {
        sim.advance(seconds);
        let tokens = one.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
        sound.push(verdict(&sim, &one, &tokens).await.is_ok());
    }
    assert_eq!(sound, [true, false, false, true]);
}

#[tokio::test]
async fn a_wrong_rule_is_told_what_to_type() {
    let sim = Sim::new().await;
    let rows = [
        (json!({"effect": "id_token.expird"}), "effect", "did you mean id_token.expired?"),
        (json!({"effect": "door.status"}), "door", "is required"),
        (json!({"effect": "door.status", "door": "login"}), "door", "METHOD /path"),
        (
            json!({"effect": "message.old_number", "channel": "email"}),
            "channel",
            "must be sms, which alone goes to a number",
        ),
        (
            json!({"effect": "id_token.expired", "status": 500}),
            "status",
            "is not used by id_token.expired",
        ),
        (json!({"effect": "door.status", "door": "/login", "status": 200}), "status", "400 to 599"),
        (json!({"effect": "message.lost", "times": 0}), "times", "1 to 1000000"),
        (json!({"effect": "message.lost", "percent": 101}), "percent", "1 to 100"),
        (
            json!({"effect": "message.lost", "since": "yesterday"}),
            "since",
            "since is not an RFC 3339",
        ),
        (json!({"effect": "jwks.empty", "client_id": "x"}), "client_id", "not used by jwks.empty"),
        (
            json!({"effect": "door.delay", "door": "/login", "milliseconds": 60_001}),
            "milliseconds",
            "at most 60000",
        ),
    ];
    for (rule, field, sentence) in rows {
        let problem = sim.post("/admin/v1/faults", rule.clone()).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{rule}");
        assert!(problem["detail"].as_str().unwrap().contains(sentence), "{problem}");
    }
    assert_eq!(sim.get("/admin/v1/faults").await.status(200).json(), json!([]));
    for _ in 0..64 {
        sim.post("/admin/v1/faults", json!({"effect": "message.lost"})).await.status(201);
    }
    let full = sim.post("/admin/v1/faults", json!({"effect": "message.lost"})).await;
    full.problem(429, "limit_reached");
    let menu = sim.get("/admin/v1/faults/menu").await.status(200).json();
    assert_eq!(menu.as_array().unwrap().len(), 72);
    assert!(menu.as_array().unwrap().iter().all(|it| it["clause"].as_str().unwrap().len() > 5));
}

#[tokio::test]
async fn a_realm_begins_with_the_faults_of_its_fixtures() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.toml");
    let rules = "[[fault]]\neffect = \"message.lost\"\npurpose = \"otp\"\n\n[[fault]]\nid = \"late\"\neffect = \"message.late\"\n";
    std::fs::write(&file, rules).unwrap();
    let config = mock_vneid::Config { fixtures: vec![file], ..mock_vneid::Config::default() };
    let sim = Sim::with(config).await;
    let ids = async |path: &str| {
        let rules = sim.get(path).await.status(200).json();
        let ids = rules.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids("/admin/v1/faults").await, ["fixture-1", "late"]);
    sim.delete("/admin/v1/faults").await.status(204);
    sim.post("/admin/v1/realms", json!({"name": "b"})).await.status(201);
    assert_eq!(ids("/realms/b/admin/v1/faults").await, ["fixture-1", "late"]);
    sim.post("/admin/v1/realms/default/reset", json!({})).await.status(200);
    assert_eq!(ids("/admin/v1/faults").await, ["fixture-1", "late"]);
}

/// A new row of the menu is shown to a party of others, or this fails.
#[tokio::test]
async fn every_row_that_must_be_refused_is_shown_to_one_of_them() {
    let sim = Sim::new().await;
    let shown = [
        include_str!("../../relying_parties/node/menu.mjs"),
        include_str!("../../relying_parties/node/resource.mjs"),
        include_str!("../../relying_parties/apache/mod_auth_openidc.py"),
        // The `openidconnect` crate.
        include_str!("menu.rs"),
    ];
    let menu = sim.get("/admin/v1/faults/menu").await.status(200).json();
    let strict = menu
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| ["refuse", "should"].contains(&row["relying_party"].as_str().unwrap()));
    let names: Vec<&str> = strict.map(|row| row["effect"].as_str().unwrap()).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let quoted = [format!("'{name}'"), format!("\"{name}\"")];
        let known = |text: &&str| quoted.iter().any(|it| text.contains(it));
        assert!(shown.iter().any(known), "{name} is shown to nobody");
    }
}
