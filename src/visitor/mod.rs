//! A browser without a window: cookies, redirects and forms, over a router or the network.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use cookie_store::CookieStore;
use http::{HeaderName, Method, Request, StatusCode, header};
use url::{Origin, Url};

pub mod html;
pub mod wire;

pub use html::{HtmlForm, Press};
pub use wire::{Unreached, Wire};

/// Most redirects that are followed in a row.
const MOST_HOPS: usize = 20;

/// Where a visit came to.
#[derive(Debug, Clone)]
pub struct FetchedPage {
    /// Its address.
    pub url: Url,
    /// The addresses that led here, in order; its own is the last.
    pub way: Vec<Url>,
    /// The status of the answer; `None` where the way led to a place that is not visited.
    pub status: Option<StatusCode>,
    /// The body as text.
    pub text: String,
}

impl FetchedPage {
    /// A parameter of the address.
    pub fn param(&self, name: &str) -> Option<String> {
        param(&self.url, name)
    }

    /// Its forms.
    pub fn forms(&self) -> Vec<HtmlForm> {
        html::forms(&self.text, &self.url)
    }

    /// What can be pressed on it: links and forms, in order.
    pub fn presses(&self) -> Vec<Press> {
        html::presses(&self.text, &self.url)
    }

    /// The form that goes to a path that ends so.
    pub fn form(&self, ending: &str) -> Option<HtmlForm> {
        self.forms().into_iter().find(|form| form.action.path().ends_with(ending))
    }
}

/// Whether a way ends before an address.
pub type Halt = Arc<dyn Fn(&Url) -> bool + Send + Sync>;

/// A browser that visits some origins; where the way leads elsewhere, it ends.
#[derive(Clone)]
pub struct Visitor {
    wire: Wire,
    origins: Vec<Origin>,
    halt: Option<Halt>,
    cookies: CookieStore,
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl Visitor {
    /// One without cookies.
    pub fn new(wire: Wire, origins: Vec<Origin>) -> Self {
        Self { wire, origins, halt: None, cookies: CookieStore::default() }
    }

    /// The same, and its way ends before these addresses, too.
    #[must_use]
    pub fn halting_before(self, halt: Halt) -> Self {
        Self { halt: Some(halt), ..self }
    }

    /// Opens an address and follows where it leads.
    ///
    /// # Errors
    /// [`Unreached`] where a server does not answer or redirects without end.
    pub async fn open(&mut self, url: Url) -> Result<FetchedPage, Unreached> {
        self.follow(Method::GET, url, Vec::new()).await
    }

    /// Follows a link or sends a form with its first button, as the Enter key does.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn press(&mut self, press: Press) -> Result<FetchedPage, Unreached> {
        match press.form {
            None => self.open(press.to).await,
            Some(mut form) => {
                form.fields.extend(form.buttons.first().cloned());
                self.send(form).await
            }
        }
    }

    /// Sends a form and follows where it leads.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn send(&mut self, form: HtmlForm) -> Result<FetchedPage, Unreached> {
        if form.is_post {
            return self.follow(Method::POST, form.action, form.fields).await;
        }
        let mut url = form.action;
        url.query_pairs_mut().clear().extend_pairs(form.fields);
        self.open(url).await
    }

    async fn follow(
        &mut self,
        mut method: Method,
        mut url: Url,
        mut fields: Vec<(String, String)>,
    ) -> Result<FetchedPage, Unreached> {
        let mut way = Vec::new();
        for _ in 0..=MOST_HOPS {
            way.push(url.clone());
            let halts = self.halt.as_ref().is_some_and(|halt| halt(&url));
            if halts || !self.origins.contains(&url.origin()) {
                return Ok(FetchedPage { url, way, status: None, text: String::new() });
            }
            let response = self.ask(method.clone(), &url, &fields).await?;
            let (parts, body) = response.into_parts();
            let to = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
            let to = to.filter(|_| parts.status.is_redirection()).and_then(|to| url.join(to).ok());
            let Some(to) = to else {
                let text = String::from_utf8_lossy(&body).into_owned();
                return Ok(FetchedPage { url, way, status: Some(parts.status), text });
            };
            // RFC 9110 §15.4: only 307 and 308 repeat the method.
            if ![StatusCode::TEMPORARY_REDIRECT, StatusCode::PERMANENT_REDIRECT]
                .contains(&parts.status)
            {
                (method, fields) = (Method::GET, Vec::new());
            }
            url = to;
            url.set_fragment(None);
        }
        Err(Unreached(format!("more than {MOST_HOPS} redirects, the last to {url}")))
    }

    async fn ask(
        &mut self,
        method: Method,
        url: &Url,
        fields: &[(String, String)],
    ) -> Result<http::Response<Bytes>, Unreached> {
        let cookies: Vec<String> =
            self.cookies.get_request_values(url).map(|(n, v)| format!("{n}={v}")).collect();
        let mut headers = vec![(header::ACCEPT, "text/html,*/*;q=0.8".to_owned())];
        if !cookies.is_empty() {
            headers.push((header::COOKIE, cookies.join("; ")));
        }
        let mut body = Bytes::new();
        if method == Method::POST {
            let form =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            body = Bytes::from(form);
            headers.push((header::CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned()));
        }
        let request = request(method, url, headers, body)?;
        let response = self.wire.send(request).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            if let Ok(cookie) = cookie.to_str() {
                // A cookie that a browser would not keep is not kept.
                drop(self.cookies.parse(cookie, url));
            }
        }
        Ok(response)
    }
}

/// An address of the web, as somebody types it.
///
/// # Errors
/// A sentence that says what to type.
pub fn web_address(text: &str) -> Result<Url, String> {
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(format!("write a whole address, such as http://{text}")),
    }
}

/// A parameter of an address.
pub fn param(url: &Url, name: &str) -> Option<String> {
    let found = url.query_pairs().find(|(given, _)| given == name);
    found.map(|(_, value)| value.into_owned())
}

/// A request with its `Host`.
///
/// # Errors
/// [`Unreached`] where a header cannot be sent.
pub fn request(
    method: Method,
    url: &Url,
    headers: Vec<(HeaderName, String)>,
    body: Bytes,
) -> Result<Request<Bytes>, Unreached> {
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut request =
        Request::builder().method(method).uri(url.as_str()).header(header::HOST, host);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body).map_err(|error| Unreached(error.to_string()))
}
