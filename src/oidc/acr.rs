//! How strong a sign-in is, and how strong a request wants it (`acr`, `acr_values`, `claims`; step-up of RFC 9470).

use super::{
    client::Client,
    error::{Code, Error},
    params::Params,
    requested::Requested,
};

/// An authentication context class: the authentication levels 01 to 04 of Decree 69/2024 Art. 20.1. The strings are this
/// simulator's own encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ContextClass {
    /// 01: one factor.
    #[strum(serialize = "LoA1")]
    LoA1,
    /// 02: two factors, no biometric.
    #[strum(serialize = "LoA2")]
    LoA2,
    /// 03: two factors or more, one of them biometric.
    #[strum(serialize = "LoA3")]
    LoA3,
    /// 04: biometric, possession and knowledge.
    #[strum(serialize = "LoA4")]
    LoA4,
}

impl ContextClass {
    /// The highest that a sign-in reaches here.
    pub const BEST: Self = Self::LoA3;

    /// The class of that name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::LoA1, Self::LoA2, Self::LoA3, Self::LoA4].into_iter().find(|it| it.as_str() == name)
    }

    /// As `acr` carries it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What nobody can reach here is refused before anybody types a password.
pub(super) fn attainable(params: &Params, _: &Client) -> Result<(), Error> {
    let asked = params.get("claims").and_then(|claims| Requested::parse(claims).ok());
    let essential = asked.unwrap_or_default().essential_acr;
    let reach = |value: &String| ContextClass::of(value).is_some_and(|it| it <= ContextClass::BEST);
    if essential.is_empty() || essential.iter().any(reach) {
        Ok(())
    } else {
        let sentence = "no essential acr value can be reached: LoA1, LoA2 or LoA3";
        Err(Error::new(Code::UnmetAuthenticationRequirements, sentence))
    }
}
