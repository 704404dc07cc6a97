//! The named people one can try the demo with.

use crate::{
    flow::{Error, Realm},
    http::pages::Frame,
};

/// Somebody who can sign in right away.
pub(crate) struct CastMember {
    pub(crate) number: String,
    pub(crate) password: String,
    pub(crate) name: String,
    pub(crate) story: String,
    pub(crate) phone: String,
}

/// The first three of the fixtures.
pub(crate) async fn of(realm: &Realm) -> Result<Vec<CastMember>, Error> {
    let mut people = Vec::new();
    for (number, name, story) in realm.flow.fixtures.active().take(3) {
        let account = realm.account(&number).await?;
        people.push(CastMember {
            number: number.to_string(),
            password: number.initial_password(),
            name: name.to_string(),
            story: story.to_owned(),
            phone: account.phone.map(|phone| phone.to_string()).unwrap_or_default(),
        });
    }
    Ok(people)
}

impl CastMember {
    /// Where the person's messages are read.
    pub(crate) fn phone_address(&self, frame: &Frame) -> String {
        format!("{}/phone?number={}&lang={}", frame.base, self.phone, frame.language.tag())
    }
}
