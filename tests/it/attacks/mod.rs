//! What an attacker tries, by the numbers of the list: each has a test with its number in the name, here or beside its door.

mod admin;
mod doors;
mod fetching;
mod forged;
mod guessing;
mod halfway;
mod listed;
mod logout_tokens;
mod network;
mod pages;
mod races;
mod smuggling;
mod storage;
mod time;

use std::{net::SocketAddr, sync::Arc};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use mock_vneid::{App, Config, clock::SystemClock, oidc::keys};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

/// RFC 7523 §2.2.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// A private key that everybody can read; some client's own here.
const CLIENT_KEY: &[u8] = include_bytes!("../../../src/oidc/keys/dev/es256.der");

/// The public half of [`CLIENT_KEY`].
fn client_keys() -> Value {
    let all: Value = serde_json::from_str(keys::KeyRing::development().jwks().unwrap()).unwrap();
    let mut key =
        all["keys"].as_array().unwrap().iter().find(|key| key["kty"] == "EC").unwrap().clone();
    key["kid"] = "rp-1".into();
    json!({"keys": [key]})
}

/// Claims of an assertion that is right.
fn assertion_claims(sim: &Sim, client_id: &str, jti: &str) -> Value {
    let now = sim.seconds();
    json!({
        "iss": client_id, "sub": client_id, "aud": "http://localhost:8080/oauth2/token",
        "exp": now + 60, "iat": now, "jti": jti,
    })
}

/// An assertion signed with [`CLIENT_KEY`].
fn assertion(sim: &Sim, client_id: &str, jti: &str) -> String {
    keys::install();
    let header = Header { kid: Some("rp-1".to_owned()), ..Header::new(Algorithm::ES256) };
    let key = EncodingKey::from_ec_der(CLIENT_KEY);
    jsonwebtoken::encode(&header, &assertion_claims(sim, client_id, jti), &key).unwrap()
}

/// A portal that proves itself with [`CLIENT_KEY`].
async fn portal_with_key(sim: &Sim) -> Portal {
    let more = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": client_keys()});
    Portal::registered(sim, more).await
}

/// Lan in a browser of hers, and the tokens of the portal.
async fn signed_in<'a>(sim: &'a Sim, portal: &Portal, scope: &str) -> (Browser<'a>, Value) {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[("scope", scope)])).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(sim, &code, &[]).await.status(200).json();
    (browser, tokens)
}

/// Whether the browser's session answers without a page.
async fn is_signed_in(browser: &mut Browser<'_>, portal: &Portal) -> bool {
    let back = browser.open(&portal.request(&[("prompt", "none")])).await.location();
    crate::harness::query(&back, "code").is_some()
}

/// The pushed request's name at the authorization endpoint.
fn pushed_address(portal: &Portal, uri: &str) -> String {
    let pairs = [("client_id", portal.client_id.as_str()), ("request_uri", uri)];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/oauth2/authorize?{query}")
}

/// Pushes a request; its name.
async fn pushes(sim: &Sim, portal: &Portal) -> String {
    let fields = [
        ("redirect_uri", portal.redirect_uri.as_str()),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s-1"),
    ];
    let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
    let kept = sim.form("/oauth2/par", basic, &fields).await.status(201).json();
    kept["request_uri"].as_str().unwrap().to_owned()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name} in {tokens}"))
}

/// The simulator behind a real socket.
pub(crate) struct Wire {
    address: SocketAddr,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
    stop: tokio::sync::oneshot::Sender<()>,
}

impl Wire {
    pub(crate) async fn with(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App::build(&config, address.port(), Arc::new(SystemClock)).await.unwrap();
        let (stop, told) = tokio::sync::oneshot::channel::<()>();
        let served = tokio::spawn(app.serve(listener, async { drop(told.await) }));
        Self { address, served, stop }
    }

    /// A connection on which these bytes were sent.
    pub(crate) async fn sends(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    /// Everything that comes back until the connection is closed.
    pub(crate) async fn answers(&self, bytes: &[u8]) -> String {
        heard(&mut self.sends(bytes).await).await
    }
}

/// What a connection still says before it ends; a reset is an end too.
async fn heard(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut some = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut some).await {
        all.extend_from_slice(&some[..read]);
    }
    String::from_utf8_lossy(&all).into_owned()
}
