//! outside.md P12, P13, P20, N3: clients as they are registered, and what contradicts itself.

use axum::http::{Method, header};
use serde_json::json;

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    query, request,
};

/// RFC 7591 §2: a name is optional, addresses are for browsers; RFC 7592 §3: an answer repeats how the client is managed.
#[tokio::test]
async fn p12_registration_asks_for_no_more_than_it_needs() {
    let sim = Sim::new().await;
    let body = json!({"redirect_uris": ["https://rp.example:8443/cb"]});
    let made = sim.post("/admin/v1/clients", body).await.status(201).json();
    assert_eq!(made["client_name"], "rp.example");
    let body = json!({"client_id": "worker", "grant_types": ["client_credentials"], "service_scope": "read"});
    let made = sim.post("/admin/v1/clients", body).await.status(201).json();
    assert_eq!((&made["client_name"], &made["redirect_uris"]), (&json!("worker"), &json!([])));
    let basic = Some(("worker", made["client_secret"].as_str().unwrap()));
    sim.form("/oauth2/token", basic, &[("grant_type", "client_credentials")]).await.status(200);
    sim.post("/admin/v1/clients", json!({"client_name": ""})).await.problem(422, "invalid");

    sim.patch("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let body = json!({"redirect_uris": ["https://rp.example/cb"]});
    let client = sim.post("/oauth2/register", body).await.status(201).json();
    let token = client["registration_access_token"].as_str().unwrap();
    let path = client["registration_client_uri"]
        .as_str()
        .unwrap()
        .strip_prefix("http://localhost:8080")
        .unwrap();
    let bearer = format!("Bearer {token}");
    let read = request(Method::GET, path).header(header::AUTHORIZATION, &bearer);
    let read = sim.send(read.body(axum::body::Body::empty()).unwrap()).await.status(200).json();
    let body =
        json!({"client_id": client["client_id"], "redirect_uris": ["https://rp.example/new"]});
    let change = request(Method::PUT, path)
        .header(header::AUTHORIZATION, &bearer)
        .header(header::CONTENT_TYPE, "application/json");
    let changed = sim.send(change.body(body.to_string().into()).unwrap()).await.status(200).json();
    for answer in [read, changed] {
        for member in ["registration_access_token", "registration_client_uri"] {
            assert_eq!(answer[member], client[member]);
        }
    }

    // `PUT` creates, then replaces; the secret is shown when it is made, and stays.
    let body = json!({"client_name": "Cổng", "redirect_uris": ["https://rp.example/cb"]});
    let created = sim.put("/admin/v1/clients/my-portal", body.clone()).await.status(201).json();
    assert!(created["client_secret"].as_str().is_some_and(|it| it.len() > 30));
    let again = sim.put("/admin/v1/clients/my-portal", body).await.status(200).json();
    assert!(again.get("client_secret").is_none());
    let portal = Portal {
        client_id: "my-portal".to_owned(),
        secret: created["client_secret"].as_str().unwrap().to_owned(),
        redirect_uri: "https://rp.example/cb".to_owned(),
    };
    let code = portal.code_for(&sim, LAN, json!({})).await;
    portal.redeems(&sim, &code, &[]).await.status(200);
}

#[tokio::test]
async fn p13_an_address_that_can_never_match_is_refused() {
    let sim = Sim::new().await;
    for field in ["redirect_uris", "post_logout_redirect_uris"] {
        for uri in ["http://localhost:3000/*", "https://*.rp.example/cb", "vn.example.app:/*"] {
            let mut body = json!({"redirect_uris": ["https://rp.example/cb"]});
            body[field] = json!([uri]);
            let told = sim.post("/admin/v1/clients", body).await.problem(422, "invalid");
            let detail = told["detail"].as_str().unwrap();
            assert!(detail.starts_with(field) && detail.contains("matching is exact"), "{detail}");
        }
    }
}

/// What is wrong is told in words of ours, with what is allowed.
#[tokio::test]
async fn p20_refusals_have_words_of_their_own() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for age in ["4294967296", "-1", "x", "1.5", "+5"] {
        let back = sim.get(&portal.request(&[("max_age", age)])).await.location();
        let said = query(&back, "error_description").unwrap();
        assert_eq!(said, "max_age must be 0 to 4294967295 seconds", "{age}");
    }
    sim.patch("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    for (wrong, words) in [
        (
            json!({"token_endpoint_auth_method": "tls"}),
            "token_endpoint_auth_method must be one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, none",
        ),
        (json!({"subject_type": "x"}), "subject_type must be public or pairwise"),
        (json!({"default_max_age": "x"}), "default_max_age must be a whole number, not negative"),
        (json!({"redirect_uris": "https://rp.example/cb"}), "redirect_uris must be a list"),
        (json!({"application_type": "desktop"}), "application_type must be web or native"),
        (json!({"require_pkce": "yes"}), "require_pkce must be true or false"),
    ] {
        let mut body = json!({"redirect_uris": ["https://rp.example/cb"]});
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let reply = sim.post("/oauth2/register", body.clone()).await;
        assert_eq!(reply.json()["error_description"], words);
        assert_eq!(
            sim.post("/admin/v1/clients", body).await.problem(422, "invalid")["detail"],
            words
        );
    }
    let told =
        sim.put("/admin/v1/policy", json!({"token_second": 5})).await.problem(422, "invalid");
    assert!(
        told["detail"]
            .as_str()
            .unwrap()
            .starts_with("token_second is not known here, only regime, "),
        "{told}"
    );
}

/// One proof in each request, one member of each name, and no promise that a dialect cannot keep.
#[tokio::test]
async fn n3_what_contradicts_itself_is_refused() {
    let sim = Sim::new().await;
    let dvcqg = Portal::registered(&sim, json!({"dialect": "dvcqg"})).await;
    let token = dvcqg.access_token_for(&sim, LAN).await;
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("token", token.as_str()), ("client_secret", dvcqg.secret.as_str())])
        .finish();
    let both = request(Method::POST, "/oauth2/introspect")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    sim.send(both.body(body.into()).unwrap()).await.oauth(400, "invalid_request");

    let json_client =
        json!({"json_token_requests": true, "token_endpoint_auth_method": "client_secret_post"});
    let portal = Portal::registered(&sim, json_client).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let body = |code: &str| {
        let (id, secret, uri) = (&portal.client_id, &portal.secret, &portal.redirect_uri);
        format!(
            r#"{{"grant_type":"authorization_code","client_id":"{id}","client_secret":"{secret}","redirect_uri":"{uri}",{code}}}"#
        )
    };
    let post = async |body: String| {
        let post =
            request(Method::POST, "/oauth2/token").header(header::CONTENT_TYPE, "application/json");
        sim.send(post.body(body.into()).unwrap()).await
    };
    post(body(&format!(r#""code":"x","code":"{code}""#))).await.oauth(400, "invalid_request");
    post(body(&format!(r#""code":"{code}","client_id":"other""#)))
        .await
        .oauth(400, "invalid_request");
    post(body(&format!(r#""code":"{code}""#))).await.status(200);

    for wrong in [
        json!({"dialect": "bca", "require_pkce": true}),
        json!({"dialect": "bca", "userinfo_signed_response_alg": "RS256"}),
        json!({"dialect": "dvcqg", "userinfo_signed_response_alg": "RS256"}),
    ] {
        let mut body = json!({"redirect_uris": ["https://rp.example/cb"]});
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        sim.post("/admin/v1/clients", body).await.problem(422, "invalid");
    }
}
