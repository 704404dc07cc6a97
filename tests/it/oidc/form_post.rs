//! `response_mode=form_post`: the answer is a form that posts itself.

use axum::http::header;

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

/// The hidden fields of an answer, as a browser would post them.
pub(crate) fn fields(reply: &Reply) -> Vec<(String, String)> {
    let page = reply.text();
    let inputs = page.split("<input type=\"hidden\" ").skip(1);
    let part = |input: &str, name: &str| {
        let value = input.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        let unescaped = [
            ("&#38;", "&"),
            ("&amp;", "&"),
            ("&#60;", "<"),
            ("&lt;", "<"),
            ("&#62;", ">"),
            ("&gt;", ">"),
            ("&#34;", "\""),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&#x27;", "'"),
        ];
        unescaped.iter().rev().fold(value.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    inputs.map(|input| (part(input, "name"), part(input, "value"))).collect()
}

fn value(reply: &Reply, name: &str) -> Option<String> {
    fields(reply).into_iter().find(|(given, _)| given == name).map(|(_, value)| value)
}

#[tokio::test]
async fn code_state_and_issuer_are_posted_and_nothing_is_in_the_address() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("response_mode", "form_post")])).await.status(200);
    let reply = LAN.signs_in(&mut browser).await.status(200);
    assert!(reply.headers.get(header::LOCATION).is_none());
    assert!(
        reply.text().contains("<form method=\"post\" action=\"https://portal.example/callback\">")
    );
    let names: Vec<String> = fields(&reply).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    assert_eq!(value(&reply, "state").as_deref(), Some("s-1"));
    assert_eq!(value(&reply, "iss").as_deref(), Some("http://localhost:8080"));
    portal.redeems(&sim, &value(&reply, "code").unwrap(), &[]).await.status(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn the_one_script_is_the_one_that_the_policy_lets_run() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let silent = [("response_mode", "form_post"), ("prompt", "none")];
    let reply = sim.get(&portal.request(&silent)).await.status(200);
    let page = reply.text();
    let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let hash = STANDARD.encode(mock_vneid::oidc::digest::sha256(script));
    let policy = reply.header("content-security-policy");
    assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy} {hash}");
    assert_eq!(page.matches("<script").count(), 1);
}

#[tokio::test]
async fn an_error_is_posted_too() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let silent = [("response_mode", "form_post"), ("prompt", "none")];
    let reply = sim.get(&portal.request(&silent)).await.status(200);
    assert_eq!(value(&reply, "error").as_deref(), Some("login_required"));
    assert_eq!(value(&reply, "state").as_deref(), Some("s-1"));
    assert!(value(&reply, "code").is_none());
    let odd = portal.request(&[("response_mode", "word")]);
    assert_eq!(portal.error(&sim.get(&odd).await), "invalid_request");
}

#[tokio::test]
async fn attack_9_markup_in_the_state_is_text() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for state in ["\"><script>alert(1)</script>", "'&<>\"", "&quot;&#34;", "tiếng Việt 🇻🇳"]
    {
        let more = [("response_mode", "form_post"), ("prompt", "none"), ("state", state)];
        let reply = sim.get(&portal.request(&more)).await.status(200);
        assert_eq!(value(&reply, "state").as_deref(), Some(state));
        assert_eq!(reply.text().matches("<script").count(), 1);
    }
}
