//! What a database's papers must look like: each wrong in one respect, and refused by the field that is wrong.

use mock_vneid::identity::{Foreign, Papers};
use serde_json::{Value, json};

/// Everything as it should be.
fn right() -> Value {
    let visit = json!({"date": "2025-05-06", "facility": "Trạm y tế", "diagnosis": "cảm"});
    let period = json!({
        "from": "2020-01-01", "until": "2020-01-01", "unit_name": "Công ty Ví Dụ", "salary": 1,
    });
    json!({
        "health_insurance": {
            "number": "DN4310108000263", "from": "2026-01-01", "until": "2026-01-01", "facility": "x".repeat(100),
        },
        "social_insurance": { "number": "0108000263", "periods": vec![period; 60] },
        "driving": { "number": "012345678901", "classes": vec!["B2"; 10], "issued": "2020-01-01" },
        "vehicle": { "plate": "29B1-123.45", "kind": "xe máy", "make": "x".repeat(100), "registered": "2020-01-01" },
        "tax": { "code": "0123456789" },
        "health": { "blood_group": "O+", "visits": vec![visit; 50] },
        "old_number": "123456789",
    })
}

fn refused(papers: Value) -> Option<&'static str> {
    let papers: Papers = serde_json::from_value(papers).unwrap();
    papers.validate().err().map(|it| it.field)
}

#[test]
fn what_is_at_its_bound_is_taken() {
    assert_eq!(refused(right()), None);
    assert_eq!(refused(json!({})), None);
    let mut newer = right();
    newer["tax"]["code"] = json!("012345678901");
    newer["vehicle"]["plate"] = json!("29A-123.45");
    assert_eq!(refused(newer), None);
}

#[test]
fn one_thing_that_is_wrong_is_enough() {
    let long = json!("x".repeat(101));
    let more = |path: &str, times: usize| json!(vec![right().pointer(path).unwrap(); times]);
    for (path, value, field) in [
        ("/health_insurance/number", json!("DN431010800026"), "health_insurance"),
        ("/health_insurance/number", json!("Dn4310108000263"), "health_insurance"),
        ("/health_insurance/number", json!("DN431010800026x"), "health_insurance"),
        ("/health_insurance/facility", long.clone(), "health_insurance"),
        ("/health_insurance/facility", json!("a\nb"), "health_insurance"),
        ("/health_insurance/until", json!("2025-12-31"), "health_insurance"),
        ("/social_insurance/number", json!("010800026"), "social_insurance.number"),
        ("/social_insurance/number", json!("010800026x"), "social_insurance.number"),
        (
            "/social_insurance/periods",
            more("/social_insurance/periods/0", 61),
            "social_insurance.periods",
        ),
        ("/social_insurance/periods/7/until", json!("2019-12-31"), "social_insurance.periods"),
        ("/social_insurance/periods/59/unit_name", long.clone(), "social_insurance.periods"),
        ("/driving/number", json!("01234567890"), "driving"),
        ("/driving/classes", more("/driving/classes/0", 11), "driving"),
        ("/vehicle/plate", json!("29B12-123.45"), "vehicle.plate"),
        ("/vehicle/plate", json!("2B-123.45"), "vehicle.plate"),
        ("/vehicle/plate", json!("29b-123.45"), "vehicle.plate"),
        ("/vehicle/plate", json!("29BB-123.45"), "vehicle.plate"),
        ("/vehicle/plate", json!("29B-123.456"), "vehicle.plate"),
        ("/vehicle/plate", json!("29B-123-45"), "vehicle.plate"),
        ("/vehicle/plate", json!("29B-12x.45"), "vehicle.plate"),
        ("/vehicle/plate", json!("29B123.45"), "vehicle.plate"),
        ("/vehicle/make", long.clone(), "vehicle.plate"),
        ("/tax/code", json!("01234567890"), "tax.code"),
        ("/health/blood_group", long, "health"),
        ("/health/visits", more("/health/visits/0", 51), "health"),
        ("/old_number", json!("12345678"), "old_number"),
    ] {
        let mut papers = right();
        *papers.pointer_mut(path).unwrap() = value.clone();
        assert_eq!(refused(papers), Some(field), "{path}: {value}");
    }
}

/// What the immigration database has of a foreigner, wrong in one respect each.
#[test]
fn a_foreigners_papers_have_their_form() {
    let right = json!({
        "nationality": "KR",
        "passport": { "number": "M12345", "issued": "2020-01-01", "expires": "2020-01-01", "place": "x".repeat(100) },
        "residence_card": { "kind": "permanent", "number": "THT012345678", "expires": "2030-01-01" },
    });
    let refused = |foreign: Value| {
        let foreign: Foreign = serde_json::from_value(foreign).unwrap();
        // Where nothing is said, face and fingerprints are in the database.
        assert!(foreign.in_database);
        foreign.validate().err().map(|it| it.field)
    };
    assert_eq!(refused(right.clone()), None);
    for (path, value, field) in [
        ("/nationality", json!("KOR"), "foreign.nationality"),
        ("/nationality", json!("kr"), "foreign.nationality"),
        ("/nationality", json!("VN"), "foreign.nationality"),
        ("/passport/number", json!("M1234"), "foreign.passport.number"),
        ("/passport/number", json!("M123456789012"), "foreign.passport.number"),
        ("/passport/number", json!("m12345"), "foreign.passport.number"),
        ("/residence_card/number", json!("THT-12345"), "foreign.residence_card.number"),
        ("/passport/expires", json!("2019-12-31"), "foreign.passport.expires"),
        ("/passport/place", json!(""), "foreign.passport.place"),
        ("/passport/place", json!("x".repeat(101)), "foreign.passport.place"),
        ("/passport/place", json!("a\nb"), "foreign.passport.place"),
    ] {
        let mut wrong = right.clone();
        *wrong.pointer_mut(path).unwrap() = value;
        assert_eq!(refused(wrong), Some(field), "{path}");
    }
}
