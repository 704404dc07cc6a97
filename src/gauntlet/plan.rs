//! What is put to the test, and where.

use std::path::PathBuf;

use serde_json::Value;
use url::Url;

use crate::visitor::web_address;

/// What is put to the test, and where.
#[derive(Debug, Clone, clap::Args)]
pub struct GauntletPlan {
    /// The application: a page that shows whether somebody is signed in.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub rp: Url,
    /// The simulator it signs in with.
    #[arg(
        long,
        value_name = "URL",
        value_parser = web_address,
        env = "MOCK_VNEID_URL",
        default_value = "http://localhost:8080"
    )]
    pub url: Url,
    /// The simulator's realm, if it is not the one at the root.
    #[arg(long, value_name = "NAME")]
    pub realm: Option<String>,
    /// The admin API's token, where one is in force.
    #[arg(long, env = "MOCK_VNEID_ADMIN_TOKEN", hide_env_values = true)]
    pub admin_token: Option<String>,
    /// The address that begins a sign-in. Without it the way is looked for: links and buttons that speak of signing in.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub login: Option<Url>,
    /// What tells whether somebody is signed in, a page or an API, if it is not `--rp`.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub probe: Option<Url>,
    /// A text that is there only when somebody is signed in. Without it, it is learnt from two people who sign in.
    #[arg(long, value_name = "TEXT")]
    pub signed_in_text: Option<String>,
    /// One more origin that the way may lead through, such as the application's own gateway.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub also: Vec<Url>,
    /// Only these cases: a name, or its beginning and `*`.
    #[arg(long, value_name = "CASE")]
    pub only: Vec<String>,
    /// Who signs in, as `POST /admin/v1/accounts` takes it. [default: level 2, active]
    #[arg(long, value_name = "JSON", value_parser = object)]
    pub like: Option<Value>,
    /// Who signs in, instead of somebody new for every case: NUMBER:PASSWORD, in turns where there are more.
    #[arg(long, value_name = "NUMBER:PASSWORD", value_parser = account, conflicts_with = "like")]
    pub account: Vec<(String, String)>,
    /// A command that restarts the application, so that it reads metadata and keys again (`sh -c`).
    #[arg(long, value_name = "COMMAND")]
    pub restart: Option<String>,
    /// What a clause only recommends counts as a failure, too.
    #[arg(long)]
    pub strict: bool,
    /// Write the report as Markdown here.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write `JUnit` XML here.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

fn object(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if value.is_object() { Ok(value) } else { Err("must be a JSON object".to_owned()) }
}

fn account(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once(':').ok_or("must be an ID number, a colon and a password")?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

impl GauntletPlan {
    #[cfg(feature = "internals")]
    /// An application and the simulator it signs in with.
    pub fn new(rp: Url, url: Url) -> Self {
        Self {
            rp,
            url,
            realm: None,
            admin_token: None,
            login: None,
            probe: None,
            signed_in_text: None,
            also: Vec::new(),
            only: Vec::new(),
            like: None,
            account: Vec::new(),
            restart: None,
            strict: false,
            report: None,
            junit: None,
        }
    }

    /// Whether a case is asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wish| Self::means(wish, name))
    }

    /// Whether a wish of `--only` means a case.
    pub(crate) fn means(wish: &str, name: &str) -> bool {
        wish.strip_suffix('*').map_or(name == wish, |beginning| name.starts_with(beginning))
    }

    pub(crate) fn probe(&self) -> &Url {
        self.probe.as_ref().unwrap_or(&self.rp)
    }
}
