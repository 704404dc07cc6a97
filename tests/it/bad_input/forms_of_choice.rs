//! The two pages of a choice, account type and representative: forged, repeated, stale, another step's, another browser's.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use super::{Fire, Verdict, app, due, get, json, page, sent, token_of};
use crate::harness::{
    Reply, Sim,
    actors::{Citizen, Portal},
    browser::Browser,
};

const KIND: &str = "application/x-www-form-urlencoded";
const OFFICE: &str = "800000000017";
/// Represents the office; has both roles.
const PHONG: Citizen =
    Citizen { number: "097079000419", phone: "0912345641", password: "Vn@000419a" };
/// A child with an account; her phone is her mother's.
const VY: Citizen = Citizen { number: "097315000342", phone: "0912345633", password: "Vn@000342a" };
const MOTHER: &str = "097188000331";

/// An open page: its address, its cookies, its form field.
struct Open {
    url: String,
    cookie: String,
    field: String,
}

impl Open {
    async fn of(sim: &Sim, who: Citizen, door: &str) -> Self {
        let portal = Portal::plain(sim).await;
        let mut browser = Browser::new(sim);
        browser.open(&portal.request(&[])).await.status(200);
        who.signs_in(&mut browser).await.status(200);
        let url = browser.url.clone();
        assert!(url.starts_with(door), "{url} is not {door}");
        let cookies: Vec<_> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        Self { url, cookie: cookies.join("; "), field: browser.form() }
    }

    fn post(&self, body: String) -> Request<Body> {
        self.post_at(&self.url, body)
    }

    fn post_at(&self, url: &str, body: impl Into<Body>) -> Request<Body> {
        let mut request = sent(Method::POST, url, KIND, body);
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        request
    }
}

#[tokio::test]
async fn the_pages_of_a_choice_without_their_sign_in() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for door in ["/login/account-type", "/login/representative"] {
        for query in ["", "?interaction=", "?interaction=x", "?interaction=%ff", "?interaction=%00"]
        {
            let path = format!("{door}{query}");
            fire.shoot(&path, get(&path), page(400)).await;
            for body in ["", "form=x", "form=x&account_type=ca_nhan"] {
                let name = format!("{path} {body}");
                fire.shoot(&name, sent(Method::POST, &path, KIND, body), page(400)).await;
            }
        }
        let big = "a=".to_owned() + &"a".repeat(70_000);
        fire.shoot(door, sent(Method::POST, door, KIND, big), page(413)).await;
        fire.shoot(door, sent(Method::POST, door, "application/json", "{}"), page(415)).await;
    }
    fire.done();
}

#[tokio::test]
async fn an_account_type_is_one_of_the_holders_own() {
    let sim = Sim::new().await;
    let open = Open::of(&sim, PHONG, "/login/account-type").await;
    let field = &open.field;
    let mut fire = Fire::at(sim).await;
    for (more, status) in [
        ("", 400),
        ("&account_type=", 400),
        ("&account_type=CA_NHAN", 400),
        ("&account_type=to_chuc", 400),
        ("&account_type=to_chuc&organisation=", 400),
        ("&account_type=to_chuc&organisation=x", 400),
        ("&account_type=to_chuc&organisation=80000000001%37%00", 400),
        ("&account_type=ca_nhan&account_type=to_chuc", 400),
        ("&account_type=to_chuc&organisation=800000000017&organisation=800000000028", 400),
        ("&account_type=%ff", 400),
        ("&account_type=ca_nhan&x=%00", 400),
        // An organisation of somebody else, of nobody, dissolved, not activated, or a person.
        ("&account_type=to_chuc&organisation=800000000028", 303),
        ("&account_type=to_chuc&organisation=899999999999", 303),
        ("&account_type=to_chuc&organisation=800000000039", 303),
        ("&account_type=to_chuc&organisation=800000000041", 303),
        ("&account_type=to_chuc&organisation=097079000419", 303),
    ] {
        let request = open.post(format!("form={field}{more}"));
        match status {
            303 => fire.shoot(more, request, due).await,
            _ => fire.shoot(more, request, page(status)).await,
        };
    }
    for forged in ["", "x", &field.to_uppercase(), &format!("{field}x")] {
        let request = open.post(format!("form={forged}&account_type=ca_nhan"));
        fire.shoot(&format!("form {forged}"), request, due).await;
    }
    let body = format!("form={field}&account_type=ca_nhan");
    // Another browser, no browser, another step.
    let mut alien = open.post(body.clone());
    alien
        .headers_mut()
        .insert(header::COOKIE, "vneid_mock_browser_default_p22MPpTr=x".parse().unwrap());
    fire.shoot("another browser", alien, page(400)).await;
    let bare = sent(Method::POST, &open.url, KIND, body.clone());
    fire.shoot("no browser", bare, page(400)).await;
    for other in [
        "/login",
        "/login/otp",
        "/login/otp/resend",
        "/login/consent",
        "/login/level",
        "/login/representative",
    ] {
        let url = open.url.replace("/login/account-type", other);
        let more = format!("{body}&username=x&password=x&otp=1&decision=allow");
        fire.shoot(other, open.post_at(&url, more), due).await;
    }
    // Nobody became somebody else's: the right form still works, once.
    let good = format!("form={field}&account_type=to_chuc&organisation={OFFICE}");
    let reply = fire.sim.send(open.post(good.clone())).await;
    assert!(reply.location().contains("code="), "{}", reply.text());
    fire.settle().await;
    let same = |again: &Reply| {
        if again.header("location") == reply.header("location") {
            Ok(())
        } else {
            Err("another answer".to_owned())
        }
    };
    fire.shoot("again", open.post(good), same).await;
    fire.done();
}

#[tokio::test]
async fn a_choice_that_came_too_late_is_none() {
    // Locked, dissolved or dismissed between the page and the form.
    let (himself, office) = (
        format!("/admin/v1/accounts/{}/lock", PHONG.number),
        format!("/admin/v1/accounts/{OFFICE}/lock"),
    );
    for (path, body, choice) in [
        (&himself, json!({}), "ca_nhan"),
        (&office, json!({"reason": "dissolved"}), "to_chuc"),
        (&office, json!({}), "to_chuc"),
    ] {
        let sim = Sim::new().await;
        let open = Open::of(&sim, PHONG, "/login/account-type").await;
        sim.post(path, body).await.status(200);
        let mut fire = Fire::at(sim).await;
        let body = format!("form={}&account_type={choice}&organisation={OFFICE}", open.field);
        // Without the office he may still choose himself; locked himself, the portal hears that the sign-in has ended.
        let verdict = if choice == "ca_nhan" { no_code } else { due };
        fire.shoot(path, open.post(body), verdict).await;
        fire.done();
    }
}

/// A page that says no and leads nowhere, or the way back with an error and no code.
fn no_code(reply: &Reply) -> Verdict {
    if reply.header("location").contains("code=") || reply.status.is_success() {
        return Err("it went on".to_owned());
    }
    if reply.status == 303 && !reply.header("location").contains("error=access_denied") {
        return Err(format!("leads to {}", reply.header("location")));
    }
    Ok(())
}

#[tokio::test]
async fn a_representative_consents_in_her_app_and_nowhere_else() {
    let sim = Sim::new().await;
    let open = Open::of(&sim, VY, "/login/representative").await;
    let field = &open.field;
    let stranger = token_of(&sim, PHONG.number, "phone-9").await;
    let mother = token_of(&sim, MOTHER, "phone-1").await;
    let asked = sim.send(app("GET", "/app/v1/consents", &mother, "")).await.status(200).json();
    let id = asked[0]["id"].as_str().unwrap().to_owned();
    let mut fire = Fire::at(sim).await;
    for forged in ["", "x", &field.to_uppercase()] {
        let request = open.post(format!("form={forged}&decision=allow"));
        fire.shoot(&format!("form {forged}"), request, due).await;
    }
    for other in ["/login", "/login/otp", "/login/consent", "/login/level", "/login/account-type"] {
        let url = open.url.replace("/login/representative", other);
        let body =
            format!("form={field}&account_type=ca_nhan&decision=allow&otp=1&username=x&password=x");
        fire.shoot(other, open.post_at(&url, body), due).await;
    }
    let path = format!("/app/v1/consents/{id}");
    let answer = r#"{"decision":"allow","passcode":"000419"}"#;
    fire.shoot("a stranger", app("POST", &path, &stranger, answer), |reply| {
        super::problem(404, "not_found")(reply)
    })
    .await;
    fire.shoot("no app", json("POST", &path, answer), super::signed_out).await;
    // Without an answer the page comes again, with another form.
    let again = fire.sim.send(open.post(format!("form={field}&decision=allow"))).await.status(403);
    assert!(again.text().contains("name=\"form\""), "the same page again");
    fire.shoot("the old form", open.post(format!("form={field}")), due).await;
    fire.done();
}

#[tokio::test]
async fn a_consent_is_given_once_and_a_refusal_is_final() {
    let sim = Sim::new().await;
    let open = Open::of(&sim, VY, "/login/representative").await;
    let mother = token_of(&sim, MOTHER, "phone-1").await;
    let asked = sim.send(app("GET", "/app/v1/consents", &mother, "")).await.status(200).json();
    let path = format!("/app/v1/consents/{}", asked[0]["id"].as_str().unwrap());
    let deny = r#"{"decision":"deny","passcode":"000331"}"#;
    sim.send(app("POST", &path, &mother, deny)).await.status(200);
    let mut fire = Fire::at(sim).await;
    for answer in [deny, r#"{"decision":"allow","passcode":"000331"}"#] {
        let again = app("POST", &path, &mother, answer);
        fire.shoot("again", again, super::problem(404, "not_found")).await;
    }
    fire.shoot("after a refusal", open.post(format!("form={}", open.field)), no_code).await;
    fire.shoot("and again", open.post(format!("form={}", open.field)), no_code).await;
    fire.done();
}
