//! Clients that prove themselves with a JWT: `client_secret_jwt` and `private_key_jwt`.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use mock_vneid::oidc::keys;
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
};

const SECRET: &str = "a-shared-secret-of-more-than-32-bytes-for-hmac";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ES256: &[u8] = include_bytes!("../../../src/oidc/keys/dev/es256.der");

/// The public half of the key above, under a name of the client's own.
fn jwks() -> Value {
    let all: Value = serde_json::from_str(keys::KeyRing::development().jwks().unwrap()).unwrap();
    let mut key =
        all["keys"].as_array().unwrap().iter().find(|key| key["kty"] == "EC").unwrap().clone();
    key["kid"] = "rp-1".into();
    json!({"keys": [key]})
}

fn claims(sim: &Sim, portal: &Portal) -> Value {
    let now = sim.seconds();
    json!({
        "iss": portal.client_id, "sub": portal.client_id, "aud": "http://localhost:8080/oauth2/token",
        "exp": now + 60, "iat": now, "jti": "j-1",
    })
}

fn signed(algorithm: Algorithm, claims: &Value) -> String {
    keys::install();
    let key = match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_der(ES256),
        _ => EncodingKey::from_secret(SECRET.as_bytes()),
    };
    let header = Header { kid: Some("rp-1".to_owned()), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

async fn redeems(sim: &Sim, portal: &Portal, assertion: &str) -> Reply {
    let code = portal.code_for(sim, LAN, json!({})).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &*portal.redirect_uri),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    sim.form("/oauth2/token", None, &fields).await
}

async fn with_secret(sim: &Sim) -> Portal {
    let more = json!({"token_endpoint_auth_method": "client_secret_jwt", "client_secret": SECRET});
    Portal::registered(sim, more).await
}

async fn with_key(sim: &Sim) -> Portal {
    let more = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks()});
    Portal::registered(sim, more).await
}

#[tokio::test]
async fn both_kinds_sign_in_and_each_assertion_counts_once() {
    let sim = Sim::new().await;
    for (portal, algorithm) in
        [(with_secret(&sim).await, Algorithm::HS256), (with_key(&sim).await, Algorithm::ES256)]
    {
        let assertion = signed(algorithm, &claims(&sim, &portal));
        redeems(&sim, &portal, &assertion).await.status(200);
        redeems(&sim, &portal, &assertion).await.oauth(401, "invalid_client");
        for aud in [
            json!("http://localhost:8080"),
            json!(["https://other.example", "http://localhost:8080/oauth2/token"]),
        ] {
            let mut claims = claims(&sim, &portal);
            (claims["aud"], claims["jti"]) = (aud.clone(), aud.to_string().into());
            redeems(&sim, &portal, &signed(algorithm, &claims)).await.status(200);
        }
    }
}

#[tokio::test]
async fn attack_34_an_assertion_is_for_us_of_now_and_the_clients_own() {
    let sim = Sim::new().await;
    let portal = with_key(&sim).await;
    let now = sim.seconds();
    for (name, value) in [
        ("aud", json!("https://other.example/token")),
        ("aud", json!("http://localhost:8080/oauth2/token/")),
        ("aud", json!([])),
        ("iss", json!("somebody")),
        ("sub", json!("somebody")),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 3601)),
        ("exp", json!(1e300)),
        ("exp", json!("soon")),
        ("iat", json!(now + 61)),
        ("nbf", json!(now + 61)),
        ("jti", json!("")),
        ("jti", json!(null)),
    ] {
        let mut claims = claims(&sim, &portal);
        claims[name] = value.clone();
        let reply = redeems(&sim, &portal, &signed(Algorithm::ES256, &claims)).await;
        assert_eq!(reply.status, 401, "{name} {value}: {}", reply.text());
    }
    redeems(&sim, &portal, &signed(Algorithm::ES256, &claims(&sim, &portal))).await.status(200);
}

#[tokio::test]
async fn attack_32_a_forged_assertion_is_nobodys() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let sim = Sim::new().await;
    let portal = with_key(&sim).await;
    let real = signed(Algorithm::ES256, &claims(&sim, &portal));
    let parts: Vec<&str> = real.split('.').collect();
    let headed = |header: Value| URL_SAFE_NO_PAD.encode(header.to_string());
    let mut forged = vec![String::new(), "x".to_owned(), "..".to_owned()];
    for alg in ["none", "None", "NONE", "nOnE"] {
        forged.push(format!("{}.{}.", headed(json!({"alg": alg})), parts[1]));
    }
    // HS256 with the public key as the secret.
    let public = jwks()["keys"][0].to_string();
    let hs = EncodingKey::from_secret(public.as_bytes());
    forged.push(jsonwebtoken::encode(&Header::default(), &claims(&sim, &portal), &hs).unwrap());
    for more in [
        json!({"alg": "ES256", "jku": "https://evil.example/jwks"}),
        json!({"alg": "ES256", "jwk": jwks()["keys"][0]}),
        json!({"alg": "ES256", "x5u": "https://evil.example/x"}),
        json!({"alg": "ES256", "crit": ["exp"]}),
        json!({"alg": "ES256", "kid": "../../dev/null"}),
        json!({"alg": "ES256", "kid": "' OR 1=1 --"}),
    ] {
        forged.push(format!("{}.{}.{}", headed(more), parts[1], parts[2]));
    }
    // Psychic signature: r = s = 0.
    forged.push(format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode([0; 64])));
    forged.push(format!("{}.{}.{}", parts[0], parts[1], &parts[2][1..]));
    for assertion in &forged {
        let reply = redeems(&sim, &portal, assertion).await;
        assert_eq!(reply.status, 401, "{assertion}: {}", reply.text());
        reply.oauth(401, "invalid_client");
    }
    redeems(&sim, &portal, &real).await.status(200);
}

#[tokio::test]
async fn attack_22_the_registered_method_and_no_other() {
    let sim = Sim::new().await;
    let (by_secret, by_key) = (with_secret(&sim).await, with_key(&sim).await);
    let crossed = signed(Algorithm::HS256, &claims(&sim, &by_key));
    redeems(&sim, &by_key, &crossed).await.oauth(401, "invalid_client");
    let crossed = signed(Algorithm::ES256, &claims(&sim, &by_secret));
    redeems(&sim, &by_secret, &crossed).await.oauth(401, "invalid_client");
    let basic = Some((by_secret.client_id.as_str(), SECRET));
    let fields = [("grant_type", "authorization_code"), ("code", "x")];
    sim.form("/oauth2/token", basic, &fields).await.oauth(401, "invalid_client");
    let alone =
        [("grant_type", "authorization_code"), ("code", "x"), ("client_id", &*by_key.client_id)];
    sim.form("/oauth2/token", None, &alone).await.oauth(401, "invalid_client");
    let plain = Portal::plain(&sim).await;
    let assertion = signed(Algorithm::HS256, &claims(&sim, &plain));
    redeems(&sim, &plain, &assertion).await.oauth(401, "invalid_client");
}

#[tokio::test]
async fn attack_21_two_methods_at_once_are_one_too_many() {
    let sim = Sim::new().await;
    let portal = with_key(&sim).await;
    let assertion = signed(Algorithm::ES256, &claims(&sim, &portal));
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("client_assertion_type", TYPE),
        ("client_assertion", &*assertion),
    ];
    let basic = Some((portal.client_id.as_str(), "x"));
    sim.form("/oauth2/token", basic, &fields).await.oauth(400, "invalid_request");
    let mut with_secret = fields.to_vec();
    with_secret.push(("client_secret", "x"));
    sim.form("/oauth2/token", None, &with_secret).await.oauth(400, "invalid_request");
    let other = [fields[0], fields[1], ("client_assertion_type", "x"), fields[3]];
    sim.form("/oauth2/token", None, &other).await.oauth(400, "invalid_request");
}

#[tokio::test]
async fn the_secret_that_an_hmac_needs_is_never_shown() {
    let sim = Sim::new().await;
    let portal = with_secret(&sim).await;
    let path = format!("/admin/v1/clients/{}", portal.client_id);
    assert!(!sim.get(&path).await.status(200).text().contains(SECRET));
    let changed = json!({
        "client_name": "Khác", "redirect_uris": [portal.redirect_uri],
        "token_endpoint_auth_method": "client_secret_jwt",
    });
    assert!(!sim.put(&path, changed).await.status(200).text().contains(SECRET));
    redeems(&sim, &portal, &signed(Algorithm::HS256, &claims(&sim, &portal))).await.status(200);
}

/// outside.md P1: a client judges by its own clock when its assertion ends, and so does the provider; one `jti` counts once
/// however the realm's clock is moved in between.
#[tokio::test]
async fn p1_an_assertion_is_judged_and_remembered_by_the_computers_clock() {
    let sim = Sim::new().await;
    let portal = with_secret(&sim).await;
    let moves = ["P8D", "-P1Y", "PT3M"];
    for (place, duration) in moves.into_iter().enumerate() {
        let mut claims = claims(&sim, &portal);
        claims["jti"] = format!("j-{place}").into();
        let assertion = signed(Algorithm::HS256, &claims);
        sim.post("/admin/v1/clock/advance", json!({"duration": duration})).await.status(200);
        redeems(&sim, &portal, &assertion).await.status(200);
        sim.post("/admin/v1/clock/advance", json!({"duration": duration})).await.status(200);
        sim.app.flow().sweep().await.unwrap();
        redeems(&sim, &portal, &assertion).await.oauth(401, "invalid_client");
    }
    // A frozen clock does not make one last for ever.
    let assertion = signed(Algorithm::HS256, &claims(&sim, &portal));
    sim.post("/admin/v1/clock/freeze", json!({})).await.status(200);
    sim.advance(60);
    redeems(&sim, &portal, &assertion).await.oauth(401, "invalid_client");
}
