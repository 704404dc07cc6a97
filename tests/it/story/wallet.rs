//! The wallet, the services and the QR codes: what a level opens, what a database holds, what a desk sees.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DUC, HAN, LAN},
    app::{App, THINH},
    qr::camera,
};

#[tokio::test]
async fn the_papers_of_somebody_who_has_everything_right_to_the_digit() {
    let sim = Sim::new().await;
    let app = THINH.opens_app(&sim, "t").await;
    let papers = app.get("/app/v1/papers").await.status(200).json();
    let known = |kind: &str| {
        papers.as_array().unwrap().iter().find(|it| it["kind"] == kind).unwrap().clone()
    };
    for kind in [
        "card",
        "driving",
        "vehicle",
        "health_insurance",
        "social_insurance",
        "health",
        "tax",
        "old_number",
        "residence",
    ] {
        assert_eq!(
            (&known(kind)["known"], &known(kind)["integrated"]),
            (&json!(true), &json!(true)),
            "{kind}"
        );
    }
    assert_eq!(known("dependants")["known"], false);
    let content = |kind: &'static str| {
        let app = app.clone();
        async move {
            app.get(&format!("/app/v1/papers/{kind}")).await.status(200).json()["content"].clone()
        }
    };
    assert_eq!(content("health_insurance").await["number"], "DN4310108000263");
    assert_eq!(content("driving").await["classes"], json!(["A1", "B"]));
    assert_eq!(content("vehicle").await["plate"], "15A-123.45");
    assert_eq!(content("tax").await["code"], THINH.number);
    assert_eq!(content("old_number").await["number"], "030123456");
    assert_eq!(content("card").await["current"]["status"], "valid");
    let months = content("social_insurance").await["months"].clone();
    let months = months.as_array().unwrap();
    // March 2005 to August 2012 are 90 months, January 2013 to March 2026 are 159; between them a gap.
    assert_eq!(months.len(), 90 + 159);
    assert_eq!(
        (&months[89]["month"], &months[90]["month"]),
        (&json!("2012-08"), &json!("2013-01"))
    );
    assert_eq!(
        months[248],
        json!({"month": "2026-03", "unit": "800000000017",
        "unit_name": "Bảo hiểm xã hội tỉnh Ví Dụ", "salary": 9_800_000})
    );
    sim.post("/admin/v1/clock/advance", json!({"duration": "P1M"})).await.status(200);
    let app = THINH.opens_app(&sim, "t").await;
    let later = app.get("/app/v1/papers/social_insurance").await.status(200).json();
    assert_eq!(later["content"]["months"].as_array().unwrap().len(), 250);
}

#[tokio::test]
async fn a_level_1_holder_meets_the_documented_notice() {
    let sim = Sim::new().await;
    let app = DUC.opens_app(&sim, "d").await;
    let services = app.get("/app/v1/services").await.status(200).json();
    let entitled = |level: u8| {
        services
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["level"] == level && it["entitled"] == true)
            .count()
    };
    assert_eq!((services.as_array().unwrap().len(), entitled(1), entitled(2)), (16, 9, 0));
    for service in services.as_array().unwrap() {
        let reply = app
            .post(&format!("/app/v1/services/{}", service["service"].as_str().unwrap()), json!({}))
            .await;
        if service["level"] == 1 {
            reply.status(200);
        } else {
            let problem = reply.problem(403, "service_needs_level_2");
            let notice = problem["detail_vi"].as_str().unwrap();
            assert!(
                notice.starts_with("Nâng cấp tài khoản lên định danh mức 2 để sử dụng chức năng "),
                "{notice}"
            );
        }
    }
    let insurance =
        app.get("/app/v1/papers/social_insurance").await.problem(403, "service_needs_level_2");
    assert!(insurance["detail_vi"].as_str().unwrap().contains("An sinh xã hội"));
    app.post("/app/v1/papers", json!({"kind": "driving"}))
        .await
        .problem(403, "service_needs_level_2");
    let lan = LAN.opens_app(&sim, "l").await;
    let services = lan.get("/app/v1/services").await.status(200).json();
    assert!(services.as_array().unwrap().iter().all(|it| it["entitled"] == true));
}

#[tokio::test]
async fn papers_brought_to_the_desk_are_checked_and_only_the_right_ones_integrated() {
    let sim = Sim::new().await;
    let number = "097096000511";
    let citizen = json!({
        "full_name": "Trương Thử Nghiệm", "birth_date": "1996-06-06", "gender": "male", "phone": "0987654390",
        "residence": {"detail": "1", "commune": "Phường Một", "province": 1},
        "card": {"issued": "2022-01-01", "expires": "2036-06-06"},
        "papers": {
            "driving": {"number": "010096000511", "classes": ["A1"], "issued": "2016-01-01"},
            "tax": {"code": "097096000511"},
        },
    });
    sim.put(&format!("/admin/v1/citizens/{number}"), citizen).await.status(200);
    let body = json!({"number": number, "phone": "0987654390", "papers": [
        {"kind": "driving", "number": "010096000511"},
        {"kind": "tax", "number": "097096000512"},
        {"kind": "health_insurance"},
    ]});
    let registered = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!(registered["status"], "approved", "a paper that does not fit stops nobody");
    let outcomes: Vec<_> =
        registered["papers"].as_array().unwrap().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["verified", "mismatch", "unknown"]);
    sim.command(number, "activate", json!({})).await.status(200);
    sim.put(&format!("/admin/v1/accounts/{number}/state"), json!({"state": "active"}))
        .await
        .status(200);
    let who = crate::harness::actors::Citizen {
        number: "097096000511",
        phone: "0987654390",
        password: "Vn@000511a",
    };
    let app = who.opens_app(&sim, "t").await;
    let integrated = |papers: &Value| -> Vec<String> {
        let kept = papers.as_array().unwrap().iter().filter(|it| it["integrated"] == true);
        kept.map(|it| it["kind"].as_str().unwrap().to_owned()).collect()
    };
    let papers = app.get("/app/v1/papers").await.json();
    assert_eq!(integrated(&papers), ["card", "residence", "driving"]);
    app.get("/app/v1/papers/tax").await.problem(404, "paper_unknown");
    app.post("/app/v1/papers", json!({"kind": "tax", "number": "1"}))
        .await
        .problem(409, "paper_mismatch");
    app.post("/app/v1/papers", json!({"kind": "vehicle"})).await.problem(404, "paper_unknown");
    let papers = app
        .post("/app/v1/papers", json!({"kind": "tax", "number": number}))
        .await
        .status(200)
        .json();
    assert_eq!(integrated(&papers), ["card", "residence", "driving", "tax"]);
    // Portals receive what is integrated, and nothing else.
    let scope = json!({"client_id": "demo-client", "citizen": number, "exchange": true,
        "scope": "openid vneid.driving vneid.tax vneid.health_insurance"});
    let tokens = sim.post("/admin/v1/sign-ins", scope).await.status(200).json();
    let claims =
        sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.json();
    assert_eq!(claims["vneid_driving"]["number"], "010096000511");
    assert_eq!(claims["vneid_tax"]["code"], number);
    assert!(claims.get("vneid_health_insurance").is_none());
}

async fn code(app: &App<'_>, share: Value, phone: bool) -> Value {
    let body = json!({"kind": "can_cuoc", "share": share, "phone": phone, "passcode": "000263"});
    app.post("/app/v1/qr-codes", body).await.status(201).json()
}

#[tokio::test]
async fn a_desk_scans_the_code_and_sees_exactly_what_is_shared_for_five_minutes() {
    let sim = Sim::new().await;
    let app = THINH.opens_app(&sim, "t").await;
    let made = code(&app, json!(["health_insurance"]), false).await;
    assert_eq!(made["expires_at"], "2026-03-02T02:05:00Z");
    let scanned = camera(made["svg"].as_str().unwrap());
    assert_eq!(scanned, made["content"]);
    let verify = "/desk/v1/qr/verify";
    let seen = sim.post(verify, json!({"content": scanned})).await.status(200).json();
    assert_eq!(seen["full_name"], "Hoàng Đức Thịnh");
    assert_eq!(
        seen["papers"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["health_insurance"]
    );
    assert!(seen.get("phone").is_none() && !seen.to_string().contains("310080000263"), "{seen}");
    let notice = format!("/admin/v1/messages/latest?to={}&channel=app", THINH.number);
    assert!(
        sim.get(&notice).await.status(200).json()["text"].as_str().unwrap().contains("Mot cua")
    );
    let with_phone = code(&app, json!([]), true).await;
    let seen = sim.post(verify, json!({"content": with_phone["content"]})).await.status(200).json();
    assert_eq!((&seen["phone"], &seen["papers"]), (&json!(THINH.phone), &json!({})));
    sim.clock.advance_millis(299_999);
    sim.post(verify, json!({"content": scanned})).await.status(200);
    sim.clock.advance_millis(1);
    sim.post(verify, json!({"content": scanned})).await.problem(410, "qr_expired");
    sim.post(verify, json!({"content": "VNEID-MOCK-QR:nobody"})).await.problem(404, "not_found");
    sim.post(verify, json!({"content": "hello"})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_lock_ends_a_code_and_level_1_shares_no_paper_of_level_2() {
    let sim = Sim::new().await;
    let app = THINH.opens_app(&sim, "t").await;
    let made = code(&app, json!([]), false).await;
    sim.command(THINH.number, "lock", json!({})).await.status(200);
    let verify = json!({"content": made["content"]});
    sim.post("/desk/v1/qr/verify", verify).await.problem(410, "qr_expired");
    let duc = DUC.opens_app(&sim, "d").await;
    let body =
        |share: Value| json!({"kind": "dinh_danh", "share": share, "passcode": DUC.passcode()});
    duc.post("/app/v1/qr-codes", body(json!([]))).await.status(201);
    let refused = duc.post("/app/v1/qr-codes", body(json!(["card"]))).await;
    refused.problem(403, "service_needs_level_2");
    // Nothing is shared that no database holds.
    let han = HAN.opens_app(&sim, "h").await;
    let body = json!({"kind": "dinh_danh", "share": ["card"], "passcode": "000124"});
    han.post("/app/v1/qr-codes", body).await.problem(403, "service_needs_level_2");
}
