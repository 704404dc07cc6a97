//! The simulated handset: `/phone` shows the SMS of a number, `/phone/app` answers sign-ins.

use axum::{Router, routing::get};

use super::state::HttpState;
use crate::{
    flow::{Error, Realm},
    http::pages::Frame,
};

mod app;
mod phone;

/// The handset, in every realm.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route("/phone", get(phone::get))
        .route("/realms/{realm}/phone", get(phone::get))
        .route("/phone/app", get(app::get).post(app::post))
        .route("/realms/{realm}/phone/app", get(app::get).post(app::post))
}

/// A telephone to look at: of one of the named people.
struct Neighbour {
    name: String,
    phone: String,
}

impl Neighbour {
    /// Those of the first three of the fixtures.
    async fn all(realm: &Realm) -> Result<Vec<Self>, Error> {
        let mut people = Vec::new();
        for (number, name, _) in realm.flow.fixtures.active().take(3) {
            let account = realm.account(&number).await?;
            let phone = account.phone.map(|phone| phone.to_string()).unwrap_or_default();
            people.push(Self { name: name.to_string(), phone });
        }
        Ok(people)
    }

    fn phone_address(&self, frame: &Frame) -> String {
        format!("{}/phone?number={}&lang={}", frame.base, self.phone, frame.language.tag())
    }
}
