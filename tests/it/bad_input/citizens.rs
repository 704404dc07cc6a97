//! The databases about a citizen: kin who are no people, foreign papers of citizens, papers that no database prints.

use serde_json::json;

use super::{Fire, json, problem};
use crate::harness::actors::{DUC, LAN};

#[tokio::test]
async fn kin_and_days_that_cannot_be() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for field in [
        json!({"representative": "800000000017"}),
        json!({"spouse": "800000000017"}),
        json!({"representative": LAN.number}),
        json!({"spouse": LAN.number}),
        json!({"spouse": "x"}),
        json!({"spouse": ["097085000022"]}),
        json!({"representative": 97_085_000_022_u64}),
        json!({"under_guardianship": "yes"}),
        json!({"under_guardianship": 1}),
        json!({"died": "yesterday"}),
        json!({"died": "2026-02-30"}),
        json!({"died": true}),
        json!({"died": "1989-12-31"}),
        json!({"foreign": []}),
        json!({"foreign": {}}),
        json!({"foreign": "KR"}),
        json!({"papers": []}),
        json!({"papers": "all"}),
        json!({"papers": {"no_such_paper": {}}}),
        json!({"papers": {"tax": []}}),
        json!({"papers": {"tax": {}}}),
        json!({"papers": {"tax": {"code": ""}}}),
        json!({"papers": {"tax": {"code": "1"}}}),
        json!({"papers": {"health_insurance": {"number": "x"}}}),
        json!({"papers": {"health_insurance": {"number": "DN4310108000263", "from": "x", "until": "2026-12-31", "facility": "x"}}}),
        json!({"papers": {"vehicle": {"plate": "\u{0}"}}}),
        json!({"papers": {"driving": {"number": "310080000263", "classes": "A1", "issued": "2019-05-06"}}}),
        json!({"papers": {"old_number": 30_123_456}}),
        json!({"papers": {"old_number": "x"}}),
        json!({"papers": {"social_insurance": {"number": "0108000263", "periods": {}}}}),
        json!({"card": ["2021-07-01", "2030-03-08", false]}),
        json!({"residence": ["1 Thử", "Phường Thử", 1]}),
    ] {
        let name = format!("PUT citizen {field}");
        let path = format!("/admin/v1/citizens/{}", LAN.number);
        fire.shoot(&name, json("PUT", &path, field.to_string()), problem(422, "invalid")).await;
    }
    fire.done();
}

#[tokio::test]
async fn foreigners_are_foreigners_and_nobody_else() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let papers = json!({
        "nationality": "KR",
        "passport": {"number": "M12345678", "issued": "2022-01-01", "expires": "2032-01-01", "place": "Seoul"},
        "residence_card": {"kind": "temporary", "number": "TT0000017", "expires": "2030-01-01", "sponsor": "Ví Dụ"},
        "in_database": true,
    });
    let with = |field: &str, value: serde_json::Value| {
        let mut papers = papers.clone();
        *papers.pointer_mut(field).unwrap() = value;
        json!({"foreign": papers})
    };
    for (number, body) in [
        (LAN.number, json!({"foreign": papers})),
        ("997190000017", with("/nationality", json!(""))),
        ("997190000017", with("/nationality", json!("KOR"))),
        ("997190000017", with("/nationality", json!("VN"))),
        ("997190000017", with("/passport", json!([]))),
        ("997190000017", with("/passport/number", json!(""))),
        ("997190000017", with("/passport/number", json!("\u{0}"))),
        ("997190000017", with("/passport/number", json!("9".repeat(5_000)))),
        ("997190000017", with("/passport/expires", json!("2021-01-01"))),
        ("997190000017", with("/passport/expires", json!("never"))),
        ("997190000017", with("/residence_card/kind", json!("gold"))),
        ("997190000017", with("/residence_card/number", json!(1))),
        ("997190000017", with("/in_database", json!("yes"))),
        ("997190000017", json!({"card": {"issued": "2021-01-01"}})),
        ("800000000017", json!({"full_name": "Tên Mới"})),
        (
            "898190000011",
            json!({"full_name": "Tên Mới", "birth_date": "1990-01-01", "gender": "female",
                "residence": {"detail": "1 Thử", "commune": "Phường Thử", "province": 1}}),
        ),
        (
            "998190000099",
            json!({"full_name": "Anna Mới", "birth_date": "1990-01-01", "gender": "female",
                "residence": {"detail": "1 Thử", "commune": "Phường Thử", "province": 1}}),
        ),
    ] {
        let name: String = format!("PUT {number} {body}").chars().take(200).collect();
        let path = format!("/admin/v1/citizens/{number}");
        fire.shoot(&name, json("PUT", &path, body.to_string()), problem(422, "invalid")).await;
    }
    let taken = json!({"phone": DUC.phone}).to_string();
    let path = format!("/admin/v1/citizens/{}", LAN.number);
    fire.shoot("taken", json("PUT", &path, taken), problem(409, "phone_taken")).await;
    for (path, status, code) in [
        ("/admin/v1/citizens/800000000017", 404, "not_found"),
        ("/admin/v1/citizens", 400, "invalid_query"),
        ("/admin/v1/citizens?phone=", 422, "invalid"),
        ("/admin/v1/citizens?phone=%00", 400, "invalid_query"),
        ("/admin/v1/citizens?phone=0912345601&phone=0912345602", 400, "invalid_query"),
    ] {
        fire.shoot(path, json("GET", path, ""), problem(status, code)).await;
    }
    fire.done();
}
