//! The named people one can try the demo with, and where their messages are read.

use super::{page::SiteFrame, provider::InProcessProvider};

/// Somebody who can sign in right away.
#[derive(Debug, Clone)]
pub(crate) struct CastMember {
    pub(crate) number: String,
    pub(crate) password: String,
    pub(crate) name: String,
    pub(crate) story: String,
    pub(crate) phone: String,
}

/// The people as they are now: a phone may have changed.
pub(crate) async fn now(provider: &InProcessProvider, cast: &[CastMember]) -> Vec<CastMember> {
    let mut people = Vec::with_capacity(cast.len());
    for person in cast {
        let account = provider.read(&format!("/admin/v1/accounts/{}", person.number)).await;
        let phone = account.as_ref().and_then(|it| it["phone"].as_str()).unwrap_or_default();
        people.push(CastMember { phone: phone.to_owned(), ..person.clone() });
    }
    people
}

impl CastMember {
    /// Where the person's messages are read.
    pub(crate) fn phone_address(&self, frame: &SiteFrame) -> String {
        format!("{}/phone?number={}&lang={}", frame.base, self.phone, frame.language.tag())
    }
}
