//! The demo's sites, where the build has them: what they are told when they are built, and how they are reached.

use axum::Router;

#[cfg(feature = "demo")]
use crate::{
    demo::{self, CastMember, DemoSettings, InProcessProvider},
    dice::DrawPurpose,
};
use crate::{dice::Dice, flow::Fixtures, home::Home};

/// The sites to be.
pub(crate) struct Demo {
    #[cfg(feature = "demo")]
    issuer: String,
    #[cfg(feature = "demo")]
    settings: DemoSettings,
}

#[cfg(feature = "demo")]
impl Demo {
    /// Registers the sites as clients; their secret is of this process.
    pub(crate) fn new(issuer: &str, chance: &Dice, fixtures: &mut Fixtures) -> Self {
        let secret = chance.token(DrawPurpose::Secret);
        for client in demo::clients(issuer, &secret) {
            fixtures.insert_client(client);
        }
        let is_secure = issuer.starts_with("https://");
        let settings = DemoSettings { secret, is_secure, cast: cast(fixtures) };
        Self { issuer: issuer.to_owned(), settings }
    }

    /// The sites over the doors; logout tokens come home to them.
    pub(crate) fn router(&self, doors: &Router, token: Option<&str>, home: &Home) -> Router {
        let token = token.map(str::to_owned);
        let provider = InProcessProvider::new(doors.clone(), self.issuer.clone(), token);
        let (sites, back_channels) = demo::router(&provider, &self.settings);
        home.move_in(back_channels);
        sites
    }
}

/// The first three people of the fixtures who can sign in.
#[cfg(feature = "demo")]
fn cast(fixtures: &Fixtures) -> Vec<CastMember> {
    let mut cast = Vec::new();
    for (number, name, story) in fixtures.active().take(3) {
        cast.push(CastMember {
            number: number.to_string(),
            password: number.initial_password(),
            name: name.to_string(),
            story: story.to_owned(),
            phone: String::new(),
        });
    }
    cast
}

#[cfg(not(feature = "demo"))]
impl Demo {
    pub(crate) const fn new(_: &str, _: &Dice, _: &mut Fixtures) -> Self {
        Self {}
    }

    pub(crate) fn router(&self, _: &Router, _: Option<&str>, _: &Home) -> Router {
        Router::new()
    }
}
