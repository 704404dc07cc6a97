//! `/app/v1/qr-codes` makes a code, `/desk/v1/qr/verify` reads it: exactly what the holder shares, for five minutes.

use axum::http::StatusCode;
use qrcode::{QrCode as Picture, render::svg};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{app::SignedInApp, papers};
use crate::{
    flow::Realm,
    http::{error::Problem, extract::Json},
    identity::{
        Gender, PaperKind,
        qr::{QrKind, content},
        secret::Secret,
    },
};

/// What a QR code shares.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "dinh_danh", "share": ["residence"], "phone": true, "passcode": "000011"}))]
pub struct QrBody {
    /// `can_cuoc` or `dinh_danh`.
    pub kind: QrKind,
    /// Papers shared besides number, name, birth date and gender; those of level 2 need level 2.
    #[serde(default)]
    pub share: Vec<PaperKind>,
    /// Whether the phone number is shared.
    #[serde(default)]
    pub phone: bool,
    /// The passcode.
    pub passcode: Secret,
}

/// A QR code.
#[derive(Debug, Serialize, ToSchema)]
pub struct QrView {
    /// `can_cuoc` or `dinh_danh`.
    pub kind: QrKind,
    /// The text of the QR code.
    pub content: Secret,
    /// The picture: an SVG document.
    pub svg: Secret,
    /// It expires then (RFC 3339).
    pub expires_at: String,
}

/// A scanned QR code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"content": "VNEID-MOCK-QR:dS8VGwVx782aQISdcbp3qhJjlrG51X3OBSXV6XfteHI"}))]
pub struct Scanned {
    /// The text of the QR code.
    pub content: Secret,
}

/// What the desk sees: nothing that the holder does not share.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedView {
    /// `can_cuoc` or `dinh_danh`.
    pub kind: QrKind,
    /// 12 digits.
    pub number: String,
    /// Family, middle, given.
    pub full_name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// Gender.
    pub gender: Gender,
    /// The phone number, if it is shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The shared papers by kind.
    #[schema(value_type = Object)]
    pub papers: Map<String, Value>,
}

/// Makes a QR code.
#[utoipa::path(post, path = "/app/v1/qr-codes", tag = "app", request_body = QrBody,
    responses((status = 201, body = QrView)))]
pub(crate) async fn create(
    SignedInApp(realm, held): SignedInApp,
    Json(mut body): Json<QrBody>,
) -> Result<(StatusCode, axum::Json<QrView>), Problem> {
    body.share.sort_unstable();
    body.share.dedup();
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    let (token, code) = realm.make_qr(&held, body.kind, body.share, body.phone).await?;
    let content = content(&token);
    let picture = Picture::new(&content)
        .map_err(|_| Problem::invalid("share", "does not fit into a QR code"))?;
    let svg = picture.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    let view = QrView {
        kind: code.kind,
        content: content.into(),
        svg: svg.into(),
        expires_at: code.until().to_string(),
    };
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Reads a QR code at a one-stop desk (Bộ phận Một cửa).
#[utoipa::path(post, path = "/desk/v1/qr/verify", tag = "desk", request_body = Scanned,
    responses((status = 200, body = SharedView)))]
pub(crate) async fn verify(
    realm: Realm,
    Json(body): Json<Scanned>,
) -> Result<axum::Json<SharedView>, Problem> {
    let shared = realm.verify_qr(body.content.reveal()).await?;
    let held = realm.papers(&shared.citizen);
    let mut shown = Map::new();
    for kind in &shared.code.share {
        let (person, dependants) = (&shared.citizen, &shared.dependants);
        if let Some(paper) = papers::content(*kind, person, &held, dependants, realm.now) {
            shown.insert(kind.name().to_owned(), paper);
        }
    }
    let phone = shared.account.phone.filter(|_| shared.code.phone);
    Ok(axum::Json(SharedView {
        kind: shared.code.kind,
        number: shared.citizen.number.to_string(),
        full_name: shared.citizen.full_name.to_string(),
        birth_date: shared.citizen.birth_date.to_string(),
        gender: shared.citizen.gender,
        phone: phone.map(|phone| phone.to_string()),
        papers: shown,
    }))
}
