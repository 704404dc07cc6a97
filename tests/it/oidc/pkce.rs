//! PKCE (RFC 7636): S256 only, required of public clients, and no way round it (RFC 9700 §2.1.1).

use mock_vneid::oidc::digest::sha256_base64url;
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    browser::Browser,
    direct::{CHALLENGE, VERIFIER},
};

async fn public(sim: &Sim) -> Portal {
    Portal::registered(sim, json!({"token_endpoint_auth_method": "none"})).await
}

/// The token request of a public client.
async fn redeems(sim: &Sim, portal: &Portal, code: &str, verifier: &str) -> Reply {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", portal.redirect_uri.as_str()),
        ("client_id", portal.client_id.as_str()),
    ];
    if !verifier.is_empty() {
        fields.push(("code_verifier", verifier));
    }
    sim.form("/oauth2/token", None, &fields).await
}

fn challenged() -> Value {
    json!({"code_challenge": CHALLENGE})
}

#[tokio::test]
async fn the_example_of_the_rfc_is_proven() {
    let sim = Sim::new().await;
    let portal = public(&sim).await;
    let code = portal.code_for(&sim, LAN, challenged()).await;
    redeems(&sim, &portal, &code, VERIFIER).await.status(200);
}

#[tokio::test]
async fn attack_12_no_other_verifier_proves_it() {
    let sim = Sim::new().await;
    let portal = public(&sim).await;
    let code = portal.code_for(&sim, LAN, challenged()).await;
    let padded = format!("{VERIFIER}=");
    let long = VERIFIER.repeat(3);
    let (lower, cut) = (VERIFIER.to_lowercase(), &VERIFIER[..42]);
    for verifier in ["", "x", cut, &padded, &lower, &long, " ", "é", &"a".repeat(43)] {
        redeems(&sim, &portal, &code, verifier).await.oauth(400, "invalid_grant");
    }
    redeems(&sim, &portal, &code, VERIFIER).await.status(200);
}

#[tokio::test]
async fn attack_11_the_challenge_is_not_its_own_verifier() {
    let sim = Sim::new().await;
    let portal = public(&sim).await;
    let code = portal.code_for(&sim, LAN, challenged()).await;
    redeems(&sim, &portal, &code, CHALLENGE).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn attack_10_a_verifier_without_a_challenge_is_a_downgrade() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let reply = portal.redeems(&sim, &code, &[("code_verifier", VERIFIER)]).await;
    reply.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn attack_10_a_confidential_client_that_began_with_pkce_ends_with_it() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, challenged()).await;
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    portal.redeems(&sim, &code, &[("code_verifier", VERIFIER)]).await.status(200);
}

#[tokio::test]
async fn who_must_use_pkce_cannot_leave_it_out() {
    let sim = Sim::new().await;
    let strict = Portal::registered(&sim, json!({"require_pkce": true})).await;
    for portal in [public(&sim).await, strict] {
        let plain = [("code_challenge", CHALLENGE), ("code_challenge_method", "plain")];
        for more in [&[][..], &[("code_challenge", CHALLENGE)], &plain] {
            let mut browser = Browser::new(&sim);
            let reply = browser.open(&portal.request(more)).await;
            assert_eq!(portal.error(&reply), "invalid_request", "{more:?}");
        }
        let body = json!({"client_id": portal.client_id, "citizen": LAN.number});
        sim.post("/admin/v1/sign-ins", body).await.problem(400, "invalid_request");
        let s256 = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
        Browser::new(&sim).open(&portal.request(&s256)).await.status(200);
    }
}

#[tokio::test]
async fn a_challenge_has_43_to_128_unreserved_characters() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for (length, fits) in [(42, false), (43, true), (128, true), (129, false)] {
        let challenge = "-._~".repeat(40)[..length].to_owned();
        let more = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
        let reply = Browser::new(&sim).open(&portal.request(&more)).await;
        assert_eq!(reply.status == 200, fits, "{length}");
    }
}

/// outside.md T16: a verifier has 43 to 128 unreserved characters, also one whose hash is the challenge (RFC 7636 §4.1).
#[tokio::test]
async fn t16_a_verifier_has_43_to_128_unreserved_characters() {
    let sim = Sim::new().await;
    let portal = public(&sim).await;
    let unreserved = "aZ09-._~".repeat(20);
    let odd = |character: &str| format!("{}{character}", &unreserved[..43]);
    let cases = [
        ("x".to_owned(), false),
        (unreserved[..42].to_owned(), false),
        (unreserved[..43].to_owned(), true),
        (unreserved[..128].to_owned(), true),
        (unreserved[..129].to_owned(), false),
        (odd("="), false),
        (odd(" "), false),
        (odd("é"), false),
    ];
    for (verifier, fits) in cases {
        let challenge = json!({"code_challenge": sha256_base64url(&verifier)});
        let code = portal.code_for(&sim, LAN, challenge).await;
        let reply = redeems(&sim, &portal, &code, &verifier).await;
        if fits {
            reply.status(200);
        } else {
            assert_eq!(reply.status, 400, "{verifier}");
            reply.oauth(400, "invalid_grant");
        }
    }
}
