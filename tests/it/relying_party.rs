//! An independent relying party over a real port: the `openidconnect` crate checks what it should check.

use std::sync::Arc;

use mock_vneid::{App, Config, clock::SystemClock, flow::realm::outbox::MessageFilter};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse as _,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreClientRegistrationRequest,
        CoreClientRegistrationResponse, CoreGrantType, CoreJwsSigningAlgorithm,
        CoreProviderMetadata,
    },
    registration::EmptyAdditionalClientMetadata,
};
use tokio::net::TcpListener;

struct Server {
    issuer: String,
    flow: Arc<mock_vneid::flow::Flow>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = App::build(&Config::default(), port, Arc::new(SystemClock)).await.unwrap();
        let (stop, told) = tokio::sync::oneshot::channel::<()>();
        let (issuer, flow) = (app.issuer().to_owned(), Arc::clone(app.flow()));
        let served = tokio::spawn(app.serve(listener, async {
            drop(told.await);
        }));
        Self { issuer, flow, stop: Some(stop), served }
    }

    /// Stops as SIGTERM does, and must come to an end.
    async fn stop(mut self) {
        drop(self.stop.take());
        self.served.await.unwrap().unwrap();
    }

    async fn otp(&self, phone: &str) -> String {
        let realm = self.flow.realm("default").await.unwrap();
        let filter = MessageFilter { to: Some(phone.to_owned()), ..MessageFilter::default() };
        realm.at_present().latest_message(&filter, 0).await.unwrap().unwrap().code.unwrap()
    }
}

/// A browser without redirects, so that every step is seen.
fn browser() -> reqwest::Client {
    let policy = reqwest::redirect::Policy::none();
    reqwest::Client::builder().cookie_store(true).redirect(policy).build().unwrap()
}

async fn back_channel(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let (parts, body) = request.into_parts();
    let client = browser();
    let answer = client
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await?;
    let mut response = openidconnect::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    Ok(response.body(answer.bytes().await?.to_vec()).unwrap())
}

fn hidden(page: &str) -> String {
    page.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn follow(
    browser: &reqwest::Client,
    issuer: &str,
    answer: reqwest::Response,
) -> (String, String) {
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    if to.starts_with("https://rp.example/") {
        return (to, String::new());
    }
    let url = format!("{issuer}{to}");
    let page = browser.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    (url, page.text().await.unwrap())
}

/// Password and OTP in a browser; where it comes back to.
async fn lan_signs_in(server: &Server, url: reqwest::Url) -> reqwest::Url {
    let browser = browser();
    let answer = browser.get(url).send().await.unwrap();
    let (page_url, page) = follow(&browser, &server.issuer, answer).await;
    let fields = [
        ("form", hidden(&page)),
        ("username", "097190000011".to_owned()),
        ("password", "Vn@000011a".to_owned()),
    ];
    let answer = browser.post(&page_url).form(&fields).send().await.unwrap();
    let (page_url, page) = follow(&browser, &server.issuer, answer).await;
    let fields = [("form", hidden(&page)), ("otp", server.otp("0912345601").await)];
    let answer = browser.post(&page_url).form(&fields).send().await.unwrap();
    let (back, _) = follow(&browser, &server.issuer, answer).await;
    reqwest::Url::parse(&back).unwrap()
}

/// Registers a client; id and secret.
async fn registers(issuer: &str, algorithm: &str) -> (ClientId, ClientSecret) {
    let request = browser().post(format!("{issuer}/admin/v1/clients")).json(&serde_json::json!({
        "client_name": "RP", "redirect_uris": ["https://rp.example/cb"],
        "id_token_signed_response_alg": algorithm,
    }));
    let client: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    (ClientId::new(text("client_id")), ClientSecret::new(text("client_secret")))
}

async fn signs_in_with(algorithm: &str) {
    let server = Server::start().await;
    let issuer = server.issuer.clone();
    let (id, secret) = registers(&issuer, algorithm).await;
    let metadata = CoreProviderMetadata::discover_async(
        IssuerUrl::new(issuer.clone()).unwrap(),
        &back_channel,
    )
    .await
    .unwrap();
    let relying_party = CoreClient::from_provider_metadata(metadata, id, Some(secret))
        .set_redirect_uri(RedirectUrl::new("https://rp.example/cb".to_owned()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = relying_party
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".to_owned()))
        .add_scope(Scope::new("vneid.card".to_owned()))
        .set_pkce_challenge(challenge)
        .url();

    let back = lan_signs_in(&server, url).await;
    let param = |name: &str| {
        back.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned()).unwrap()
    };
    assert_eq!(&param("state"), state.secret());
    assert_eq!(param("iss"), issuer);

    let tokens = relying_party
        .exchange_code(AuthorizationCode::new(param("code")))
        .unwrap()
        .set_pkce_verifier(verifier)
        .request_async(&back_channel)
        .await
        .unwrap();
    let id_token = tokens.id_token().unwrap();
    let allowed = [
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        CoreJwsSigningAlgorithm::EdDsa,
    ];
    let checks = relying_party.id_token_verifier().set_allowed_algs(allowed.clone());
    let claims = id_token.claims(&checks, &nonce).unwrap();
    assert_eq!(claims.issuer().as_str(), issuer);
    assert_eq!(claims.auth_context_ref().unwrap().as_str(), "LoA2");
    let key = id_token.signing_key(&checks).unwrap();
    let hash =
        AccessTokenHash::from_token(tokens.access_token(), id_token.signing_alg().unwrap(), key);
    assert_eq!(&hash.unwrap(), claims.access_token_hash().unwrap());
    assert_eq!(
        format!("{:?}", id_token.signing_alg().unwrap()),
        format!(
            "{:?}",
            match algorithm {
                "RS256" => &allowed[0],
                "ES256" => &allowed[1],
                _ => &allowed[2],
            }
        )
    );

    let userinfo: openidconnect::core::CoreUserInfoClaims = relying_party
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .unwrap()
        .request_async(&back_channel)
        .await
        .unwrap();
    let name = userinfo.name().unwrap().get(None).unwrap();
    assert_eq!(name.as_str(), "Nguyễn Thị Lan");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openidconnect_signs_in_with_rs256() {
    signs_in_with("RS256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openidconnect_signs_in_with_es256() {
    signs_in_with("ES256").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openidconnect_signs_in_with_eddsa() {
    signs_in_with("EdDSA").await;
}

/// Registers as `openidconnect` does it: RFC 7591, by the metadata's own `registration_endpoint`.
async fn registers_itself(metadata: &ProviderMetadataWithLogout) -> CoreClientRegistrationResponse {
    let redirects = vec![RedirectUrl::new("https://rp.example/cb".to_owned()).unwrap()];
    let more = EmptyAdditionalClientMetadata {};
    CoreClientRegistrationRequest::new(redirects, more)
        .set_grant_types(Some(vec![CoreGrantType::AuthorizationCode, CoreGrantType::RefreshToken]))
        .register_async(metadata.registration_endpoint().unwrap(), &back_channel)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openidconnect_registers_refreshes_and_logs_out() {
    let server = Server::start().await;
    let issuer = server.issuer.clone();
    let policy = serde_json::json!({"dynamic_registration": true});
    let policy = browser().put(format!("{issuer}/admin/v1/policy")).json(&policy);
    assert_eq!(policy.send().await.unwrap().status(), 200);
    let url = IssuerUrl::new(issuer.clone()).unwrap();
    let metadata = ProviderMetadataWithLogout::discover_async(url, &back_channel).await.unwrap();
    let registered = registers_itself(&metadata).await;
    let end = metadata.additional_metadata().end_session_endpoint.clone().unwrap();
    let (id, secret) =
        (registered.client_id().clone(), registered.client_secret().unwrap().clone());
    let relying_party = CoreClient::from_provider_metadata(metadata, id, Some(secret))
        .set_redirect_uri(RedirectUrl::new("https://rp.example/cb".to_owned()).unwrap());
    let (url, _, nonce) = relying_party
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("offline_access".to_owned()))
        .url();
    let back = lan_signs_in(&server, url).await;
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let first = relying_party
        .exchange_code(AuthorizationCode::new(code))
        .unwrap()
        .request_async(&back_channel)
        .await
        .unwrap();
    let checks = relying_party.id_token_verifier();
    let signed_in = first.id_token().unwrap().claims(&checks, &nonce).unwrap();
    let second = relying_party
        .exchange_refresh_token(first.refresh_token().unwrap())
        .unwrap()
        .request_async(&back_channel)
        .await
        .unwrap();
    let no_nonce = |_: Option<&Nonce>| Ok(());
    let refreshed = second.id_token().unwrap().claims(&checks, no_nonce).unwrap();
    assert_eq!(refreshed.subject(), signed_in.subject());
    assert_eq!(refreshed.auth_time(), signed_in.auth_time());
    assert_ne!(second.access_token().secret(), first.access_token().secret());
    let used = relying_party.exchange_refresh_token(first.refresh_token().unwrap()).unwrap();
    assert!(used.request_async(&back_channel).await.is_err(), "a refresh token is used once");
    let url = LogoutRequest::from(end).set_id_token_hint(first.id_token().unwrap()).http_get_url();
    let page = browser().get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("Bạn đã đăng xuất"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { store: mock_vneid::config::StoreChoice::sled(folder.path()), ..Config::default() };
    let clock = Arc::new(SystemClock);
    let number = mock_vneid::identity::IdNumber::parse("097190000011").unwrap();
    {
        let app = App::build(&config, 8080, clock.clone()).await.unwrap();
        let realm = app.flow().realm("default").await.unwrap();
        let reason = mock_vneid::identity::lock::LockReason::BreachOfTerms;
        let lock = mock_vneid::flow::holder::accounts::AdminCommand::Lock(reason, None);
        realm.at_present().command_account(&number, lock).await.unwrap();
    }
    let app = App::build(&config, 8080, clock.clone()).await.unwrap();
    let realm = app.flow().realm("default").await.unwrap();
    let account = realm.at_present().account(&number).await.unwrap();
    assert_eq!(account.life.reads(realm.now()), "locked");
    let before = realm.at_present().messages(&MessageFilter::default(), 10).await.unwrap();
    assert_eq!(before.len(), 3, "SMS, e-mail and app notice of the lock");
    let unlock = mock_vneid::flow::holder::accounts::AdminCommand::Unlock(None);
    realm.at_present().command_account(&number, unlock).await.unwrap();
    let after = realm.at_present().messages(&MessageFilter::default(), 10).await.unwrap();
    assert!(after[3].cursor > before[2].cursor, "cursors go on after a restart");
    drop((app, realm));

    let other = Config { population: 1000, ..config };
    let refused = App::build(&other, 8080, clock).await.err().map(|error| format!("{error:?}"));
    assert!(refused.unwrap().contains("another population"));
}
