//! One address for a site: whoever comes by another name of this machine is sent to the issuer's, where the cookies are.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::Site;

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// `http://127.0.0.1:8080/demo` → `http://localhost:8080/demo`, if that is the issuer; otherwise the callback, which
/// follows the issuer, would find no cookie. Only between loopback names of one port: a proxy's `Host` proves nothing.
pub(super) async fn one(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let issuer = &site.provider.issuer;
    let own = issuer.split_once("//").map_or("", |(_, authority)| authority);
    let reading = request.method() == Method::GET;
    if reading && host.is_some_and(|host| host != own && same_place(host, own)) {
        let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
        let to = format!("{issuer}{rest}");
        return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    }
    next.run(request).await
}

fn same_place(host: &str, own: &str) -> bool {
    let parts = |authority: &str| {
        let name = LOOPBACK.iter().find_map(|name| authority.strip_prefix(name));
        name.map(str::to_owned)
    };
    parts(host).is_some_and(|port| parts(own) == Some(port))
}
