//! At the desk: the wrong kind of holder, the wrong desk, codes that are none, requests that cannot be.

use serde_json::{Value, json};

use super::{Fire, app, json, problem, token_of};
use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, PAO},
};

const COMPANY: &str = "800000000028";
const FOREIGNER: &str = "997190000017";
const NOBODY: &str = "096190000011";
const DEAD: &str = "098040000099";

#[tokio::test]
async fn numbers_that_are_no_citizens() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for door in
        ["cards", "cards/lost", "locks", "unlocks", "civil-changes", "phone-changes", "requests"]
    {
        let path = format!("/desk/v1/{door}");
        for number in
            ["", "12", "０97190000011", "097190000011x", "097190000011\u{0}", " ", "-97190000011"]
        {
            let body = match door {
                "phone-changes" => json!({"number": number, "phone": "0987654399"}),
                "requests" => json!({"number": number, "ask": "lock"}),
                _ => json!({"number": number}),
            };
            let name = format!("{path} {body}");
            fire.fire(&name, json("POST", &path, body.to_string()), problem(422, "invalid")).await;
        }
        fire.look(&path).await;
    }
    fire.done();
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of bad requests")]
async fn the_wrong_kind_of_holder_at_every_desk() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let phone = "0987654399";
    for (door, body, status, code) in [
        ("cards", json!({"number": COMPANY}), 404, "not_found"),
        ("cards", json!({"number": FOREIGNER}), 403, "wrong_authority"),
        ("cards", json!({"number": NOBODY}), 404, "not_found"),
        ("cards", json!({"number": LAN.number, "portrait": "mismatch"}), 401, "chip_mismatch"),
        ("cards", json!({"number": LAN.number, "portrait": "blurry"}), 422, "invalid"),
        ("cards", json!({"number": DEAD}), 404, "unknown_citizen"),
        ("cards/lost", json!({"number": COMPANY}), 404, "not_found"),
        ("cards/lost", json!({"number": FOREIGNER}), 403, "card_required"),
        ("cards/lost", json!({"number": PAO.number}), 403, "card_required"),
        ("phone-changes", json!({"number": COMPANY, "phone": phone}), 409, "not_for_holder"),
        ("phone-changes", json!({"number": NOBODY, "phone": phone}), 404, "not_found"),
        (
            "phone-changes",
            json!({"number": DAT.number, "phone": phone}),
            403,
            "registration_required",
        ),
        (
            "phone-changes",
            json!({"number": LAN.number, "phone": LAN.phone}),
            409,
            "phone_unchanged",
        ),
        ("phone-changes", json!({"number": LAN.number, "phone": DUC.phone}), 409, "phone_taken"),
        ("phone-changes", json!({"number": LAN.number, "phone": "+84 24"}), 422, "invalid"),
        ("phone-changes", json!({"number": DEAD, "phone": phone}), 403, "locked"),
        (
            "phone-changes",
            json!({"number": LAN.number, "phone": phone, "portrait": "unreadable"}),
            401,
            "chip_mismatch",
        ),
        ("locks", json!({"number": DAT.number}), 403, "registration_required"),
        ("locks", json!({"number": DEAD}), 403, "locked"),
        ("locks", json!({"number": NOBODY}), 404, "not_found"),
        ("unlocks", json!({"number": LAN.number}), 409, "out_of_turn"),
        ("unlocks", json!({"number": DEAD}), 403, "death_is_final"),
        ("unlocks", json!({"number": "097087000151"}), 403, "may_not_unlock"),
        ("unlocks", json!({"number": "800000000039"}), 403, "may_not_unlock"),
        ("civil-changes", json!({"number": COMPANY, "full_name": "Tên Mới"}), 404, "not_found"),
        ("civil-changes", json!({"number": NOBODY, "full_name": "Tên Mới"}), 404, "not_found"),
        ("civil-changes", json!({"number": LAN.number, "full_name": ""}), 422, "invalid"),
        ("civil-changes", json!({"number": LAN.number, "full_name": "L4n"}), 422, "invalid"),
        (
            "civil-changes",
            json!({"number": LAN.number, "birth_date": "2026-03-03"}),
            422,
            "invalid",
        ),
        (
            "civil-changes",
            json!({"number": LAN.number, "birth_date": "1899-12-31"}),
            422,
            "invalid",
        ),
        (
            "civil-changes",
            json!({"number": LAN.number, "birth_date": "9999-12-31"}),
            422,
            "invalid",
        ),
        (
            "civil-changes",
            json!({"number": LAN.number, "birth_date": "-9999-01-01"}),
            422,
            "invalid",
        ),
        ("civil-changes", json!({"number": LAN.number, "gender": "x"}), 422, "invalid"),
        ("requests", json!({"number": NOBODY, "ask": "lock"}), 404, "not_found"),
        ("requests", json!({"number": DAT.number, "ask": "lock"}), 403, "registration_required"),
        ("requests", json!({"number": LAN.number, "ask": "unlock"}), 409, "out_of_turn"),
        ("requests", json!({"number": "098160000088", "ask": "unlock"}), 403, "may_not_unlock"),
        ("requests", json!({"number": DEAD, "ask": "unlock"}), 403, "death_is_final"),
        ("requests", json!({"number": LAN.number, "ask": "seize"}), 422, "invalid"),
        ("requests", json!({"number": LAN.number, "ask": "lock", "body": ""}), 422, "invalid"),
        ("requests", json!({"number": LAN.number, "ask": "lock", "body": "a\nb"}), 422, "invalid"),
        ("requests", json!({"number": LAN.number, "ask": "lock", "body": "\u{0}"}), 422, "invalid"),
        (
            "requests",
            json!({"number": LAN.number, "ask": "lock", "body": "a".repeat(201)}),
            422,
            "invalid",
        ),
    ] {
        let path = format!("/desk/v1/{door}");
        let name: String = format!("{path} {body}").chars().take(140).collect();
        fire.shoot(&name, json("POST", &path, body.to_string()), problem(status, code)).await;
    }
    fire.done();
}

/// A registration of somebody, with more said.
fn registration(number: &str, phone: &str, more: &Value) -> Value {
    let mut body = json!({"number": number, "phone": phone});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of bad requests")]
async fn registrations_of_the_wrong_kind_or_place() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let (child, mother) = ("097216000318", "097192000296");
    let mothers = "0912345629";
    let student = "997099000052";
    for (body, status, code) in [
        (registration(COMPANY, DAT.phone, &json!({})), 404, "unknown_citizen"),
        (registration(NOBODY, DAT.phone, &json!({})), 404, "unknown_citizen"),
        (registration(DEAD, DAT.phone, &json!({})), 404, "unknown_citizen"),
        // A foreigner at a police desk, a citizen at the immigration authority.
        (registration(student, "0912345655", &json!({})), 403, "wrong_authority"),
        (
            registration(student, "0912345655", &json!({"with_card": true, "desk_province": 48})),
            403,
            "wrong_authority",
        ),
        (
            registration(DAT.number, DAT.phone, &json!({"immigration": true})),
            403,
            "wrong_authority",
        ),
        (
            registration(DAT.number, DAT.phone, &json!({"immigration": true, "with_card": true})),
            422,
            "invalid",
        ),
        (
            registration(
                "997322000063",
                "0912345651",
                &json!({"immigration": true, "representative": FOREIGNER}),
            ),
            403,
            "level_not_for_holder",
        ),
        (
            registration("997078000039", "0912345653", &json!({"immigration": true})),
            403,
            "residence_required",
        ),
        // Without a card; with one that is still good; at a desk elsewhere.
        (registration(PAO.number, PAO.phone, &json!({})), 403, "card_required"),
        (registration(PAO.number, PAO.phone, &json!({"with_card": true})), 403, "wrong_place"),
        (
            registration(PAO.number, PAO.phone, &json!({"with_card": true, "desk_province": 1})),
            403,
            "wrong_place",
        ),
        (
            registration(DAT.number, DAT.phone, &json!({"with_card": true, "desk_province": 79})),
            409,
            "card_still_valid",
        ),
        // A child without, with the wrong, with a company as, and with a phone that is not its representative's.
        (registration(child, mothers, &json!({})), 403, "representative_required"),
        (
            registration(child, mothers, &json!({"representative": LAN.number})),
            403,
            "not_representative",
        ),
        (registration(child, mothers, &json!({"representative": COMPANY})), 404, "not_found"),
        (
            registration(child, mothers, &json!({"representative": NOBODY})),
            403,
            "not_representative",
        ),
        (registration(child, mothers, &json!({"representative": "x"})), 422, "invalid"),
        (registration(child, DAT.phone, &json!({"representative": mother})), 409, "phone_mismatch"),
        (
            registration("097321000329", mothers, &json!({"representative": mother})),
            403,
            "level_not_for_holder",
        ),
        (
            registration(DAT.number, DAT.phone, &json!({"representative": mother})),
            403,
            "not_representative",
        ),
        // Somebody who has it already; somebody else's phone.
        (registration(LAN.number, LAN.phone, &json!({})), 409, "level_not_higher"),
        (registration(DAT.number, LAN.phone, &json!({})), 409, "phone_taken"),
        (registration("098160000088", "0912345608", &json!({})), 403, "locked"),
        // Fields.
        (registration(DAT.number, DAT.phone, &json!({"fingerprints": "none"})), 422, "invalid"),
        (registration(DAT.number, DAT.phone, &json!({"result_by": ["pigeon"]})), 422, "invalid"),
        (registration(DAT.number, DAT.phone, &json!({"result_by": "sms"})), 422, "invalid"),
        (
            registration(DAT.number, DAT.phone, &json!({"papers": [{"kind": "passport"}]})),
            422,
            "invalid",
        ),
        (registration(DAT.number, DAT.phone, &json!({"papers": [["tax", "1"]]})), 422, "invalid"),
        (
            registration(
                DAT.number,
                DAT.phone,
                &json!({"papers": [{"kind": "tax", "no_such_field": 1}]}),
            ),
            422,
            "invalid",
        ),
        (
            registration(
                DAT.number,
                DAT.phone,
                &json!({"papers": [{"kind": "tax"}, {"kind": "tax"}]}),
            ),
            422,
            "invalid",
        ),
        (
            registration(
                DAT.number,
                DAT.phone,
                &json!({"papers": vec![json!({"kind": "tax"}); 500]}),
            ),
            422,
            "invalid",
        ),
        (
            registration(
                DAT.number,
                DAT.phone,
                &json!({"papers": [{"kind": "tax", "number": "9".repeat(5_000)}]}),
            ),
            422,
            "invalid",
        ),
        (
            registration(
                DAT.number,
                DAT.phone,
                &json!({"papers": [{"kind": "tax", "number": "1\u{0}"}]}),
            ),
            422,
            "invalid",
        ),
        (
            registration(
                student,
                "0912345655",
                &json!({"immigration": true, "nationality": "I".repeat(21)}),
            ),
            422,
            "invalid",
        ),
        (
            registration(
                student,
                "0912345655",
                &json!({"immigration": true, "passport_number": "1\u{0}"}),
            ),
            422,
            "invalid",
        ),
    ] {
        let name: String = body.to_string().chars().take(200).collect();
        let request = json("POST", "/desk/v1/registrations", body.to_string());
        fire.shoot(&name, request, problem(status, code)).await;
    }
    fire.done();
}

#[tokio::test]
async fn codes_that_no_app_showed() {
    let sim = Sim::new().await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    let body = r#"{"kind":"can_cuoc","passcode":"000011"}"#;
    let made = sim.send(app("POST", "/app/v1/qr-codes", &token, body)).await.status(201).json();
    let content = made["content"].as_str().unwrap().to_owned();
    sim.post("/admin/v1/realms", json!({"name": "other"})).await.status(201);
    let mut fire = Fire::at(sim).await;
    let verify = "/desk/v1/qr/verify";
    let (long, huge) = ("A".repeat(101), "A".repeat(60_000));
    for odd in [
        String::new(),
        " ".to_owned(),
        "\u{0}".to_owned(),
        token.clone(),
        content.to_lowercase(),
        content.replace("VNEID-MOCK-QR:", ""),
        content.replace("VNEID-MOCK-QR:", "VNEID-MOCK-QR:VNEID-MOCK-QR:"),
        format!("{content}x"),
        content[..content.len() - 1].to_owned(),
        "VNEID-MOCK-QR:".to_owned(),
        format!("VNEID-MOCK-QR:{long}"),
        format!("VNEID-MOCK-QR:{huge}"),
        "097190000011|Nguyễn Thị Lan|08031990".to_owned(),
    ] {
        let body = json!({"content": odd}).to_string();
        let name: String = body.chars().take(80).collect();
        fire.shoot(&name, json("POST", verify, body), problem(404, "not_found")).await;
    }
    let body = json!({"content": content}).to_string();
    let elsewhere = json("POST", "/realms/other/desk/v1/qr/verify", body.clone());
    fire.shoot("another realm's", elsewhere, problem(404, "not_found")).await;
    fire.sim.advance(300);
    fire.settle().await;
    fire.shoot("late", json("POST", verify, body.clone()), problem(410, "qr_expired")).await;
    fire.sim.advance(24 * 3600);
    fire.settle().await;
    fire.shoot("forgotten", json("POST", verify, body), problem(404, "not_found")).await;
    fire.done();
}
