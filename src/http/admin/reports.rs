//! `/admin/v1/reports/rollout`: what letter 1397/BHXH-VP item 3 wants of every unit, as JSON or CSV.

use std::collections::BTreeMap;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    flow::{Realm, holder::report::Rollout},
    http::{
        error::Problem,
        extract::{Query, limit, number},
        views::List,
    },
};

/// Which units, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// One unit: 12 digits that begin with 8. Left out: all named and changed ones, in pages.
    pub unit: Option<String>,
    /// `json` (the default) or `csv`.
    pub format: Option<String>,
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// The five counts of a unit, and the reasons.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolloutView {
    /// The unit's number.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// Tổng số công chức, viên chức và người lao động.
    pub staff: u64,
    /// … đã được cấp CCCD gắn chip.
    pub with_card: u64,
    /// … chưa được cấp.
    pub without_card: u64,
    /// … đã hoàn thành việc cài đặt VNeID mức 2.
    pub level_2: u64,
    /// … chưa cài đặt.
    pub not_level_2: u64,
    /// Lý do chưa cài đặt; they add up to `not_level_2`.
    pub reasons: BTreeMap<&'static str, u64>,
}

impl From<Rollout> for RolloutView {
    fn from(it: Rollout) -> Self {
        Self {
            unit: it.unit.to_string(),
            name: it.name,
            staff: it.staff,
            with_card: it.with_card,
            without_card: it.without_card,
            level_2: it.level_2,
            not_level_2: it.not_level_2,
            reasons: it.reasons,
        }
    }
}

/// The report of one unit or of all, from the current state.
#[utoipa::path(get, path = "/admin/v1/reports/rollout", tag = "reports", params(ReportQuery),
    responses((status = 200, body = List<RolloutView>)))]
pub(crate) async fn rollout(
    realm: Realm,
    Query(wish): Query<ReportQuery>,
) -> Result<Response, Problem> {
    let csv = match wish.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Problem::invalid("format", "must be json or csv")),
    };
    let limit = limit(wish.limit)?;
    let units = if let Some(unit) = &wish.unit {
        vec![realm.rollout(&number("unit", unit)?).await?]
    } else {
        let after = wish.after.as_deref().map(|after| number("after", after)).transpose()?;
        realm.rollouts(after.as_ref(), limit).await?
    };
    let items: Vec<RolloutView> = units.into_iter().map(RolloutView::from).collect();
    if csv {
        let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
        return Ok((kind, table(&items)).into_response());
    }
    let one = wish.unit.is_some();
    let limit = if one { usize::MAX } else { limit };
    Ok(axum::Json(List::page(items, limit, |it| it.unit.clone())).into_response())
}

/// RFC 4180, with a byte order mark so that spreadsheets read the Vietnamese.
fn table(items: &[RolloutView]) -> String {
    let mut out = String::from(
        "\u{feff}unit,name,staff,with_card,without_card,level_2,not_level_2,reasons\r\n",
    );
    for it in items {
        let reasons: Vec<_> =
            it.reasons.iter().map(|(why, count)| format!("{why}: {count}")).collect();
        let fields = [
            it.unit.clone(),
            quoted(&it.name),
            it.staff.to_string(),
            it.with_card.to_string(),
            it.without_card.to_string(),
            it.level_2.to_string(),
            it.not_level_2.to_string(),
            quoted(&reasons.join("; ")),
        ];
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A field that may hold anything; one that a spreadsheet would take for a formula is kept a text.
fn quoted(text: &str) -> String {
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let lead =
        if first.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { "'" } else { "" };
    format!("\"{lead}{}\"", text.replace('"', "\"\""))
}
