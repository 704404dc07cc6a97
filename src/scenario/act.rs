//! An act carried out: one request, or a verb of its own.

use super::{
    run_session::{Acted, ActionResult, RunSession},
    target::Caller,
    verbs::{Special, VerbMethod},
};

impl RunSession {
    /// Carries an act out.
    pub(crate) async fn act(&mut self, how: VerbMethod, acted: &Acted) -> ActionResult {
        match how {
            VerbMethod::Door(method, path, sends) => self.through(method, path, sends, acted).await,
            VerbMethod::Special(special) => self.special(special, acted).await,
        }
    }

    async fn special(&mut self, special: Special, acted: &Acted) -> ActionResult {
        match special {
            Special::Activate => self.activate(acted).await,
            Special::Policy => self.set_policy(&acted.object("rules")).await,
            Special::Call => self.call(Caller::Tester, acted).await,
            Special::OpenApp => self.open_app(acted).await,
            Special::App => {
                let token = self.apps.get(&acted.who).cloned();
                let token = token.ok_or_else(|| {
                    format!("{0} has no app open: do = \"open_app\", who = \"{0}\"", acted.who)
                })?;
                self.call(Caller::Bearer(token), acted).await
            }
            Special::Exchange
            | Special::Refresh
            | Special::Userinfo
            | Special::Introspect
            | Special::Revoke => self.as_portal(special, acted).await,
            _ => self.in_browser(special, acted).await,
        }
    }
}
