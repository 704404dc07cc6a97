//! `/app/v1/papers`: the wallet; each paper is shown once it is integrated and the level opens it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{app::SignedInApp, registrations::PaperBody};
use crate::{
    clock::Timestamp,
    flow::{Error, holder::wallet},
    http::{
        error::Problem,
        extract::{Json, Path},
        views::{AddressView, CardView},
    },
    identity::{Citizen, PaperKind, Papers, Refused, registration::Brought},
};

/// A paper of the wallet.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperView {
    /// Which paper.
    pub kind: PaperKind,
    /// In Vietnamese.
    pub title: &'static str,
    /// Whose database it is checked against.
    pub database: &'static str,
    /// Whether that database holds one.
    pub known: bool,
    /// Whether it is integrated.
    pub integrated: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByKind {
    kind: String,
}

/// What a paper says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperContent {
    /// Which paper.
    pub kind: PaperKind,
    /// Its content, by kind.
    pub content: Value,
}

fn kind(text: &str) -> Result<PaperKind, Problem> {
    PaperKind::by_name(text).ok_or_else(|| Error::Missing("paper").into())
}

/// Every kind of paper.
#[utoipa::path(get, path = "/app/v1/papers", tag = "app",
    responses((status = 200, body = Vec<PaperView>)))]
pub(crate) async fn list(
    SignedInApp(realm, held): SignedInApp,
) -> Result<axum::Json<Vec<PaperView>>, Problem> {
    let kept = realm.wallet(&held).await?;
    let view = kept.into_iter().map(|paper| PaperView {
        kind: paper.kind,
        title: paper.kind.vietnamese(),
        database: paper.kind.database(),
        known: paper.known,
        integrated: paper.integrated,
    });
    Ok(axum::Json(view.collect()))
}

/// One paper.
#[utoipa::path(get, path = "/app/v1/papers/{kind}", tag = "app",
    params(("kind" = String, Path, description = "which paper")),
    responses((status = 200, body = PaperContent)))]
pub(crate) async fn get(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ByKind>,
) -> Result<axum::Json<PaperContent>, Problem> {
    let kind = kind(&path.kind)?;
    realm.may_use(&held, wallet::service_of(kind))?;
    let person = held.person()?;
    let papers = realm.papers(person);
    let dependants = realm.dependants(&person.number).await?;
    if !wallet::is_integrated(&held.account, kind) {
        return Err(Refused::PaperUnknown { kind }.into());
    }
    let content = content(kind, person, &papers, &dependants, realm.now);
    let content = content.ok_or(Refused::PaperUnknown { kind })?;
    Ok(axum::Json(PaperContent { kind, content }))
}

/// Integrates a paper: level 2, and only what its owner's database holds.
#[utoipa::path(post, path = "/app/v1/papers", tag = "app", request_body = PaperBody,
    responses((status = 200, body = Vec<PaperView>)))]
pub(crate) async fn integrate(
    SignedInApp(realm, held): SignedInApp,
    Json(body): Json<PaperBody>,
) -> Result<axum::Json<Vec<PaperView>>, Problem> {
    let Brought { kind, number } = body.brought()?;
    realm.integrate(&held.account.number, kind, number.as_deref()).await?;
    let held = realm.held_now(&held.account.number).await?;
    list(SignedInApp(realm, held)).await
}

/// What a paper says; `None` if there is none.
pub(crate) fn content(
    kind: PaperKind,
    person: &Citizen,
    papers: &Papers,
    dependants: &[Citizen],
    now: Timestamp,
) -> Option<Value> {
    let today = now.day();
    match kind {
        PaperKind::Card => {
            let card = person.card.as_ref()?;
            let former = person.former_cards.iter().map(|card| CardView::at(card, now));
            Some(json!({
                "number": person.number, "current": CardView::at(card, now),
                "history": former.collect::<Vec<_>>(), "old_number": papers.old_number,
            }))
        }
        PaperKind::Residence => Some(json!({
            "residence": AddressView::from(&person.residence), "spouse": person.spouse,
            "household": dependants.iter().map(|child| child.number).collect::<Vec<_>>(),
        })),
        PaperKind::Dependants => Some(json!(dependants.iter().map(|child| json!({
            "number": child.number, "full_name": child.full_name, "birth_date": child.birth_date,
            "kind": child.kind_on(today),
        })).collect::<Vec<_>>())),
        PaperKind::Driving => papers.driving.as_ref().map(|it| json!(it)),
        PaperKind::Vehicle => papers.vehicle.as_ref().map(|it| json!(it)),
        PaperKind::HealthInsurance => papers.health_insurance.as_ref().map(|it| json!(it)),
        PaperKind::SocialInsurance => papers.social_insurance.as_ref().map(|it| {
            let month = |month: crate::identity::papers::Month<'_>| json!({
                "month": month.month.strftime("%Y-%m").to_string(),
                "unit": month.period.unit, "unit_name": month.period.unit_name,
                "salary": month.period.salary,
            });
            json!({ "number": it.number, "months": it.months(today).map(month).collect::<Vec<_>>() })
        }),
        PaperKind::Health => papers.health.as_ref().map(|it| json!(it)),
        PaperKind::Tax => papers.tax.as_ref().map(|it| json!(it)),
        PaperKind::OldNumber => papers.old_number.as_ref().map(|it| json!({ "number": it })),
    }
}
