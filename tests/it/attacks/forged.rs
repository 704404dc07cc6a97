//! Forged JWTs wherever one is read: as access token, as hint, as a client's assertion; and honest ones of the wrong kind.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use mock_vneid::{Config, oidc::keys};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use super::{ASSERTION, assertion, is_signed_in, portal_with_key, signed_in, text};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    payload,
};

const AFTER: &str = "https://portal.example/goodbye";

/// An address that counts who comes, and how often somebody did.
async fn trap() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/keys", listener.local_addr().unwrap());
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, came)
}

/// Every shape of the list, made of a token that is right, with claims that are right.
fn forgeries(real: &str, trap: &str) -> Vec<(String, String)> {
    keys::install();
    let (message, signature) = real.rsplit_once('.').unwrap();
    let (head, claims) = message.split_once('.').unwrap();
    let header: Map<String, Value> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    let jwks = keys::KeyRing::development().jwks().unwrap().to_owned();
    let keys: Value = serde_json::from_str(&jwks).unwrap();
    let rsa = keys["keys"].as_array().unwrap().iter().find(|key| key["kty"] == "RSA").unwrap();
    let with = |more: Value| {
        let mut header = header.clone();
        header.extend(more.as_object().unwrap().clone());
        URL_SAFE_NO_PAD.encode(Value::Object(header).to_string())
    };
    let mut all = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        all.push((format!("alg {alg:?}"), format!("{}.{claims}.", with(json!({"alg": alg})))));
        let kept = format!("{}.{claims}.{signature}", with(json!({"alg": alg})));
        all.push((format!("alg {alg:?}, signed"), kept));
    }
    let parsed: Value = payload(real);
    let kid = header["kid"].as_str().map(str::to_owned);
    for (name, secret) in [
        ("modulus", rsa["n"].as_str().unwrap().as_bytes().to_vec()),
        ("key", rsa.to_string().into_bytes()),
        ("key set", jwks.clone().into_bytes()),
        ("nothing", Vec::new()),
    ] {
        let header = Header { kid: kid.clone(), ..Header::new(Algorithm::HS256) };
        let key = EncodingKey::from_secret(&secret);
        let forged = jsonwebtoken::encode(&header, &parsed, &key).unwrap();
        all.push((format!("HS256 with {name}"), forged));
    }
    // A key of the attacker's under the right name.
    let ours = header["alg"].as_str() == Some("EdDSA");
    let foreign = aws_key(ours);
    let header_of = Header { kid, ..Header::new(foreign.0) };
    let forged = jsonwebtoken::encode(&header_of, &parsed, &foreign.1).unwrap();
    all.push(("foreign key".to_owned(), forged));
    for more in [
        json!({"kid": "../../../../dev/null"}),
        json!({"kid": "' OR 1=1 --"}),
        json!({"kid": ""}),
        json!({"kid": 7}),
        json!({"jku": trap}),
        json!({"x5u": trap}),
        json!({"jwk": rsa}),
        json!({"x5c": ["MIIB"]}),
        json!({"crit": ["exp"], "exp": 1}),
        json!({"crit": ["b64"], "b64": false}),
    ] {
        all.push((more.to_string(), format!("{}.{claims}.{signature}", with(more.clone()))));
    }
    for zeros in [64, 0, 1, 256] {
        let psychic = URL_SAFE_NO_PAD.encode(vec![0; zeros]);
        let es256 = format!("{}.{claims}.{psychic}", with(json!({"alg": "ES256"})));
        all.push((format!("{zeros} zeros"), es256));
        all.push((format!("{zeros} zeros, own alg"), format!("{message}.{psychic}")));
    }
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    all.push(("flipped".to_owned(), format!("{message}.{flipped}{}", &signature[1..])));
    all.push(("cut".to_owned(), real[..real.len() - 4].to_owned()));
    all.push(("two parts".to_owned(), message.to_owned()));
    all.push(("four parts".to_owned(), format!("{real}.x")));
    let mut other = parsed.clone();
    other["sub"] = "somebody".into();
    let other = URL_SAFE_NO_PAD.encode(other.to_string());
    all.push(("other claims".to_owned(), format!("{head}.{other}.{signature}")));
    all
}

/// A fresh key of nobody's, of a kind that the other side knows.
fn aws_key(ed25519: bool) -> (Algorithm, EncodingKey) {
    use aws_lc_rs::{rand::SystemRandom, signature as sign};
    let random = SystemRandom::new();
    if ed25519 {
        let key = sign::Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        return (Algorithm::EdDSA, EncodingKey::from_ed_der(key.as_ref()));
    }
    let kind = &sign::ECDSA_P256_SHA256_FIXED_SIGNING;
    let key = sign::EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    (Algorithm::ES256, EncodingKey::from_ec_der(key.as_ref()))
}

async fn open() -> Sim {
    // The address in a header could be fetched here, and is not.
    Sim::with(Config { allow_private_fetch: true, ..Config::default() }).await
}

#[tokio::test]
async fn attack_30_a_forged_access_token_opens_nothing_and_is_worth_nothing() {
    let sim = open().await;
    let (trap, came) = trap().await;
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let more = json!({"access_token_format": "jwt", "id_token_signed_response_alg": algorithm});
        let portal = Portal::registered(&sim, more).await;
        let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
        let real = text(&tokens, "access_token");
        for (name, forged) in forgeries(real, &trap) {
            let reply = sim.bearer("/oauth2/userinfo", &forged).await;
            assert_eq!(reply.status, 401, "{algorithm} {name}: {}", reply.text());
            assert!(reply.header("www-authenticate").contains("error=\"invalid_token\""));
            let said = portal.introspects(&sim, &forged).await;
            assert_eq!(said, json!({"active": false}), "{algorithm} {name}");
            portal.revokes(&sim, &forged).await;
        }
        sim.bearer("/oauth2/userinfo", real).await.status(200);
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "a header's address was fetched");
}

#[tokio::test]
async fn attack_31_a_forged_hint_neither_signs_in_nor_out_and_leads_nowhere() {
    let sim = open().await;
    let (trap, came) = trap().await;
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let more = json!({
            "post_logout_redirect_uris": [AFTER], "id_token_signed_response_alg": algorithm,
        });
        let portal = Portal::registered(&sim, more).await;
        let (mut browser, tokens) = signed_in(&sim, &portal, "openid").await;
        for (name, forged) in forgeries(text(&tokens, "id_token"), &trap) {
            let silent = [("prompt", "none"), ("id_token_hint", forged.as_str())];
            let reply = browser.open(&portal.request(&silent)).await;
            assert_eq!(portal.error(&reply), "invalid_request", "{algorithm} {name}");
            let fields = [("id_token_hint", forged.as_str()), ("post_logout_redirect_uri", AFTER)];
            let mut query = form_urlencoded::Serializer::new(String::new());
            let path = format!("/oidc/logout?{}", query.extend_pairs(fields).finish());
            let reply = browser.open(&path).await;
            let asked = reply.status == 200 && reply.text().contains("name=\"form\"");
            assert!(asked || reply.status == 400, "{algorithm} {name}: {}", reply.text());
        }
        assert!(is_signed_in(&mut browser, &portal).await);
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "a header's address was fetched");
}

#[tokio::test]
async fn attack_32_a_forged_assertion_opens_no_back_channel_door() {
    let sim = open().await;
    let (trap, came) = trap().await;
    let portal = portal_with_key(&sim).await;
    let doors = [
        ("/oauth2/token", vec![("grant_type", "refresh_token"), ("refresh_token", "x")]),
        ("/oauth2/par", vec![("response_type", "code"), ("redirect_uri", &*portal.redirect_uri)]),
        ("/oauth2/introspect", vec![("token", "x")]),
        ("/oauth2/revoke", vec![("token", "x")]),
    ];
    let real = assertion(&sim, &portal.client_id, "j-real");
    for (path, good) in &doors {
        for (name, forged) in forgeries(&real, &trap) {
            let mut fields = good.clone();
            fields.extend([("client_assertion_type", ASSERTION), ("client_assertion", &*forged)]);
            let reply = sim.form(path, None, &fields).await;
            assert_eq!(reply.status, 401, "{path} {name}: {}", reply.text());
            assert_eq!(reply.json()["error"], "invalid_client", "{path} {name}");
        }
    }
    let fields =
        [("token", "x"), ("client_assertion_type", ASSERTION), ("client_assertion", &*real)];
    sim.form("/oauth2/revoke", None, &fields).await.status(200);
    // Attack 34: used at one door, it is used at every one.
    sim.form("/oauth2/introspect", None, &fields).await.oauth(401, "invalid_client");
    assert_eq!(came.load(Ordering::SeqCst), 0, "a header's address was fetched");
}

#[tokio::test]
async fn attack_26_honest_tokens_of_one_kind_are_no_tokens_of_another() {
    let sim = Sim::new().await;
    let more = json!({"access_token_format": "jwt", "post_logout_redirect_uris": [AFTER],
        "userinfo_signed_response_alg": "RS256"});
    let portal = Portal::registered(&sim, more).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let [access, id, refresh] =
        ["access_token", "id_token", "refresh_token"].map(|name| text(&tokens, name));
    let userinfo = sim.bearer("/oauth2/userinfo", access).await.status(200);
    assert_eq!(userinfo.header("content-type"), "application/jwt");
    let userinfo = userinfo.text();
    for other in [id, refresh, &code, &userinfo] {
        sim.bearer("/oauth2/userinfo", other).await.status(401);
    }
    for other in [id, &code, &userinfo, "x"] {
        assert_eq!(portal.introspects(&sim, other).await, json!({"active": false}));
    }
    for other in [access, id, &code, &userinfo] {
        portal.refreshes(&sim, other, &[]).await.oauth(400, "invalid_grant");
    }
    for other in [access, id, refresh, &userinfo] {
        portal.redeems(&sim, other, &[]).await.oauth(400, "invalid_grant");
    }
    // RFC 8725 §3.11: nor are they the ID token that a hint is.
    for other in [access, refresh, &code] {
        let hinted = portal.request(&[("id_token_hint", other), ("prompt", "none")]);
        assert_eq!(portal.error(&sim.get(&hinted).await), "invalid_request");
    }
    let fields = [("token", "x"), ("client_assertion_type", ASSERTION), ("client_assertion", id)];
    sim.form("/oauth2/revoke", None, &fields).await.oauth(401, "invalid_client");
    portal.redeems(&sim, &code, &[]).await.status(200);
    portal.refreshes(&sim, refresh, &[]).await.status(200);
}
