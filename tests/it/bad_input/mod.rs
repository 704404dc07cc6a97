//! Bad input at every door: a clear 4xx in the door's own shape, never a 5xx, and nothing changed.

mod addresses;
mod apis;
mod app;
mod authorize;
mod bearer;
mod bodies;
mod citizens;
mod clocks;
mod desk;
mod every_door;
mod forms;
mod forms_of_choice;
mod methods;
mod offices;
mod organisations;
mod pages;
mod people;
mod queries;
mod random;
mod sign_in_requests;
mod token;
mod turns;
mod userinfo;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::Value;

use crate::harness::{Reply, Sim, request};

/// What no bad request may change, as the admin API shows it.
const WORLD: [&str; 11] = [
    "/admin/v1/accounts?limit=1000",
    "/admin/v1/messages?limit=1000",
    "/admin/v1/clients?limit=1000",
    "/admin/v1/registrations?limit=1000",
    "/admin/v1/realms?limit=1000",
    "/admin/v1/organisations?limit=1000",
    "/admin/v1/requests?limit=1000",
    "/admin/v1/clock",
    "/admin/v1/clock/due?limit=1000",
    "/admin/v1/policy",
    "/admin/v1/keys",
];

/// What is right about an answer; the sentence says what is not.
pub(crate) type Verdict = Result<(), String>;

/// A simulator under fire: what goes wrong is gathered and told at the end.
pub(crate) struct Fire {
    pub(crate) sim: Sim,
    world: Vec<Value>,
    wrong: Vec<String>,
    shots: usize,
}

impl Fire {
    pub(crate) async fn at(sim: Sim) -> Self {
        let world = world(&sim).await;
        Self { sim, world, wrong: Vec::new(), shots: 0 }
    }

    pub(crate) async fn on_a_fresh_sim() -> Self {
        Self::at(Sim::new().await).await
    }

    /// Sends one bad request, judges the answer, and looks whether anything moved.
    pub(crate) async fn shoot(
        &mut self,
        name: &str,
        request: Request<Body>,
        judge: impl Fn(&Reply) -> Verdict,
    ) -> Reply {
        let reply = self.fire(name, request, judge).await;
        self.look(name).await;
        reply
    }

    /// The same without the look, for many shots at one door: [`Fire::look`] comes after them.
    pub(crate) async fn fire(
        &mut self,
        name: &str,
        request: Request<Body>,
        judge: impl Fn(&Reply) -> Verdict,
    ) -> Reply {
        self.shots += 1;
        let reply = self.sim.send(request).await;
        let mut judged = judge(&reply);
        if reply.status.is_server_error() {
            judged = Err(format!("{} {}", reply.status, reply.text()));
        }
        if let Err(why) = judged.and_then(|()| hardened(&reply)) {
            let text: String = reply.text().chars().take(160).collect();
            self.wrong.push(format!("{name}: {why}; got {} {text}", reply.status));
        }
        reply
    }

    /// Whether anything has moved since the last look.
    pub(crate) async fn look(&mut self, name: &str) {
        let after = world(&self.sim).await;
        for ((path, before), now) in WORLD.iter().zip(&self.world).zip(&after) {
            if before != now {
                self.wrong.push(format!("{name}: changed something at {path}"));
            }
        }
        self.world = after;
    }

    /// What was done on purpose is the world from now on.
    pub(crate) async fn settle(&mut self) {
        self.world = world(&self.sim).await;
    }

    pub(crate) fn done(self) {
        assert!(self.shots > 0, "nothing was sent");
        assert!(self.wrong.is_empty(), "of {}:\n{}", self.shots, self.wrong.join("\n"));
    }
}

async fn world(sim: &Sim) -> Vec<Value> {
    let mut shown = Vec::with_capacity(WORLD.len());
    for path in WORLD {
        shown.push(sim.get(path).await.status(200).json());
    }
    shown
}

/// What every refusal has, whatever its door.
fn hardened(reply: &Reply) -> Verdict {
    let wanted = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")];
    for (name, value) in wanted {
        if reply.header(name) != value {
            return Err(format!("{name} is {:?}", reply.header(name)));
        }
    }
    let text = reply.text();
    for leak in ["panicked", "src/", ".rs:", ".cargo/", "SELECT", "sled"] {
        if text.contains(leak) {
            return Err(format!("tells {leak}"));
        }
    }
    Ok(())
}

pub(crate) fn expect(reply: &Reply, status: u16) -> Verdict {
    let given = reply.status.as_u16();
    if given == status { Ok(()) } else { Err(format!("status is {given}, not {status}")) }
}

/// `application/problem+json` with our `code` (RFC 9457).
pub(crate) fn problem(status: u16, code: &str) -> impl Fn(&Reply) -> Verdict {
    move |reply| {
        expect(reply, status)?;
        if reply.header("content-type") != "application/problem+json" {
            return Err(format!("content-type is {:?}", reply.header("content-type")));
        }
        let body: Value = serde_json::from_str(&reply.text()).map_err(|e| e.to_string())?;
        let right = body["code"] == code && body["status"] == status && body["detail"].is_string();
        if right { Ok(()) } else { Err(format!("code is not {code}")) }
    }
}

/// What a bearer API says to whoever has no token, or no longer (RFC 6750 §3).
pub(crate) fn signed_out(reply: &Reply) -> Verdict {
    problem(401, "app_sign_in_required")(reply)?;
    let challenge = reply.header("www-authenticate");
    let right = challenge.starts_with("Bearer realm=");
    if right { Ok(()) } else { Err(format!("challenge is {challenge:?}")) }
}

/// A page of ours that leads nowhere.
pub(crate) fn page(status: u16) -> impl Fn(&Reply) -> Verdict {
    move |reply| {
        expect(reply, status)?;
        if !reply.header("content-type").starts_with("text/html") {
            return Err("is no page".to_owned());
        }
        if !reply.header("content-security-policy").contains("frame-ancestors 'none'") {
            return Err("may be framed".to_owned());
        }
        let leads = reply.headers.contains_key(header::LOCATION);
        if leads { Err("leads away".to_owned()) } else { Ok(()) }
    }
}

/// Contract: a form with other fields than the one that was answered leads to the page that is due, and does nothing.
pub(crate) fn due(reply: &Reply) -> Verdict {
    expect(reply, 303)?;
    let to = reply.header("location");
    let inert = to.starts_with("/login") && !reply.headers.contains_key("set-cookie");
    if inert { Ok(()) } else { Err(format!("leads to {to}")) }
}

/// The error object of RFC 6749 §5.2, with the challenge that a 401 needs.
pub(crate) fn oauth(status: u16, error: &str) -> impl Fn(&Reply) -> Verdict {
    move |reply| {
        expect(reply, status)?;
        let body: Value = serde_json::from_str(&reply.text()).map_err(|e| e.to_string())?;
        if body["error"] != error {
            return Err(format!("error is {}, not {error}", body["error"]));
        }
        let challenged = reply.header("www-authenticate").starts_with("Basic realm=");
        if challenged != (status == 401) {
            return Err(format!("WWW-Authenticate: {:?}", reply.header("www-authenticate")));
        }
        let tokens = ["access_token", "id_token"].iter().any(|name| body.get(name).is_some());
        if tokens { Err("gives tokens".to_owned()) } else { Ok(()) }
    }
}

pub(crate) fn sent(method: Method, path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = request(method, path);
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    request.body(body.into()).unwrap()
}

pub(crate) fn form(path: &str, body: impl Into<Body>) -> Request<Body> {
    sent(Method::POST, path, "application/x-www-form-urlencoded", body)
}

pub(crate) fn json(method: &str, path: &str, body: impl Into<Body>) -> Request<Body> {
    sent(Method::from_bytes(method.as_bytes()).unwrap(), path, "application/json", body)
}

/// JSON of a signed-in app.
pub(crate) fn app(method: &str, path: &str, token: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = json(method, path, body);
    let bearer = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    request
}

/// The token of somebody's app on `device`, which must be the first or the active one.
pub(crate) async fn token_of(sim: &Sim, number: &str, device: &str) -> String {
    let password = format!("Vn@{}a", &number[6..]);
    let body = serde_json::json!({"number": number, "password": password, "device": device});
    let done = sim.post("/app/v1/sign-ins", body).await.status(201).json();
    done["token"].as_str().unwrap().to_owned()
}

pub(crate) fn get(path: &str) -> Request<Body> {
    request(Method::GET, path).body(Body::empty()).unwrap()
}

/// A text as a query carries it.
pub(crate) fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
