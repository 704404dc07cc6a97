//! Applications that are built otherwise: in a realm of their own, behind a gateway, with answers by form, restarted.

use axum::{
    Router,
    body::Body,
    http::{Request, header},
    response::{Html, Redirect},
    routing::{get, post},
};
use mock_vneid::{MockVneid, gauntlet::Grade};
use serde_json::json;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::{careless_portal, grades, in_the_way, of, plan, run, simulator};

/// A port for somebody to listen at, and its address.
async fn place() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    (listener, own)
}

fn serves(listener: TcpListener, site: Router) {
    tokio::spawn(async move { axum::serve(listener, site).await });
}

async fn site(vneid: &MockVneid, issuer: &str, own: &str) -> Router {
    careless_portal::site(issuer, own, vneid.admin_token()).await.unwrap()
}

#[tokio::test]
async fn an_application_of_another_realm_is_met_there() {
    let vneid = simulator().await;
    let realm = json!({"name": "b"});
    vneid.call(axum::http::Method::POST, "/admin/v1/realms", Some(realm)).await.unwrap();
    let (listener, own) = place().await;
    serves(listener, site(&vneid, &format!("{}/realms/b", vneid.issuer()), &own).await);
    let mut plan = plan(&own, &vneid);
    plan.realm = Some("b".to_owned());
    plan.only = vec!["id_token.expired".to_owned()];
    assert_eq!(of(&run(&plan).await, Grade::Failed), ["id_token.expired"]);
    let missing = in_the_way(|plan| plan.realm = Some("c".to_owned())).await;
    assert!(missing.contains("/realms/c/.well-known/openid-configuration"), "{missing}");
}

#[tokio::test]
async fn a_rule_is_for_the_application_alone_and_goes_off_once() {
    let vneid = simulator().await;
    let (listener, own) = place().await;
    serves(listener, site(&vneid, vneid.issuer(), &own).await);
    let mut plan = plan(&own, &vneid);
    plan.only = vec!["id_token.expired".to_owned()];
    let report = run(&plan).await;
    let armed = "/admin/v1/journal?method=POST&path=/admin/v1/faults";
    let armed = vneid.call(axum::http::Method::GET, armed, None).await.unwrap();
    let rule = &armed["items"][0]["json"];
    assert_eq!((&rule["effect"], &rule["times"]), (&json!("id_token.expired"), &json!(1)));
    let client = rule["client_id"].as_str().unwrap();
    assert!(report.about[0].ends_with(client), "{} {client}", report.about[0]);
}

#[tokio::test]
async fn a_gateway_on_another_origin_is_walked_through_once_it_is_named() {
    let vneid = simulator().await;
    let ((listener, own), (at, gateway), (door, front)) =
        (place().await, place().await, place().await);
    serves(listener, site(&vneid, vneid.issuer(), &own).await);
    let on = Redirect::to(&format!("{own}/login"));
    serves(at, Router::new().route("/sso", get(async || on)));
    let to = format!("<a href=\"{gateway}/sso\">Đăng nhập</a>");
    serves(door, Router::new().route("/", get(async || Html(to))));
    let mut plan = plan(&front, &vneid);
    plan.probe = Some(own.parse().unwrap());
    plan.only = vec!["id_token.expired".to_owned()];
    let error = mock_vneid::gauntlet::run(&plan, |_| ()).await.unwrap_err();
    assert!(error.contains("is not visited (--also"), "{error}");
    plan.also = vec![gateway.parse().unwrap()];
    assert_eq!(of(&run(&plan).await, Grade::Failed), ["id_token.expired"]);
}

/// The careless portal, but its answers are posted by the browser.
fn by_form(site: Router) -> Router {
    let inner = site.clone();
    let begin = async move || {
        let asked = Request::get("/login").body(Body::empty()).unwrap();
        let answer = inner.oneshot(asked).await.unwrap();
        let to = answer.headers()[header::LOCATION].to_str().unwrap();
        Redirect::to(&format!("{to}&response_mode=form_post"))
    };
    let back = async |form: String| Redirect::to(&format!("/callback-by-form?{form}"));
    let inner = site.clone();
    let taken = async move |request: Request<Body>| {
        let query = request.uri().query().unwrap_or_default();
        let asked = Request::get(format!("/callback?{query}")).body(Body::empty()).unwrap();
        inner.oneshot(asked).await.unwrap()
    };
    Router::new()
        .route("/login-by-form", get(begin))
        .route("/callback", post(back))
        .route("/callback-by-form", get(taken))
        .fallback_service(site)
}

#[tokio::test]
async fn answers_by_form_are_posted_and_what_needs_an_address_is_left_out() {
    let vneid = simulator().await;
    let (listener, own) = place().await;
    serves(listener, by_form(site(&vneid, vneid.issuer(), &own).await));
    let mut plan = plan(&own, &vneid);
    plan.login = Some(format!("{own}/login-by-form").parse().unwrap());
    plan.only = ["id_token.expired", "callback.other_state", "callback.injected"]
        .map(str::to_owned)
        .to_vec();
    let report = run(&plan).await;
    let grades = grades(&report);
    assert_eq!(grades["id_token.expired"], Grade::Failed);
    assert_eq!(grades["callback.injected"], Grade::NotExercised);
    assert!(report.markdown().contains("its answers come by form_post"), "{}", report.markdown());
}

#[tokio::test]
async fn a_logout_token_that_the_simulator_may_not_post_says_nothing_of_the_application() {
    let vneid = MockVneid::start().await.unwrap();
    let (listener, own) = place().await;
    serves(listener, site(&vneid, vneid.issuer(), &own).await);
    let mut plan = plan(&own, &vneid);
    plan.only = vec!["logout_token.*".to_owned()];
    let report = run(&plan).await;
    assert_eq!(report.count(Grade::NotExercised), report.rows.len(), "{}", report.markdown());
    let valid = report.rows.iter().find(|row| row.case.name == "logout_token.valid").unwrap();
    assert!(valid.did.contains("--allow-private-fetch"), "{}", valid.did);
}

#[tokio::test]
async fn an_application_is_restarted_before_it_reads_another_metadata_document() {
    let vneid = simulator().await;
    let (listener, own) = place().await;
    serves(listener, site(&vneid, vneid.issuer(), &own).await);
    let folder = tempfile::tempdir().unwrap();
    let (log, mut plan) = (folder.path().join("restarts"), plan(&own, &vneid));
    plan.restart = Some(format!("echo again >> '{}'", log.display()));
    plan.only = vec!["discovery.*".to_owned(), "id_token.expired".to_owned()];
    let report = run(&plan).await;
    assert_eq!(grades(&report)["id_token.expired"], Grade::Failed);
    let restarts = std::fs::read_to_string(&log).unwrap().lines().count();
    // Once with the document that lies, and once to get rid of it.
    assert_eq!(restarts, 2);
    plan.restart = Some("exit 3".to_owned());
    let stuck = run(&plan).await.broken_off.unwrap();
    assert_eq!(stuck, "discovery.other_issuer: --restart exit 3: exit status: 3");
}
