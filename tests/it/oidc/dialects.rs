//! The dialects of real integrators: what they send, oddities and all, and what they read.

use aws_lc_rs::{
    cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey},
};
use axum::http::{Method, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_vneid::Config;
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{DUC, LAN, Portal},
    app::{KIM, PHONG},
    browser::Browser,
    payload, query, request,
};

const CALLBACK: &str = "http://localhost:9999/callback";
const PRIVATE: &str = include_str!("../../relying_parties/java/demo_partner_private.pem");

fn demo(name: &str) -> Portal {
    Portal {
        client_id: format!("demo-{name}"),
        secret: format!("demo-{name}-secret"),
        redirect_uri: CALLBACK.to_owned(),
    }
}

/// The secret in the body, as integrators send it.
async fn exchanges(sim: &Sim, portal: &Portal, more: &[(&str, &str)]) -> Reply {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("client_id", &*portal.client_id),
        ("client_secret", &*portal.secret),
    ];
    fields.extend_from_slice(more);
    sim.form("/oauth2/token", None, &fields).await
}

/// Opens `{data, key}` with the demo's private key.
fn opened(sealed: &Value) -> String {
    let der: String = PRIVATE.lines().filter(|line| !line.starts_with('-')).collect();
    let private = PrivateDecryptingKey::from_pkcs8(&STANDARD.decode(der).unwrap()).unwrap();
    let private = Pkcs1PrivateDecryptingKey::new(private).unwrap();
    let part = |name: &str| STANDARD.decode(sealed[name].as_str().unwrap()).unwrap();
    let mut key = vec![0; private.min_output_size()];
    let key = private.decrypt(&part("key"), &mut key).unwrap();
    let aes = UnboundCipherKey::new(&AES_256, key).unwrap();
    let aes = PaddedBlockDecryptingKey::ecb_pkcs7(aes).unwrap();
    let mut data = part("data");
    let plain = aes.decrypt(&mut data, DecryptionContext::None).unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}

fn opened_json(reply: &Reply) -> Value {
    let sealed = reply.json();
    assert_eq!(sealed.as_object().unwrap().len(), 2, "{sealed}");
    serde_json::from_str(&opened(&sealed)).unwrap()
}

/// Signs in with pages, by the portal's own request; where the browser comes back to.
async fn comes_back(sim: &Sim, address: &str, who: crate::harness::actors::Citizen) -> String {
    let mut browser = Browser::new(sim);
    browser.open(address).await.status(200);
    who.signs_in(&mut browser).await.location()
}

async fn userinfo_by_post(sim: &Sim, token: &str) -> Reply {
    let request = request(Method::POST, "/oauth2/userinfo")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    sim.send(request.body(axum::body::Body::empty()).unwrap()).await
}

#[tokio::test]
async fn dvcqg_an_integrator_of_the_national_portal_reads_its_own_names() {
    let sim = Sim::new().await;
    let portal = demo("dvcqg");
    // OpenCPS: Base64 of `state@address`, sent as it is, with its plus signs.
    let state = "c+8/QGh0dHBzOi8vZHZjLmV4YW1wbGU+==";
    let address = format!(
        "/oauth2/authorize?response_type=code&client_id=demo-dvcqg&redirect_uri={CALLBACK}\
         &scope=openid&acr_values=LoA1&state={state}"
    );
    let back = comes_back(&sim, &address, LAN).await;
    assert_eq!(query(&back, "state").as_deref(), Some(state));
    let code = query(&back, "code").unwrap();
    let tokens = exchanges(&sim, &portal, &[("code", &code)]).await.status(200).json();
    let (access, id_token) =
        (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
    assert_eq!(payload(id_token)["acr"], "LoA1");
    let claims = userinfo_by_post(&sim, access).await.status(200).json();
    assert_eq!(claims, sim.bearer("/oauth2/userinfo", access).await.json());
    let expected = json!({
        "sub": payload(id_token)["sub"], "TechID": payload(id_token)["sub"], "LoaiTaiKhoan": 1,
        "HoVaTen": "Nguyễn Thị Lan", "SoDinhDanh": LAN.number, "SoCMND": "", "HoChieu": "",
        "GioiTinh": 0, "DiaChi": claims["DiaChi"], "SoDienThoai": LAN.phone,
        "ThuDienTu": "lan@example.com", "TenDoanhNghiep": "", "MaSoThue": "", "MaSoDoanhNghiep": "",
        "loAs": "LoA1", "vneid_mock": true,
    });
    assert_eq!(claims, expected);
    assert!(claims["DiaChi"].as_str().unwrap().contains("phố Mô Phỏng"));
    // Introspection by the token itself; `state=0` means nothing.
    let ask = |token: &str| {
        request(Method::POST, "/oauth2/introspect")
            .header(header::AUTHORIZATION, format!("Bearer {access}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(format!("token={token}&state=0")))
            .unwrap()
    };
    let said = sim.send(ask(access)).await.status(200).json();
    assert_eq!((&said["active"], &said["client_id"]), (&json!(true), &json!("demo-dvcqg")));
    assert_eq!(said["exp"], sim.seconds() + 3600);
    // Revocation with a name that ends in a space, and an ID token for a token.
    let revoke = [
        ("token", id_token),
        ("token_type_hint ", "access_token"),
        ("client_id", "demo-dvcqg"),
        ("client_secret", "demo-dvcqg-secret"),
    ];
    sim.form("/oauth2/revoke", None, &revoke).await.status(200);
    // Logout by GET, and by a form.
    let after = "http://localhost:9999/";
    let path = format!("/oidc/logout?id_token_hint={id_token}&post_logout_redirect_uri={after}");
    assert_eq!(sim.get(&path).await.location(), after);
    let there = sim.get(&format!("{path}&state=a+b/==")).await.location();
    assert_eq!(query(&there, "state").as_deref(), Some("a+b/=="));
    let fields = [("id_token_hint", id_token), ("post_logout_redirect_uri", after), ("state", "a")];
    let reply = sim.form("/oidc/logout", None, &fields).await;
    assert_eq!(reply.location(), format!("{after}?state=a"));
}

#[tokio::test]
async fn dvcqg_level_1_has_no_address_an_organisation_is_2_and_a_foreigner_has_a_passport() {
    let sim = Sim::new().await;
    let portal = demo("dvcqg");
    let claims = |more: Value, who| {
        let (sim, portal) = (&sim, &portal);
        async move {
            let tokens = portal.tokens_for(sim, who, more).await;
            userinfo_by_post(sim, tokens["access_token"].as_str().unwrap()).await.status(200).json()
        }
    };
    assert_eq!(claims(json!({}), DUC).await["DiaChi"], "");
    assert_eq!(claims(json!({}), DUC).await["GioiTinh"], 1);
    let foreigner = claims(json!({}), KIM).await;
    assert!(!foreigner["HoChieu"].as_str().unwrap().is_empty());
    let acting = claims(json!({"organisation": "800000000017"}), PHONG).await;
    assert_eq!(acting["LoaiTaiKhoan"], 2);
    assert!(!acting["TenDoanhNghiep"].as_str().unwrap().is_empty());
    assert!(!acting["MaSoThue"].as_str().unwrap().is_empty());
    assert!(!acting["HoVaTen"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn only_dvcqg_reads_a_plus_in_the_state_as_it_is_and_introspects_by_bearer() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let address = format!("{}&state=a+b&prompt=none", portal.request(&[("state", "")]));
    assert_eq!(query(&sim.get(&address).await.location(), "state").as_deref(), Some("a b"));
    let token = portal.access_token_for(&sim, LAN).await;
    let ask = request(Method::POST, "/oauth2/introspect")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let ask = ask.body(axum::body::Body::from(format!("token={token}"))).unwrap();
    sim.send(ask).await.oauth(401, "invalid_client");
    // Another client's token stays unknown, whoever asks.
    let own = demo("dvcqg").tokens_for(&sim, LAN, json!({})).await;
    let ask = request(Method::POST, "/oauth2/introspect")
        .header(header::AUTHORIZATION, format!("Bearer {}", own["access_token"].as_str().unwrap()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let ask = ask.body(axum::body::Body::from(format!("token={token}"))).unwrap();
    assert_eq!(sim.send(ask).await.status(200).json(), json!({"active": false}));
}

/// An access token proves less than a secret does.
#[tokio::test]
async fn dvcqg_a_resource_server_by_bearer_asks_about_its_own_tokens_alone() {
    let sim = Sim::new().await;
    let more = json!({"dialect": "dvcqg", "resource_server": true});
    let server = Portal::registered(&sim, more).await;
    let own = server.access_token_for(&sim, LAN).await;
    let foreign = Portal::plain(&sim).await.access_token_for(&sim, LAN).await;
    assert_eq!(server.introspects(&sim, &foreign).await["active"], true);
    for (token, active) in [(&own, true), (&foreign, false)] {
        let ask = request(Method::POST, "/oauth2/introspect")
            .header(header::AUTHORIZATION, format!("Bearer {own}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let ask = ask.body(axum::body::Body::from(format!("token={token}"))).unwrap();
        assert_eq!(sim.send(ask).await.status(200).json()["active"], active);
    }
}

#[tokio::test]
async fn bca_the_portals_own_request_has_no_state_nonce_or_pkce() {
    let sim = Sim::new().await;
    let portal = demo("bca");
    for scope in ["&scope=openid", ""] {
        let address =
            format!("/auth?response_type=code&client_id=demo-bca&redirect_uri={CALLBACK}{scope}");
        let back = comes_back(&sim, &address, LAN).await;
        assert_eq!(query(&back, "state"), None);
        let tokens = portal.redeems(&sim, &query(&back, "code").unwrap(), &[]).await;
        let tokens = tokens.status(200).json();
        assert_eq!(tokens["scope"], "openid");
        assert!(payload(tokens["id_token"].as_str().unwrap()).get("nonce").is_none());
    }
    // A standard client that leaves the scope out is told so.
    let plain = Portal::plain(&sim).await;
    let reply = sim.get(&plain.request(&[("scope", "")])).await;
    assert_eq!(plain.error(&reply), "invalid_scope");
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    let version = text.as_bytes().get(14).copied();
    let variant = text.as_bytes().get(19).copied();
    // RFC 9562 §5.4: version 4, variant 10.
    parts == [8, 4, 4, 4, 12]
        && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
        && version == Some(b'4')
        && variant.is_some_and(|it| b"89ab".contains(&it))
}

#[tokio::test]
async fn partner_code_token_and_userinfo_are_sealed_for_its_key() {
    let sim = Sim::new().await;
    let portal = demo("partner");
    let address = format!(
        "/oauth2/authorize?response_type=code&client_id=demo-partner&redirect_uri={CALLBACK}\
         &scope=openid&state=s-1"
    );
    let back = comes_back(&sim, &address, LAN).await;
    let raw = |name: &str| {
        let rest = back.split(&format!("{name}=")).nth(1).unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    assert_eq!(query(&back, "state").as_deref(), Some("s-1"));
    let code = opened(&json!({"data": raw("code"), "key": raw("encrypt_key")}));
    let guids: Vec<&str> = code.split('.').collect();
    assert!(guids.len() == 2 && guids.iter().all(|guid| is_guid(guid)), "{code}");
    let encrypt_key = raw("encrypt_key");
    let more = [("code", &*code), ("encrypt_key", &*encrypt_key)];
    let tokens = opened_json(&exchanges(&sim, &portal, &more).await.status(200));
    assert!(tokens.get("id_token").is_none());
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let access = tokens["access_token"].as_str().unwrap();
    for reply in
        [sim.bearer("/oauth2/userinfo", access).await, userinfo_by_post(&sim, access).await]
    {
        let claims = opened_json(&reply.status(200));
        assert_eq!(claims["citizenPid"], LAN.number);
        assert_eq!(claims["fullName"], "Nguyễn Thị Lan");
        assert_eq!(claims["birthDate"], "08/03/1990");
        assert_eq!(
            (&claims["accountType"], &claims["accountLevel"]),
            (&json!("CA_NHAN"), &json!("2"))
        );
        assert_eq!((&claims["gender"], &claims["nationalityCode"]), (&json!("Nữ"), &json!("VN")));
        assert_eq!(claims["vneid_mock"], true);
    }
    exchanges(&sim, &portal, &more).await.oauth(400, "invalid_grant");
    // What only the client's key opens is no code by itself.
    exchanges(&sim, &portal, &[("code", &raw("code"))]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn partner_a_plus_stands_raw_in_the_callback_unless_the_client_wants_it_escaped() {
    let sim = Sim::new().await;
    let public =
        sim.get("/admin/v1/clients/demo-partner").await.json()["encryption_public_key"].clone();
    for (encoding, raw) in [("raw", true), ("escaped", false)] {
        let more = json!({
            "dialect": "partner", "encryption_public_key": public, "callback_encoding": encoding,
        });
        let portal = Portal::registered(&sim, more).await;
        let mut plus = 0;
        for _ in 0..8 {
            let wish =
                json!({"client_id": portal.client_id, "citizen": LAN.number, "scope": "openid"});
            let done = sim.post("/admin/v1/sign-ins", wish).await.status(200).json();
            let to = done["redirect"].as_str().unwrap().split("&iss=").next().unwrap();
            plus += to.matches('+').count();
            assert_eq!(to.contains("%2B") || to.contains("%2F"), !raw, "{to}");
            portal.redeems(&sim, done["code"].as_str().unwrap(), &[]).await.status(200);
        }
        assert_eq!(plus > 0, raw, "344 Base64 characters eight times hold a plus");
    }
}

#[tokio::test]
async fn partner_json_is_415_unless_the_client_may() {
    let sim = Sim::new().await;
    let public =
        sim.get("/admin/v1/clients/demo-partner").await.json()["encryption_public_key"].clone();
    let body = |portal: &Portal, code: &str| {
        json!({
            "grant_type": "authorization_code", "code": code, "redirect_uri": portal.redirect_uri,
            "client_id": portal.client_id, "client_secret": portal.secret, "encrypt_key": "x",
        })
    };
    for (allowed, status) in [(false, 415), (true, 200)] {
        let more = json!({
            "dialect": "partner", "encryption_public_key": public, "json_token_requests": allowed,
            "token_endpoint_auth_method": "client_secret_post",
        });
        let portal = Portal::registered(&sim, more).await;
        let code = portal.code_for(&sim, LAN, json!({"scope": "openid"})).await;
        sim.post("/oauth2/token", body(&portal, &code)).await.status(status);
        if allowed {
            sim.post("/oauth2/token", body(&portal, &code)).await.oauth(400, "invalid_grant");
            let mut odd = body(&portal, &code);
            odd["code"] = json!(["x"]);
            sim.post("/oauth2/token", odd).await.status(415);
        }
    }
}

#[tokio::test]
async fn partner_a_key_that_is_no_good_registers_nobody() {
    let sim = Sim::new().await;
    let short = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK1XzQZ8bT3m0y3m0s7w5l9gK8Qv\n\
                 xwqk1pZ7yq0mXq8m0v3o5o0n4m0m0m0m0m0m0m0m0m0m0m0m0m0m0m0CAwEAAQ==\n-----END PUBLIC KEY-----";
    for key in [json!(null), json!(""), json!("x"), json!(short), json!(PRIVATE)] {
        let body = json!({
            "client_name": "x", "redirect_uris": ["https://a.example/"], "dialect": "partner",
            "encryption_public_key": key,
        });
        let refused = sim.post("/admin/v1/clients", body).await.problem(422, "invalid");
        assert_eq!(refused["field"], "encryption_public_key");
    }
}

fn file(text: &str) -> (tempfile::TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.toml");
    std::fs::write(&path, format!("{}\n{text}", mock_vneid::app::DEMO)).unwrap();
    (folder, Config { fixtures: vec![path], ..Config::default() })
}

/// Errors that a portal must survive are rows of the table: `TechID` missing, a kind that nobody knows, a name added.
#[tokio::test]
async fn the_table_is_the_users_to_change() {
    let (_folder, config) = file(
        r#"
        [dialect.dvcqg]
        omit_empty = true
        date = "yyyyMMdd"
        [dialect.dvcqg.claims]
        TechID = "none"
        NgaySinh = "birth_date"
        [dialect.dvcqg.values.account_type]
        individual = 9
        "#,
    );
    let sim = Sim::with(config).await;
    let tokens = demo("dvcqg").tokens_for(&sim, LAN, json!({})).await;
    let claims =
        sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.json();
    assert!(claims.get("TechID").is_none() && claims.get("SoCMND").is_none(), "{claims}");
    assert_eq!((&claims["NgaySinh"], &claims["LoaiTaiKhoan"]), (&json!("19900308"), &json!(9)));
    assert_eq!(claims["HoVaTen"], "Nguyễn Thị Lan", "other rows stay");
}

#[tokio::test]
async fn a_wrong_table_is_named_with_file_and_line() {
    for (text, said) in [
        ("[dialect.dvcqg.claims]\nTechID = \"soul\"", "soul"),
        ("[dialect.vssid.claims]\nx = \"subject\"", "vssid"),
        ("[dialect.dvcqg.claims]\n\"a b\" = \"subject\"", "a b"),
        ("[dialect.dvcqg.values.gender]\nmale = [1]", "male"),
        ("[dialect.dvcqg]\ndate = \"dd.MM\"", "dd.MM"),
        ("[dialect.dvcqg]\nclaim = 1", "claim"),
    ] {
        let (folder, config) = file(text);
        let error = mock_vneid::app::fixtures(&config).unwrap_err().to_string();
        let path = folder.path().join("people.toml");
        assert!(error.starts_with(&format!("{}:", path.display())), "{error}");
        assert!(error.contains(said), "{error}");
    }
}
