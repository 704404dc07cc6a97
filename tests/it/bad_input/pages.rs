//! The sign-in pages, asked for without, with somebody else's, or with a broken form.

use axum::http::{Method, header};

use super::{Fire, due, expect, form, get, page, sent};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

const PAGES: [&str; 5] = ["/login", "/login/otp", "/login/qr", "/login/level", "/login/consent"];
const FORMS: [&str; 6] =
    ["/login", "/login/otp", "/login/qr", "/login/otp/resend", "/login/level", "/login/consent"];

#[tokio::test]
async fn a_page_without_its_sign_in_says_so() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for path in PAGES {
        for query in [
            "",
            "?interaction=",
            "?interaction=x",
            "?interaction=%ff",
            "?interaction=%00",
            "?interaction=a&interaction=b",
            "?interaction=..%2f..",
            "?interaction=<script>&lang=en",
        ] {
            let path = format!("{path}{}", query.replace('<', "%3C").replace('>', "%3E"));
            fire.shoot(&path, get(&path), page(400)).await;
        }
    }
    for path in FORMS {
        for body in [
            "",
            "form=x",
            "decision=allow",
            "decision=deny&form=",
            "action=begin",
            "action=continue&form=x",
            "otp=123456",
        ] {
            let name = format!("{path} {body}");
            fire.shoot(&name, form(path, body), page(400)).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused_before_it_counts() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (path, cookie, field) = {
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        let cookies: Vec<_> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        (browser.url.clone(), cookies.join("; "), browser.form())
    };
    let mut fire = Fire::at(sim).await;
    let by_browser = |kind: &str, body: Vec<u8>| {
        let mut request = sent(Method::POST, &path, kind, body);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        request
    };
    let good = format!("form={field}&username={}&password=Vn%40000011a", LAN.number);
    let kind = "application/x-www-form-urlencoded";
    for kind in ["application/json", "text/plain", "", "multipart/form-data; boundary=x"] {
        fire.shoot(kind, by_browser(kind, good.clone().into_bytes()), page(415)).await;
    }
    for more in ["&x=%ff", "&x=%c0%ae", "&x=%ed%a0%80", "&x=%00", "&\u{0}=1"] {
        fire.shoot(more, by_browser(kind, format!("{good}{more}").into_bytes()), page(400)).await;
    }
    let mut raw = good.clone().into_bytes();
    raw.extend(b"&x=\xff\xfe");
    fire.shoot("bytes", by_browser(kind, raw), page(400)).await;
    let long = format!("{good}&x={}", "a".repeat(8193));
    fire.shoot("long", by_browser(kind, long.into_bytes()), page(400)).await;
    let many = format!("{good}{}", "&x=1".repeat(64));
    fire.shoot("many", by_browser(kind, many.into_bytes()), page(400)).await;
    for stale in ["", "x", &field.to_uppercase(), &format!("{field}x")] {
        let body = good.replace(&field, stale);
        fire.shoot("stale form", by_browser(kind, body.into_bytes()), due).await;
    }
    // The form of another step, sent to the step that is due.
    let mut other = form(&path.replace("/login", "/login/otp"), format!("form={field}&otp=123456"));
    other.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
    fire.shoot("other step", other, due).await;
    let mut alien = form(&path, good.clone());
    alien
        .headers_mut()
        .insert(header::COOKIE, "vneid_mock_browser_default_p22MPpTr=x".parse().unwrap());
    fire.shoot("other browser", alien, page(400)).await;
    let mut bytes = form(&path, good.clone());
    bytes.headers_mut().insert(
        header::COOKIE,
        axum::http::HeaderValue::from_bytes(b"vneid_mock_browser_default_p22MPpTr=\xff\xfe")
            .unwrap(),
    );
    fire.shoot("cookie of bytes", bytes, page(400)).await;
    // After all that the form is still good.
    let reply = fire.sim.send(by_browser(kind, good.into_bytes())).await;
    expect(&reply, 303).unwrap();
    fire.sim.delete("/admin/v1/messages").await.status(204);
    fire.done();
}
