//! How a client proves itself: the registered method, that method alone, and the whole secret.

use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    direct::{CHALLENGE, VERIFIER},
};

const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

async fn portal_of(sim: &Sim, method: &str) -> Portal {
    Portal::registered(sim, json!({"token_endpoint_auth_method": method})).await
}

/// Redeems a fresh code by `method`, with `secret`.
async fn by(sim: &Sim, portal: &Portal, method: &str, secret: &str) -> Reply {
    let more = json!({"code_challenge": CHALLENGE});
    let code = portal.code_for(sim, LAN, more).await;
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &portal.redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    if method != "client_secret_basic" {
        fields.push(("client_id", &portal.client_id));
    }
    if method == "client_secret_post" {
        fields.push(("client_secret", secret));
    }
    let basic = (method == "client_secret_basic").then_some((portal.client_id.as_str(), secret));
    sim.form("/oauth2/token", basic, &fields).await
}

#[tokio::test]
async fn attack_22_the_registered_method_and_no_other() {
    let sim = Sim::new().await;
    for registered in METHODS {
        let portal = portal_of(&sim, registered).await;
        for used in METHODS {
            let secret = if portal.secret.is_empty() { "0123456789abcdef" } else { &portal.secret };
            let reply = by(&sim, &portal, used, secret).await;
            if used == registered {
                reply.status(200);
            } else {
                let reply = reply.oauth(401, "invalid_client");
                assert!(reply.header("www-authenticate").starts_with("Basic "), "{used}");
            }
        }
    }
}

#[tokio::test]
async fn attack_20_the_whole_secret_and_nothing_else() {
    let sim = Sim::new().await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let portal = portal_of(&sim, method).await;
        let secret = portal.secret.clone();
        let mut wrong: Vec<String> =
            (0..secret.len()).map(|end| secret[..end].to_owned()).collect();
        wrong.extend([format!("{secret}x"), secret.to_lowercase(), secret.repeat(2)]);
        for wrong in wrong {
            by(&sim, &portal, method, &wrong).await.oauth(401, "invalid_client");
        }
        by(&sim, &portal, method, &secret).await.status(200);
    }
}

#[tokio::test]
async fn attack_21_two_methods_at_once_are_refused() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let both = [("client_id", portal.client_id.as_str()), ("client_secret", &portal.secret)];
    portal.redeems(&sim, &code, &both).await.oauth(400, "invalid_request");
    portal.redeems(&sim, &code, &both[1..]).await.oauth(400, "invalid_request");
    // The same client_id in the body is no method.
    portal.redeems(&sim, &code, &both[..1]).await.status(200);
}

#[tokio::test]
async fn rfc_6749_2_3_1_basic_is_form_encoded_first() {
    let sim = Sim::new().await;
    let secret = "a+b%20c:d&e=f/g?h~0123456789";
    let more = json!({"client_id": "id:with+odd%chars&", "client_secret": secret});
    let portal = Portal::registered(&sim, more).await;
    assert_eq!(portal.secret, secret);
    by(&sim, &portal, "client_secret_basic", secret).await.status(200);
}

#[tokio::test]
async fn nobody_learns_whether_a_client_is_there() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let fields = [("grant_type", "authorization_code"), ("code", "x")];
    let known = sim.form("/oauth2/token", Some((&portal.client_id, "wrong")), &fields).await;
    let unknown = sim.form("/oauth2/token", Some(("nobody", "wrong")), &fields).await;
    assert_eq!(known.status, 401);
    let said = |reply: &Reply| {
        let mut body = reply.json();
        body.as_object_mut().unwrap().remove("error_uri");
        body
    };
    assert_eq!((known.status, said(&known)), (unknown.status, said(&unknown)));
    assert_eq!(known.headers, unknown.headers);
}

#[tokio::test]
async fn a_changed_secret_replaces_the_old_one_and_a_deleted_client_is_unknown() {
    let sim = Sim::new().await;
    let mut portal = Portal::plain(&sim).await;
    let path = format!("/admin/v1/clients/{}", portal.client_id);
    let body = json!({"client_name": "Cổng thử", "redirect_uris": [portal.redirect_uri],
        "client_secret": "a-new-secret-of-the-portal"});
    let shown = sim.put(&path, body).await.status(200).json();
    assert!(shown.get("client_secret").is_none());
    by(&sim, &portal, "client_secret_basic", &portal.secret).await.oauth(401, "invalid_client");
    "a-new-secret-of-the-portal".clone_into(&mut portal.secret);
    by(&sim, &portal, "client_secret_basic", &portal.secret).await.status(200);
    let code = portal.code_for(&sim, LAN, json!({})).await;
    sim.delete(&path).await.status(204);
    portal.redeems(&sim, &code, &[]).await.oauth(401, "invalid_client");
}
