//! Webhooks at a receiver of the test's own, over a socket.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode, routing::post};
use mock_vneid::{
    Config, MockVneid,
    clock::{Clock as _, SystemClock},
};
use parking_lot::Mutex;
use serde_json::{Value, json};

type Got = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// Refuses the first post and takes every later one.
async fn receiver() -> (String, Got) {
    let got = Got::default();
    let kept = Arc::clone(&got);
    let take = move |headers: HeaderMap, body: Bytes| async move {
        let mut kept = kept.lock();
        kept.push((headers, body));
        if kept.len() == 1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, Router::new().route("/hook", post(take))).await });
    (url, got)
}

async fn until(got: &Got, count: usize) {
    for _ in 0..500 {
        if got.lock().len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} of {count}", got.lock().len());
}

async fn post_to(vneid: &MockVneid, path: &str, body: Value) -> Value {
    vneid.call(axum::http::Method::POST, path, Some(body)).await.unwrap()
}

#[tokio::test]
async fn an_event_is_signed_tried_again_and_sent_anew() {
    let (url, got) = receiver().await;
    let config = Config { allow_private_fetch: true, ..Config::default() };
    let vneid =
        MockVneid::builder().config(config).at("2026-03-02T02:00:00Z").start().await.unwrap();
    let hook = json!({"url": url, "secret": "of-the-test", "events": ["account"]});
    post_to(&vneid, "/admin/v1/webhooks", hook).await;
    let lock = "/admin/v1/accounts/097190000011/lock";
    post_to(&vneid, lock, json!({"reason": "breach_of_terms"})).await;
    until(&got, 2).await;
    let posts = got.lock().clone();
    let (headers, body) = &posts[1];
    assert_eq!(body, &posts[0].1);
    assert_eq!(headers["x-vneid-mock-delivery"], posts[0].0["x-vneid-mock-delivery"]);
    let said: Value = serde_json::from_slice(body).unwrap();
    assert_eq!((&said["kind"], &said["citizen"]), (&json!("account"), &json!("097190000011")));
    assert_eq!(said["data"]["to"], "locked");
    // As a receiver would check it, by its own clock (outside.md P1): the realm's stands months before.
    let signature = headers["x-vneid-mock-signature"].to_str().unwrap();
    let at: i64 = signature.split(['=', ',']).nth(1).unwrap().parse().unwrap();
    assert!((SystemClock.now().as_millis() / 1000 - at).abs() < 300, "{at}");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"of-the-test");
    let signed = [format!("{at}.").as_bytes(), body].concat();
    let tag = aws_lc_rs::hmac::sign(&key, &signed);
    let hex: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(headers["x-vneid-mock-signature"], format!("t={at},v1={}", hex.concat()));
    let replay = format!("/admin/v1/webhooks/deliveries/{}/replay", said["id"].as_str().unwrap());
    vneid.call(axum::http::Method::POST, &replay, None).await.unwrap();
    until(&got, 3).await;
    assert_eq!(&got.lock()[2].1, body);
}

#[tokio::test]
async fn an_address_inside_is_refused_with_the_flag_that_allows_it() {
    let vneid = MockVneid::start().await.unwrap();
    let hook = json!({"url": "http://127.0.0.1:9/hook"});
    let refused = vneid.call(axum::http::Method::POST, "/admin/v1/webhooks", Some(hook)).await;
    assert!(refused.unwrap_err().to_string().contains("--allow-private-fetch"));
}

/// outside.md T11: of 64 places that deliveries have, each is free again when its delivery has ended.
#[tokio::test]
async fn t11_more_events_than_places_are_told_one_after_the_other() {
    let (url, got) = receiver().await;
    let config = Config { allow_private_fetch: true, ..Config::default() };
    let vneid = MockVneid::builder().config(config).start().await.unwrap();
    post_to(&vneid, "/admin/v1/webhooks", json!({"url": url, "events": ["clock"]})).await;
    // The first one is refused once, and comes again.
    for event in 1..=66 {
        post_to(&vneid, "/admin/v1/clock/advance", json!({"duration": "PT1S"})).await;
        until(&got, event + 1).await;
    }
    let path = "/admin/v1/webhooks/deliveries";
    let deliveries = vneid.call(axum::http::Method::GET, path, None).await.unwrap();
    let failed: Vec<_> =
        deliveries.as_array().unwrap().iter().filter(|it| it["progress"] == "failed").collect();
    assert!(failed.is_empty(), "{failed:?}");
}
