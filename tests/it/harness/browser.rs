//! A browser with cookies and eyes for forms, but no scripts.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, header},
};

use super::{Reply, Sim, request};

#[derive(Clone)]
pub(crate) struct Browser<'a> {
    pub(crate) sim: &'a Sim,
    pub(crate) cookies: BTreeMap<String, String>,
    /// The page that is open.
    pub(crate) url: String,
    pub(crate) page: String,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(sim: &'a Sim) -> Self {
        Self { sim, cookies: BTreeMap::new(), url: String::new(), page: String::new() }
    }

    fn remember(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        pairs.join("; ")
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Reply {
        let mut request = request(method, path).header(header::COOKIE, self.cookie_header());
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let reply =
            self.sim.send(request.body(Body::from(body.unwrap_or_default())).unwrap()).await;
        self.remember(&reply);
        if reply.header("content-type").starts_with("text/html") {
            path.clone_into(&mut self.url);
            self.page = reply.text();
        }
        reply
    }

    /// Opens an address and follows redirects as long as they stay here.
    pub(crate) async fn open(&mut self, path: &str) -> Reply {
        let mut reply = self.send(Method::GET, path, None).await;
        while reply.status == 303 && reply.header("location").starts_with('/') {
            let next = reply.location();
            reply = self.send(Method::GET, &next, None).await;
        }
        reply
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body)).await
    }

    /// Whether it holds a single sign-on cookie.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.cookies.keys().any(|name| name.contains("_session_"))
    }

    /// The anti-forgery field of the open page.
    pub(crate) fn form(&self) -> String {
        value_of(&self.page, "form").unwrap_or_default()
    }

    /// Submits the open page's form at `action` with its hidden field, and follows redirects that stay here.
    pub(crate) async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Reply {
        let interaction = super::query(&self.url, "interaction").unwrap_or_default();
        let form = self.form();
        let mut all = vec![("form", form.as_str())];
        all.extend_from_slice(fields);
        let path = format!("{action}?interaction={interaction}");
        let reply = self.post(&path, &all).await;
        if reply.status == 303 && reply.header("location").starts_with('/') {
            let next = reply.location();
            return self.open(&next).await;
        }
        reply
    }
}

/// The value of a hidden input.
fn value_of(page: &str, name: &str) -> Option<String> {
    let start = page.find(&format!("name=\"{name}\" value=\""))?;
    let rest = &page[start..];
    let value = rest.split("value=\"").nth(1)?;
    Some(value.split('"').next()?.to_owned())
}
