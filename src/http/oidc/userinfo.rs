//! `GET|POST /oauth2/userinfo` with a bearer token in the header, or in the form of a POST.

use axum::{
    Json,
    body::Bytes,
    extract::Request,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};

use crate::{
    flow::{
        Error as FlowError, Realm,
        provider::{explain::RefusalContext, userinfo::Userinfo},
    },
    http::{
        error::BearerRefusal,
        extract::{body_of, is_form},
    },
    oidc::{
        error::{Code, Error},
        params::Params,
    },
};

/// OIDC Core §5.3.1. Real integrators post an empty JSON body (facts §4.1); only a form is looked into.
pub(crate) async fn serve(realm: Realm, request: Request) -> Response {
    let headers = request.headers().clone();
    // RFC 6750 §2.2: the form of a POST; the body of a GET means nothing.
    let has_form = request.method() == Method::POST && is_form(&headers);
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = match body_of(request).await {
        Ok(body) => body,
        Err(fault) => {
            let error = Error::said(Code::InvalidRequest, &fault.to_string());
            let error = error.expecting("a whole body of at most 65536 bytes");
            let mut response = BearerRefusal(Some(error.into()), None).into_response();
            *response.status_mut() = fault.status();
            return response;
        }
    };
    let form = has_form.then_some(&body);
    match bearer(&headers, &query, form) {
        Ok(Some(token)) => match realm.userinfo(&token).await {
            Ok(Userinfo::Json(claims)) => Json(claims).into_response(),
            Ok(Userinfo::Sealed(sealed)) => Json(sealed).into_response(),
            Ok(Userinfo::Jwt(jwt)) => {
                ([(header::CONTENT_TYPE, "application/jwt")], jwt).into_response()
            }
            Err(error) => refused(&realm, error),
        },
        Ok(None) => BearerRefusal(None, None).into_response(),
        Err(error) => refused(&realm, error.into()),
    }
}

fn refused(realm: &Realm, error: FlowError) -> Response {
    let explained = match &error {
        FlowError::Protocol(error) => {
            realm.explain(error, RefusalContext::client("", "/oauth2/userinfo"))
        }
        _ => None,
    };
    BearerRefusal(Some(error), explained).into_response()
}

/// How a bearer token is sent.
const ONE: &str = "one access token: Authorization: Bearer, or access_token in a form";

/// RFC 6750 §2: header or form, one of them; never the query (§2.3, RFC 9700 §4.3.2).
pub(super) fn bearer(
    headers: &HeaderMap,
    query: &str,
    form: Option<&Bytes>,
) -> Result<Option<String>, Error> {
    let twice = || {
        Error::new(Code::InvalidRequest, "more than one access token in the request")
            .by("RFC 6750 §2: one method in each request")
            .expecting(ONE)
    };
    if Params::parse(query.as_bytes()).is_ok_and(|query| query.get("access_token").is_some()) {
        let sentence = "an access token in the query is not accepted";
        let error = Error::new(Code::InvalidRequest, sentence);
        return Err(error.by("RFC 9700 §4.3.2, RFC 6750 §2.3").expecting(ONE));
    }
    let mut header_values = headers.get_all(header::AUTHORIZATION).iter();
    let from_header = match header_values.next() {
        Some(value) => Some(token_of(value.to_str().unwrap_or_default())?),
        None => None,
    };
    if header_values.next().is_some() {
        return Err(twice());
    }
    let from_form = if let Some(body) = form {
        let form = Params::parse(body)
            .map_err(|error| Error::said(Code::InvalidRequest, &error.to_string()).expecting(ONE))?;
        if form.repeats("access_token") {
            return Err(twice());
        }
        form.get("access_token").map(str::to_owned)
    } else {
        None
    };
    match (from_header, from_form) {
        (Some(_), Some(_)) => Err(twice()),
        (header, form) => Ok(header.or(form)),
    }
}

fn token_of(authorization: &str) -> Result<String, Error> {
    match authorization.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
            Ok(token.trim().to_owned())
        }
        _ => Err(Error::new(Code::InvalidRequest, "the Authorization header must be Bearer")
            .by("RFC 6750 §2.1")
            .expecting(ONE)),
    }
}
