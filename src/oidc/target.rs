//! What an access token shall be for (RFC 8707).

use super::{
    client::Client,
    error::{Code, Error},
    params::Params,
};

/// What `resource` must be.
pub const TARGETS: &str =
    "at most 8 values of resource, each an absolute URI without a fragment, of at most 2000 bytes";

/// Whether every `resource` of a request could name one (RFC 8707 §2).
pub fn resource(params: &Params, _: &Client) -> Result<(), Error> {
    let named = |uri: &str| {
        uri.len() <= 2000 && url::Url::parse(uri).is_ok_and(|url| url.fragment().is_none())
    };
    if params.all("resource").count() <= 8 && params.all("resource").all(named) {
        Ok(())
    } else {
        let sentence = "resource must be an absolute URI without a fragment, at most 8 of them";
        Err(Error::new(Code::InvalidTarget, sentence))
    }
}
