//! Why the protocol said no, kept for the developer who asks: the rule, what came, what was expected, the way so far.
//!
//! In memory and bounded; secrets are masked before anything is kept.

use std::collections::VecDeque;

use serde::Serialize;

use crate::{
    clock::Timestamp,
    dice::DrawPurpose,
    flow::Realm,
    journal::Event,
    oidc::{
        authorize::Untrusted,
        client::Client,
        error,
        params::{self, Params},
    },
};

/// Most explanations a realm keeps.
const MOST: usize = 256;
/// Most steps a realm keeps.
const LONGEST_TRAIL: usize = 512;
/// Most steps an explanation shows.
const SHOWN: usize = 20;
/// Longest value that is shown, in characters.
const LONGEST: usize = 200;
/// Most parameters that are shown.
const MOST_PARAMETERS: usize = 32;

/// What a refusal is about.
#[derive(Debug, Clone, Copy)]
pub struct RefusalContext<'a> {
    client_id: &'a str,
    endpoint: &'a str,
    params: Option<&'a Params>,
    client: Option<&'a Client>,
}

impl<'a> RefusalContext<'a> {
    /// A request with its parameters.
    pub const fn request(client_id: &'a str, endpoint: &'a str, params: &'a Params) -> Self {
        Self { client_id, endpoint, params: Some(params), client: None }
    }

    /// A step without parameters of its own.
    pub const fn client(client_id: &'a str, endpoint: &'a str) -> Self {
        Self { client_id, endpoint, params: None, client: None }
    }

    /// The same, with what the client is registered with.
    #[must_use]
    pub const fn of(mut self, client: &'a Client) -> Self {
        self.client = Some(client);
        self
    }
}

/// One step on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TrailStep {
    /// When (RFC 3339, virtual).
    pub at: String,
    /// What happened.
    pub what: &'static str,
}

/// A parameter as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShownParameter {
    /// Its name.
    pub name: String,
    /// Its value; a secret's length only.
    pub value: String,
}

/// Why the protocol said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// Its id.
    pub id: String,
    /// When (RFC 3339, virtual).
    pub at: String,
    /// Where.
    pub endpoint: String,
    /// Who asked, as it says itself.
    pub client_id: String,
    /// The registered error code.
    pub error: String,
    /// What is wrong, in the words of the answer.
    pub description: String,
    /// What would have been right.
    pub expected: String,
    /// Which clause says so.
    pub clause: String,
    /// What the client is registered with, as far as it bears on this.
    pub registered: Vec<ShownParameter>,
    /// What came.
    pub came: Vec<ShownParameter>,
    /// What this client did before, newest last.
    pub flow: Vec<TrailStep>,
}

/// What a realm keeps.
#[derive(Debug, Default)]
pub(crate) struct Explanations {
    explanations: VecDeque<Explanation>,
    trail: VecDeque<(String, Timestamp, &'static str)>,
}

impl Realm {
    /// Whether refusals are explained here.
    pub fn explains(&self) -> bool {
        self.record.policy.explain.unwrap_or(self.flow.settings.alone)
    }

    /// Remembers a step of a client's sign-in.
    pub(crate) fn trace(&self, client_id: &str, what: &'static str) {
        let now = self.now;
        self.note(Event::new("decision", what).of_client(client_id));
        if self.explains() {
            let mut kept = self.live.explained.lock();
            if kept.trail.len() == LONGEST_TRAIL {
                kept.trail.pop_front();
            }
            kept.trail.push_back((client_id.to_owned(), now, what));
        }
    }

    /// Keeps an explanation; answers its address (RFC 6749 §5.2: `error_uri`).
    pub fn explain(&self, error: &error::Error, about: RefusalContext<'_>) -> Option<String> {
        debug_assert!(!error.expected.is_empty(), "what would have been right? {error}");
        self.keep(error, about)
    }

    /// The same for a request that may not be answered at its redirect URI.
    pub async fn explain_untrusted(&self, untrusted: Untrusted, params: &Params) -> Option<String> {
        let id = params.text("client_id");
        let client = self.client(id).await.ok().flatten();
        let mut about = RefusalContext::request(id, "/oauth2/authorize", params);
        about.client = client.as_deref();
        self.keep(&untrusted.explained(), about)
    }

    fn keep(&self, error: &error::Error, about: RefusalContext<'_>) -> Option<String> {
        let now = self.now;
        let (code, clause, sentence) = (error.code.as_str(), error.clause, &*error.description);
        let refused =
            Event::new("refused", format!("{code}: {sentence}")).of_client(about.client_id);
        let refused = refused.with("error", code).with("clause", clause);
        let refused = refused.with("expected", &*error.expected);
        self.note(refused.with("endpoint", about.endpoint));
        if !self.explains() {
            return None;
        }
        let id: String = self.dice().token(DrawPurpose::Explain).chars().take(22).collect();
        let came = about.params.map(|params| {
            params.pairs().take(MOST_PARAMETERS).map(|(name, value)| came(name, value)).collect()
        });
        let mut kept = self.live.explained.lock();
        let of_client = kept.trail.iter().rev().filter(|(client, ..)| client == about.client_id);
        let mut flow: Vec<TrailStep> = of_client
            .take(SHOWN)
            .map(|(_, at, what)| TrailStep { at: at.to_string(), what })
            .collect();
        flow.reverse();
        let explanation = Explanation {
            id: id.clone(),
            at: now.to_string(),
            endpoint: about.endpoint.to_owned(),
            client_id: cut(about.client_id),
            error: code.to_owned(),
            description: sentence.to_owned(),
            expected: error.expected.clone().into_owned(),
            clause: clause.to_owned(),
            registered: about.client.map(registered).unwrap_or_default(),
            came: came.unwrap_or_default(),
            flow,
        };
        if kept.explanations.len() == MOST {
            kept.explanations.pop_front();
        }
        kept.explanations.push_back(explanation);
        Some(format!("{}/explain/{id}", self.issuer()))
    }

    /// The explanation of this id, as long as it is kept.
    pub fn explanation(&self, id: &str) -> Option<Explanation> {
        let kept = self.live.explained.lock();
        kept.explanations.iter().find(|it| it.id == id).cloned()
    }
}

/// What of a client's registration a refusal may turn on.
fn registered(client: &Client) -> Vec<ShownParameter> {
    fn word(value: impl Serialize) -> String {
        let value = serde_json::to_value(value).unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    }
    let uris = client.redirect_uris.iter().map(|uri| ("redirect_uri", cut(uri)));
    let mut all: Vec<(&str, String)> = uris.collect();
    all.push(("token_endpoint_auth_method", word(client.token_endpoint_auth_method)));
    all.extend(client.grant_types.iter().map(|grant| ("grant_type", word(grant))));
    all.push(("scope", client.scope.clone()));
    all.push(("require_pkce", client.needs_pkce().to_string()));
    all.into_iter().map(|(name, value)| ShownParameter { name: name.to_owned(), value }).collect()
}

fn came(name: &str, value: &str) -> ShownParameter {
    let masked = params::SECRET.contains(&name.trim());
    let value = if masked { format!("[{} characters]", value.chars().count()) } else { cut(value) };
    ShownParameter { name: cut(name), value }
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
