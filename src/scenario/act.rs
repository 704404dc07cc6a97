//! An act carried out: one request, or a verb of its own.

use super::{
    ground::Asker,
    verbs::{How, Special},
    world::{Acted, Done, World},
};

impl World {
    /// Carries an act out.
    pub(crate) async fn act(&mut self, how: How, acted: &Acted) -> Done {
        match how {
            How::Door(method, path, sends) => self.through(method, path, sends, acted).await,
            How::Special(special) => self.special(special, acted).await,
        }
    }

    async fn special(&mut self, special: Special, acted: &Acted) -> Done {
        match special {
            Special::Activate => self.activate(acted).await,
            Special::Policy => self.set_policy(&acted.object("rules")).await,
            Special::Call => self.call(Asker::Tester, acted).await,
            Special::OpenApp => self.open_app(acted).await,
            Special::App => {
                let token = self.apps.get(&acted.who).cloned();
                let token = token.ok_or_else(|| {
                    format!("{0} has no app open: do = \"open_app\", who = \"{0}\"", acted.who)
                })?;
                self.call(Asker::Bearer(token), acted).await
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
