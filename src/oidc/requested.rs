//! The `claims` parameter (OIDC Core §5.5): single claims, essential or not, and the authentication they may demand.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Most claims one request may name.
const MOST: usize = 100;
/// Longest parameter, in bytes.
const LONGEST: usize = 4096;

/// What a request asks for by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requested {
    /// Claims of the ID token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id_token: Vec<String>,
    /// Claims of userinfo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub userinfo: Vec<String>,
    /// The holder who must be signed in: `sub` with a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The classes of an essential `acr`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub essential_acr: Vec<String>,
    /// The classes of a voluntary `acr`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr: Vec<String>,
}

impl Requested {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Reads the parameter; claims that nobody knows are ignored (§5.5.1).
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const SHAPE: &str = "claims is not a JSON object as OpenID Connect Core 5.5 has it";
        if text.len() > LONGEST {
            return Err("claims is longer than 4096 bytes");
        }
        let all: Map<String, Value> = serde_json::from_str(text).map_err(|_| SHAPE)?;
        let mut found = Self::default();
        for (place, wanted) in
            [("id_token", &mut found.id_token), ("userinfo", &mut found.userinfo)]
        {
            let Some(asked) = all.get(place).filter(|asked| !asked.is_null()) else { continue };
            let asked = asked.as_object().ok_or(SHAPE)?;
            if asked.len() > MOST {
                return Err("claims names more than 100 claims");
            }
            for (name, how) in asked {
                if !(how.is_null() || how.is_object()) {
                    return Err(SHAPE);
                }
                let values = values(how).ok_or(SHAPE)?;
                match name.as_str() {
                    "sub" => found.sub = values.into_iter().next().or(found.sub.take()),
                    "acr" if place == "id_token" => {
                        let essential = how.get("essential").is_some_and(|it| *it == true);
                        if essential { &mut found.essential_acr } else { &mut found.acr }
                            .extend(values);
                    }
                    other => wanted.push(other.to_owned()),
                }
            }
        }
        Ok(found)
    }
}

/// `value` or `values` of one claim, as texts.
fn values(how: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match (how.get("value"), how.get("values")) {
        (Some(one), _) => Some(text(one).into_iter().collect()),
        (None, Some(many)) => Some(many.as_array()?.iter().filter_map(text).take(8).collect()),
        (None, None) => Some(Vec::new()),
    }
}
