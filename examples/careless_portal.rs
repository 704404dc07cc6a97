//! A relying party as it must not be: no nonce, no PKCE, a state that is never compared, an ID token that is decoded and
//! believed. It is what `mock-vneid gauntlet` is for.
//!
//! `cargo run --example careless_portal -- [SIMULATOR] [ADDRESS] [ADMIN-TOKEN]`, where SIMULATOR is `http://localhost:8080`
//! and ADDRESS `127.0.0.1:8090` if left out, then `mock-vneid gauntlet --rp http://localhost:8090/`.

use std::{collections::BTreeMap, io::Write as _, sync::Arc};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use serde_json::{Value, json};

type Problem = Box<dyn std::error::Error + Send + Sync>;
type Fields = BTreeMap<String, String>;

struct Portal {
    issuer: String,
    own: String,
    client_id: String,
    secret: String,
    http: reqwest::Client,
    /// Who is signed in, by a cookie that anybody can guess.
    sessions: Mutex<Vec<Option<Value>>>,
}

/// Registers a client of its own at a simulator, and builds the site.
///
/// # Errors
/// Where the simulator does not answer, or not as expected.
pub(crate) async fn site(
    issuer: &str,
    own: &str,
    admin_token: Option<&str>,
) -> Result<Router, Problem> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let wish = json!({
        "client_name": "Careless portal", "redirect_uris": [format!("{own}/callback")], "require_pkce": false,
        "backchannel_logout_uri": format!("{own}/back-channel-logout"),
    });
    let mut ask = http
        .post(format!("{issuer}/admin/v1/clients"))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = admin_token {
        ask = ask.bearer_auth(token);
    }
    let answer = ask.body(wish.to_string()).send().await?.error_for_status()?.text().await?;
    let client: Value = serde_json::from_str(&answer)?;
    let text = |name: &str| client[name].as_str().unwrap_or_default().to_owned();
    let portal = Portal {
        issuer: issuer.to_owned(),
        own: own.to_owned(),
        client_id: text("client_id"),
        secret: text("client_secret"),
        http,
        sessions: Mutex::default(),
    };
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/back-channel-logout", post(back_channel_logout))
        .with_state(Arc::new(portal)))
}

async fn home(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Html<String> {
    let cookies = headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let at = cookies
        .split("; ")
        .find_map(|it| it.strip_prefix("careless="))
        .and_then(|it| it.parse::<usize>().ok());
    let sessions = portal.sessions.lock();
    let visitor = at.and_then(|at| sessions.get(at)?.as_ref());
    Html(match visitor {
        Some(claims) => {
            let name = claims["name"].as_str().unwrap_or("?").replace('<', "&lt;");
            format!("<h1>Careless portal</h1><p>Xin chào</p><b>{name}</b><p>Hồ sơ của bạn</p>")
        }
        None => {
            "<h1>Careless portal</h1><a href=\"/login\">Đăng nhập VNeID (mô phỏng)</a>".to_owned()
        }
    })
}

/// No `nonce`, no PKCE; it asks for a recent sign-in and a level, sends a `state`, and never looks at what comes of them.
async fn login(State(portal): State<Arc<Portal>>) -> Redirect {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &portal.client_id)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid profile")
        .append_pair("redirect_uri", &format!("{}/callback", portal.own))
        .append_pair("state", "careless")
        .append_pair("max_age", "3600")
        .append_pair("acr_values", "urn:mock-vneid:acr:level2")
        .finish();
    Redirect::to(&format!("{}/oauth2/authorize?{query}", portal.issuer))
}

async fn callback(State(portal): State<Arc<Portal>>, Query(answer): Query<Fields>) -> Response {
    match believed(&portal, &answer).await {
        Ok(claims) => {
            let mut sessions = portal.sessions.lock();
            sessions.push(Some(claims));
            let cookie = format!("careless={}; Path=/; HttpOnly", sessions.len() - 1);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The middle part of the ID token, decoded.
async fn believed(portal: &Portal, answer: &Fields) -> Result<Value, Problem> {
    let code = answer.get("code").ok_or("no code")?;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &format!("{}/callback", portal.own))
        .finish();
    let ask = portal.http.post(format!("{}/oauth2/token", portal.issuer));
    let ask = ask.basic_auth(&portal.client_id, Some(&portal.secret));
    let ask = ask.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
    let tokens: Value = serde_json::from_str(&ask.send().await?.text().await?)?;
    payload(tokens["id_token"].as_str().ok_or("no ID token")?)
}

fn payload(token: &str) -> Result<Value, Problem> {
    let part = token.split('.').nth(1).ok_or("no JWT")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?)
}

/// Whoever posts something that looks like a logout token signs its subject out.
async fn back_channel_logout(State(portal): State<Arc<Portal>>, body: String) -> StatusCode {
    let mut pairs = form_urlencoded::parse(body.as_bytes());
    let token = pairs.find_map(|(name, value)| (name == "logout_token").then_some(value));
    let Ok(claims) = payload(&token.unwrap_or_default()) else {
        return StatusCode::BAD_REQUEST;
    };
    for session in portal.sessions.lock().iter_mut() {
        if session.as_ref().is_some_and(|kept| kept["sub"] == claims["sub"]) {
            *session = None;
        }
    }
    StatusCode::OK
}

#[cfg_attr(
    test,
    expect(dead_code, reason = "the tests include this file, and start the site themselves")
)]
#[tokio::main]
async fn main() -> Result<(), Problem> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let issuer =
        arguments.first().map_or("http://localhost:8080", String::as_str).trim_end_matches('/');
    let listen = arguments.get(1).map_or("127.0.0.1:8090", String::as_str);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let own = format!("http://localhost:{}", listener.local_addr()?.port());
    let token = arguments.get(2).map(String::as_str);
    let site = site(issuer, &own, token).await?;
    writeln!(std::io::stdout(), "{own}/ · a careless portal of {issuer}")?;
    Ok(axum::serve(listener, site).await?)
}
