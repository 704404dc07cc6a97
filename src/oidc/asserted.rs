//! Which context class an ID token asserts, and when more than a sign-in reached is asked for.

use super::{
    acr::ContextClass,
    authorize::AuthorizationRequest,
    error::{Code, Error},
};

impl AuthorizationRequest {
    /// The class to assert for a sign-in of class `reached`: the best one asked for that it covers, else its own.
    ///
    /// # Errors
    /// None of the essential ones is covered.
    pub fn asserted(&self, reached: ContextClass) -> Result<String, Error> {
        let essential = &self.claims.essential_acr;
        let wanted: Vec<&String> = if essential.is_empty() {
            self.acr_values.iter().chain(&self.claims.acr).collect()
        } else {
            essential.iter().collect()
        };
        let covered = wanted.iter().filter_map(|value| ContextClass::of(value));
        match covered.filter(|class| *class <= reached).max() {
            Some(class) => Ok(class.as_str().to_owned()),
            None if essential.is_empty() => Ok(reached.as_str().to_owned()),
            None => {
                let sentence = "the sign-in does not reach an essential acr value";
                let error = Error::new(Code::UnmetAuthenticationRequirements, sentence);
                let wanted: Vec<&str> = essential.iter().map(String::as_str).collect();
                let expected = format!("a sign-in of {}; this one reached {}", wanted.join(" or "), reached.as_str());
                Err(error.by("OIDC Core §5.5.1.1: essential acr").expecting(expected))
            }
        }
    }

    /// Whether more than a sign-in of class `reached` is asked for (RFC 9470 §4: step-up).
    pub fn steps_up(&self, reached: ContextClass) -> bool {
        if !self.claims.essential_acr.is_empty() {
            return self.asserted(reached).is_err();
        }
        let mut wanted = self.acr_values.iter().chain(&self.claims.acr);
        let lowest = wanted.by_ref().filter_map(|value| ContextClass::of(value)).min();
        lowest.is_some_and(|lowest| lowest > reached && lowest <= ContextClass::BEST)
    }
}
