//! Organisations: registered by a legal representative, used through members (Decree 69/2024 Art. 12; the tax guide).

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    app::{LAP, LONG, MAI, PHONG, PHUONG},
    browser::Browser,
    payload,
};

const BHXH: &str = "800000000017";
const TRADING: &str = "800000000028";

fn declared() -> Value {
    json!({
        "number": TRADING, "name": "Công ty TNHH Thương mại Ví Dụ", "founded": "2015-03-20",
        "head_office": {"detail": "10 đường Thương Mại", "commune": "Phường Bến Xanh", "province": 79},
        "tax_code": "0300000028", "enterprise_code": "0300000028",
    })
}

#[tokio::test]
async fn all_legal_representatives_consent_before_the_dossier_is_complete() {
    let sim = Sim::new().await;
    let app = PHUONG.opens_app(&sim, "phuong").await;
    let begun = app.post("/app/v1/organisation-registrations", declared()).await.status(201).json();
    assert_eq!((&begun["status"], begun.get("level")), (&json!("submitted"), None));
    assert_eq!(begun["awaiting"], json!([LAP.number]));
    assert_eq!(begun.get("deadline"), None, "the legal time runs from the complete dossier");
    assert_eq!(sim.sms(LAP.phone).await["purpose"], "consent");
    let path =
        format!("/app/v1/organisation-registrations/{}/consent", begun["id"].as_str().unwrap());
    app.post(&path, json!({"passcode": PHUONG.passcode()}))
        .await
        .problem(403, "not_representative");
    let other = LAP.opens_app(&sim, "lap").await;
    other.post(&path, json!({"passcode": "111111"})).await.problem(401, "wrong_passcode");
    let done = other.post(&path, json!({"passcode": LAP.passcode()})).await.status(200).json();
    assert_eq!(
        (&done["status"], &done["legal_time"]),
        (&json!("approved"), &json!("3 working days"))
    );
    let account = sim.account(TRADING).await;
    assert_eq!((&account["kind"], &account["state"]), (&json!("organisation"), &json!("approved")));
    assert_eq!(account.get("level"), None, "no level");

    // Who does not manage it cannot activate it.
    let activate = format!("/app/v1/organisations/{TRADING}/activate");
    let lan = LAN.opens_app(&sim, "lan").await;
    lan.post(&activate, json!({"passcode": LAN.passcode()})).await.problem(403, "manager_required");
    other.post(&activate, json!({"passcode": LAP.passcode()})).await.status(204);
    assert_eq!(sim.account(TRADING).await["state"], "active");
}

#[tokio::test]
async fn what_is_in_no_database_is_given_a_number_and_fifteen_days() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    let mut body = declared();
    body.as_object_mut().unwrap().remove("number");
    let form = json!({"representative": PHUONG.number, "organisation": body});
    let begun = sim.post("/desk/v1/organisation-registrations", form).await.status(201).json();
    assert_eq!(
        (&begun["status"], &begun["legal_time"]),
        (&json!("under_review"), &json!("15 days"))
    );
    assert_eq!(begun["deadline"], "2026-03-17T10:00:00Z");
    let number = begun["number"].as_str().unwrap();
    assert!(number.starts_with('8') && number.len() == 12);
    assert_eq!(sim.account(number).await["state"], "unregistered");
    sim.post("/admin/v1/clock/set", json!({"at": "2026-03-17T10:00:00Z"})).await.status(200);
    assert_eq!(sim.account(number).await["state"], "approved");
    let notice = format!("/admin/v1/messages/latest?to={}&purpose=approval", PHUONG.number);
    assert_eq!(sim.get(&notice).await.status(200).json()["at"], "2026-03-17T10:00:00Z");
}

#[tokio::test]
async fn the_databases_object_field_by_field_and_to_a_stranger() {
    let sim = Sim::new().await;
    let app = PHUONG.opens_app(&sim, "phuong").await;
    let mut wrong = declared();
    wrong["name"] = json!("Công ty Khác");
    wrong["tax_code"] = json!("0300000029");
    let begun = app.post("/app/v1/organisation-registrations", wrong).await.status(201).json();
    let other = LAP.opens_app(&sim, "lap").await;
    let path =
        format!("/app/v1/organisation-registrations/{}/consent", begun["id"].as_str().unwrap());
    let done = other.post(&path, json!({"passcode": LAP.passcode()})).await.status(200).json();
    assert_eq!(
        (&done["status"], &done["details"]),
        (&json!("rejected"), &json!(["name", "tax_code"]))
    );
    let form = json!({"representative": LAN.number, "organisation": declared()});
    let rejected = sim.post("/desk/v1/organisation-registrations", form).await.status(201).json();
    assert_eq!(rejected["details"], json!(["representative"]));
}

#[tokio::test]
async fn a_level_1_holder_registers_no_organisation_in_the_app() {
    let sim = Sim::new().await;
    let app = LONG.opens_app(&sim, "long").await;
    let reply = app.post("/app/v1/organisation-registrations", declared()).await;
    reply.problem(403, "representative_level");
}

/// Signs in with pages as far as the choice.
async fn to_the_choice<'a>(
    sim: &'a Sim,
    portal: &Portal,
    who: crate::harness::actors::Citizen,
) -> Browser<'a> {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    let page = who.signs_in(&mut browser).await.status(200).text();
    assert!(
        page.contains("Loại tài khoản") && page.contains("Bảo hiểm xã hội tỉnh Ví Dụ"),
        "{page}"
    );
    browser
}

#[tokio::test]
async fn a_holder_with_both_roles_chooses_ca_nhan_or_to_chuc() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for (choice, role) in [("ca_nhan", None), ("to_chuc", Some("quan_tri"))] {
        let mut browser = to_the_choice(&sim, &portal, PHONG).await;
        let fields = [("account_type", choice), ("organisation", BHXH)];
        let back = browser.submit("/login/account-type", &fields).await;
        let code = portal.code(&back);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        let access = tokens["access_token"].as_str().unwrap();
        let claims = sim.bearer("/oauth2/userinfo", access).await.status(200).json();
        assert_eq!(claims["vneid_account_type"], choice);
        let organisation = claims.get("vneid_organisation");
        assert_eq!(organisation.map(|it| &it["role"]), role.map(|role| json!(role)).as_ref());
        assert_eq!(
            organisation.map(|it| &it["tax_code"]),
            role.map(|_| json!("0100000017")).as_ref()
        );
        let id_token = payload(tokens["id_token"].as_str().unwrap());
        assert_eq!(id_token["vneid_account_type"], choice);
        assert_eq!(id_token["sub"], claims["sub"], "the person, whoever she acts for");
    }
}

#[tokio::test]
async fn a_member_acts_as_thanh_vien_and_staff_without_a_role_has_no_choice() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = to_the_choice(&sim, &portal, MAI).await;
    let fields = [("account_type", "to_chuc"), ("organisation", BHXH)];
    let code = portal.code(&browser.submit("/login/account-type", &fields).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(
        payload(tokens["id_token"].as_str().unwrap())["vneid_organisation"]["role"],
        "thanh_vien"
    );
    // Long works there and may not act for it: straight to the portal.
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LONG.signs_in(&mut browser).await);
}

#[tokio::test]
async fn single_sign_on_asks_again_and_prompt_none_says_that_a_choice_is_due() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = to_the_choice(&sim, &portal, PHONG).await;
    portal.code(&browser.submit("/login/account-type", &[("account_type", "ca_nhan")]).await);
    let page = browser.open(&portal.request(&[])).await.status(200).text();
    assert!(page.contains("Loại tài khoản"));
    let silent = browser.open(&portal.request(&[("prompt", "none")])).await;
    assert_eq!(portal.error(&silent), "account_selection_required");
}

#[tokio::test]
async fn whoever_loses_the_role_or_whose_organisation_is_locked_is_signed_out_of_it() {
    let sim = Sim::new().await;
    let as_mai = json!({"client_id": "demo-portal", "citizen": MAI.number, "organisation": BHXH, "exchange": true});
    let access = |tokens: Value| tokens["access_token"].as_str().unwrap().to_owned();
    let first = access(sim.post("/admin/v1/sign-ins", as_mai.clone()).await.status(200).json());
    let own = json!({"client_id": "demo-portal", "citizen": MAI.number, "exchange": true});
    let own = access(sim.post("/admin/v1/sign-ins", own).await.status(200).json());
    let manager = PHONG.opens_app(&sim, "phong").await;
    let member = format!("/app/v1/organisations/{BHXH}/members/{}", MAI.number);
    manager.delete(&member).await.status(200);
    assert_eq!(sim.bearer("/oauth2/userinfo", &first).await.status, 401);
    assert_eq!(sim.bearer("/oauth2/userinfo", &own).await.status, 200, "her own sign-in stays");
    sim.post("/admin/v1/sign-ins", as_mai.clone()).await.problem(422, "invalid");
    let role = json!({"role": "quan_tri", "passcode": PHONG.passcode()});
    manager.put(&member, role).await.status(200);
    let again = access(sim.post("/admin/v1/sign-ins", as_mai).await.status(200).json());
    assert_eq!(sim.bearer("/oauth2/userinfo", &again).await.status, 200);
    sim.command(BHXH, "lock", json!({"reason": "dissolved"})).await.status(200);
    assert_eq!(sim.bearer("/oauth2/userinfo", &again).await.status, 401);
    let shown = sim.get(&format!("/admin/v1/organisations/{BHXH}")).await.json();
    assert_eq!(shown["dissolved"], "2026-03-02");
    sim.command(BHXH, "unlock", json!({})).await.status(200);
    assert_eq!(sim.account(BHXH).await["state"], "active");
}

#[tokio::test]
async fn an_organisation_has_no_password_and_answers_like_a_stranger() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let typed = [("username", BHXH), ("password", "Vn@000017a")];
    let page = browser.submit("/login", &typed).await.status(401).text();
    assert!(page.contains("còn 4 lần thử"), "{page}");
    for command in ["open_level0", "change_phone"] {
        let body = json!({"phone": "0987654311"});
        sim.command(BHXH, command, body).await.problem(409, "not_for_holder");
    }
}

#[tokio::test]
async fn one_like_this_comes_with_a_representative_who_can_sign_in() {
    let sim = Sim::new().await;
    let made =
        sim.post("/admin/v1/accounts", json!({"kind": "organisation"})).await.status(201).json();
    let (number, representative) =
        (made["number"].as_str().unwrap(), made["representative"].as_str().unwrap());
    assert!(number.starts_with('8') && made.get("password").is_none());
    let body = json!({"client_id": "demo-portal", "citizen": representative, "organisation": number, "exchange": true, "scope": "openid vneid.identity"});
    let tokens = sim.post("/admin/v1/sign-ins", body).await.status(200).json();
    assert_eq!(
        payload(tokens["id_token"].as_str().unwrap())["vneid_organisation"]["is_representative"],
        true
    );
}

#[tokio::test]
async fn without_pages_a_holder_with_both_roles_signs_in_for_herself() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    sim.put("/admin/v1/policy", json!({"automatic_sign_in": true})).await.status(200);
    let mut browser = Browser::new(&sim);
    let back = browser.open(&portal.request(&[("login_hint", PHONG.number)])).await;
    let tokens = portal.redeems(&sim, &portal.code(&back), &[]).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["vneid_account_type"], "ca_nhan");
}

/// outside.md T17: in the national portal's own words tax code and enterprise code are two claims; an organisation that
/// has one of them has not the other by it.
#[tokio::test]
async fn t17_a_tax_code_is_no_enterprise_code() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"dialect": "dvcqg"})).await;
    let path = format!("/admin/v1/organisations/{BHXH}");
    let unit = sim.get(&path).await.status(200).json();
    assert_eq!((&unit["tax_code"], unit.get("enterprise_code")), (&json!("0100000017"), None));
    for (tax, enterprise) in [("0100000017", ""), ("", "0100000099"), ("0100000017", "0100000099")]
    {
        let mut put = json!({
            "name": unit["name"], "founded": unit["founded"], "representative": unit["representative"],
            "head_office": {"detail": "1 đường Công Vụ", "commune": "Phường Hoa Sen", "province": 1},
        });
        for (name, code) in [("tax_code", tax), ("enterprise_code", enterprise)] {
            if !code.is_empty() {
                put[name] = json!(code);
            }
        }
        sim.put(&path, put).await.status(200);
        let mut browser = to_the_choice(&sim, &portal, PHONG).await;
        let fields = [("account_type", "to_chuc"), ("organisation", BHXH)];
        let code = portal.code(&browser.submit("/login/account-type", &fields).await);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        let access = tokens["access_token"].as_str().unwrap();
        let claims = sim.bearer("/oauth2/userinfo", access).await.status(200).json();
        assert_eq!(
            (&claims["LoaiTaiKhoan"], &claims["TenDoanhNghiep"]),
            (&json!(2), &unit["name"])
        );
        assert_eq!(
            (&claims["MaSoThue"], &claims["MaSoDoanhNghiep"]),
            (&json!(tax), &json!(enterprise))
        );
    }
}
