//! `/admin/v1/provinces`: the two lists, of ID numbers and of today's addresses.

use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::{BirthProvince, Province};

/// A province of the ID-number list.
#[derive(Debug, Serialize, ToSchema)]
pub struct BirthProvinceView {
    /// Three digits, such as `001`.
    pub code: String,
    /// Its name.
    pub name: &'static str,
    /// Two digits of the province it belongs to since 1 July 2025.
    pub current: String,
}

/// A province of today.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceView {
    /// Two digits, such as `01`.
    pub code: String,
    /// Its name.
    pub name: &'static str,
    /// Whether it is a centrally run city.
    pub city: bool,
}

/// Both lists; seven codes name different provinces in them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvincesView {
    /// The 63 of ID numbers (Circular 07/2016).
    pub birth: Vec<BirthProvinceView>,
    /// The 34 of addresses since 1 July 2025 (Decision 19/2025/QĐ-TTg).
    pub current: Vec<ProvinceView>,
}

/// Both lists of provinces.
#[utoipa::path(get, path = "/admin/v1/provinces", tag = "citizens",
    responses((status = 200, body = ProvincesView)))]
pub(crate) async fn list() -> axum::Json<ProvincesView> {
    let birth = BirthProvince::all().iter().map(|it| BirthProvinceView {
        code: format!("{:03}", it.code),
        name: it.name,
        current: format!("{:02}", it.current),
    });
    let current = Province::all().iter().map(|it| ProvinceView {
        code: format!("{:02}", it.code),
        name: it.name,
        city: it.city,
    });
    axum::Json(ProvincesView { birth: birth.collect(), current: current.collect() })
}
