//! The scopes of papers: each of level 2, each given once it is integrated into the account.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Basis, Claim, ClaimsHolder, Loads, Scope};
use crate::identity::{Level, PaperKind};

pub(super) const SCOPES: &[Scope] = &[
    paper(
        "vneid.driving",
        "Giấy phép lái xe",
        "Driving licence",
        &[Claim {
            name: "vneid_driving",
            vietnamese: "Giấy phép lái xe",
            english: "Driving licence",
            basis: Basis::Invented,
            value: |it| integrated(it, PaperKind::Driving, it.papers.driving.as_ref()),
        }],
    ),
    paper(
        "vneid.vehicle",
        "Đăng ký xe",
        "Vehicle registration",
        &[Claim {
            name: "vneid_vehicle",
            vietnamese: "Đăng ký xe",
            english: "Vehicle registration",
            basis: Basis::Invented,
            value: |it| integrated(it, PaperKind::Vehicle, it.papers.vehicle.as_ref()),
        }],
    ),
    paper(
        "vneid.health_insurance",
        "Thẻ bảo hiểm y tế",
        "Health-insurance card",
        &[Claim {
            name: "vneid_health_insurance",
            vietnamese: "Thẻ bảo hiểm y tế",
            english: "Health-insurance card",
            basis: Basis::Invented,
            value: |it| {
                integrated(it, PaperKind::HealthInsurance, it.papers.health_insurance.as_ref())
            },
        }],
    ),
    paper(
        "vneid.social_insurance",
        "Quá trình tham gia bảo hiểm xã hội",
        "Social insurance",
        &[Claim {
            name: "vneid_social_insurance",
            vietnamese: "Quá trình tham gia bảo hiểm xã hội",
            english: "Social insurance: months, unit, periods",
            basis: Basis::Invented,
            value: |it| integrated(it, PaperKind::SocialInsurance, social_insurance(it)),
        }],
    ),
    paper(
        "vneid.tax",
        "Mã số thuế",
        "Tax code",
        &[Claim {
            name: "vneid_tax",
            vietnamese: "Mã số thuế",
            english: "Tax code",
            basis: Basis::Invented,
            value: |it| integrated(it, PaperKind::Tax, it.papers.tax.as_ref()),
        }],
    ),
    paper(
        "vneid.health",
        "Sổ sức khỏe điện tử",
        "Health record",
        &[Claim {
            name: "vneid_health",
            vietnamese: "Sổ sức khỏe điện tử",
            english: "Health record",
            basis: Basis::Invented,
            value: |it| integrated(it, PaperKind::Health, it.papers.health.as_ref()),
        }],
    ),
];

const fn paper(
    name: &'static str,
    vietnamese: &'static str,
    english: &'static str,
    claims: &'static [Claim],
) -> Scope {
    Scope {
        name,
        level: Level::Two,
        vietnamese,
        english,
        loads: Loads::Papers,
        in_id_token: false,
        claims,
    }
}

/// What its database holds, once the holder has it in the app (Decree 59/2022 Art. 13.8).
fn integrated(
    holder: &ClaimsHolder<'_>,
    kind: PaperKind,
    held: Option<impl Serialize>,
) -> Option<Value> {
    let wallet = holder.account.wallet.as_ref();
    let kept = wallet.is_none_or(|wallet| wallet.contains_key(&kind));
    held.filter(|_| kept).map(|held| json!(held))
}

fn social_insurance(holder: &ClaimsHolder<'_>) -> Option<Value> {
    let held = holder.papers.social_insurance.as_ref()?;
    let months = held.months(holder.today).count();
    let unit = held.current(holder.today).map(|period| &period.unit_name);
    Some(json!({ "number": held.number, "months": months, "unit": unit, "periods": held.periods }))
}
