//! Values that are out of bounds: people, numbers, phones, clients, realms, policy.

use super::{Fire, json, problem};

/// A door, and bodies that each break one rule of it.
type Table<'a> = (&'a str, &'a str, &'a [&'a str]);

async fn all_invalid(tables: &[Table<'_>]) {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (method, path, bodies) in tables {
        for body in *bodies {
            let name = format!("{method} {path} {body}");
            let request = json(method, path, (*body).to_owned());
            fire.shoot(&name, request, problem(422, "invalid")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn accounts_like_nobody() {
    all_invalid(&[
        (
            "POST",
            "/admin/v1/accounts",
            &[
                r#"{"level":0}"#,
                r#"{"level":3}"#,
                r#"{"level":-1}"#,
                r#"{"level":256}"#,
                r#"{"level":1.5}"#,
                r#"{"level":"2"}"#,
                r#"{"level":[2]}"#,
                r#"{"level":1e2}"#,
                r#"{"state":"asleep"}"#,
                r#"{"state":"ACTIVE"}"#,
                r#"{"state":1}"#,
                r#"{"age":13}"#,
                r#"{"age":121}"#,
                r#"{"age":-1}"#,
                r#"{"age":70000}"#,
                r#"{"age":"30"}"#,
                r#"{"birth_year":-1}"#,
                r#"{"birth_year":70000}"#,
                r#"{"birth_year":"1990"}"#,
                r#"{"province":0}"#,
                r#"{"province":2}"#,
                r#"{"province":97}"#,
                r#"{"province":256}"#,
                r#"{"province":"01"}"#,
                r#"{"gender":"x"}"#,
                r#"{"gender":"Male"}"#,
                r#"{"card":"gold"}"#,
                r#"{"card":true}"#,
                r#"{"reason":"because"}"#,
                r#"{"kind":"robot"}"#,
                r#"{"kind":1}"#,
                r#"{"upgrade_approved":"yes"}"#,
            ],
        ),
        (
            "PUT",
            "/admin/v1/accounts/097190000011/state",
            &[
                "{}",
                r#"{"state":null}"#,
                r#"{"state":"none"}"#,
                r#"{"state":"active","level":0}"#,
                r#"{"state":"active","level":3}"#,
                r#"{"state":"locked","reason":"x"}"#,
            ],
        ),
        (
            "POST",
            "/admin/v1/accounts/097190000011/lock",
            &[r#"{"reason":"x"}"#, r#"{"by":"nobody"}"#, r#"{"reason":["death"]}"#],
        ),
        (
            "POST",
            "/admin/v1/accounts/097190000011/approve",
            &["{}", r#"{"level":0}"#, r#"{"level":3}"#, r#"{"level":null}"#],
        ),
    ])
    .await;
}

#[tokio::test]
async fn ages_and_years_that_nobody_has() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for body in [
        r#"{"birth_year":0}"#,
        r#"{"birth_year":1700}"#,
        r#"{"birth_year":65535}"#,
        r#"{"age":30,"birth_year":1950}"#,
        r#"{"age":120}"#,
    ] {
        let request = json("POST", "/admin/v1/accounts", body);
        fire.shoot(body, request, problem(404, "not_found")).await;
    }
    fire.done();
}

#[tokio::test]
async fn numbers_in_paths() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for number in [
        "0",
        "12",
        "09719000001",
        "0971900000111",
        "09719000001x",
        "-97190000011",
        "+97190000011",
        "0971-9000-001",
        "097190000011%0a1",
        "%D9%A0%D9%A9%D9%A7%D9%A1%D9%A9%D9%A0",
        "%EF%BC%90%EF%BC%99%EF%BC%97%EF%BC%91%EF%BC%99%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%91%EF%BC%91",
        "%00",
        "..%2f..%2fetc",
        "'%20OR%201=1",
    ] {
        for door in ["accounts", "citizens"] {
            let path = format!("/admin/v1/{door}/{number}");
            fire.shoot(&path, json("GET", &path, ""), problem(422, "invalid")).await;
        }
        let path = format!("/admin/v1/accounts/{number}/lock");
        fire.shoot(&path, json("POST", &path, "{}"), problem(422, "invalid")).await;
    }
    fire.done();
}

#[tokio::test]
async fn citizens_that_cannot_be() {
    all_invalid(&[
        (
            "PUT",
            "/admin/v1/citizens/097190000011",
            &[
                r#"{"full_name":""}"#,
                r#"{"full_name":" "}"#,
                r#"{"full_name":1}"#,
                r#"{"full_name":"Lan\u0000"}"#,
                r#"{"full_name":"<b>Lan</b>"}"#,
                r#"{"full_name":"Lan 2"}"#,
                r#"{"birth_date":"1990-02-30"}"#,
                r#"{"birth_date":"08/03/1990"}"#,
                r#"{"birth_date":""}"#,
                r#"{"birth_date":"1991-03-08"}"#,
                r#"{"birth_date":19900308}"#,
                r#"{"birth_date":"１９９０-03-08"}"#,
                r#"{"gender":"male"}"#,
                r#"{"gender":"Female"}"#,
                r#"{"birth_province":999}"#,
                r#"{"birth_province":-1}"#,
                r#"{"phone":""}"#,
                r#"{"phone":"0912"}"#,
                r#"{"phone":"0112345601"}"#,
                r#"{"phone":"０９１２３４５６０１"}"#,
                r#"{"phone":"٠٩١٢٣٤٥٦٠١"}"#,
                r#"{"phone":"+1 555 0100"}"#,
                r#"{"phone":"0912345601x"}"#,
                r#"{"phone":912345601}"#,
                r#"{"phone":"0912345601;DROP TABLE"}"#,
                r#"{"email":""}"#,
                r#"{"email":"x"}"#,
                r#"{"email":"@x"}"#,
                r#"{"email":"x@"}"#,
                r#"{"email":"a@b@c"}"#,
                r#"{"email":"a b@c"}"#,
                r#"{"email":"a@b\r\nBcc: c@d"}"#,
                r#"{"residence":{}}"#,
                r#"{"residence":{"detail":"a","commune":"b","province":0}}"#,
                r#"{"residence":{"detail":"a","commune":"b","province":97}}"#,
                r#"{"residence":{"detail":"","commune":"b","province":1}}"#,
                r#"{"residence":{"detail":"a\u0007","commune":"b","province":1}}"#,
                r#"{"residence":{"detail":"a","commune":"b","province":1,"x":1}}"#,
                r#"{"card":{}}"#,
                r#"{"card":{"issued":"x"}}"#,
                r#"{"card":{"issued":"2021-01-01","expires":"2020-01-01"}}"#,
                r#"{"card":{"issued":"2021-01-01","revoked":"no"}}"#,
                r#"{"no_card":1}"#,
            ],
        ),
        // Somebody new, of whom too little is said.
        ("PUT", "/admin/v1/citizens/096190000011", &["{}", r#"{"full_name":"Ngô Thị Mới"}"#]),
    ])
    .await;
}

#[tokio::test]
async fn registrations_and_beginnings() {
    let phones = [
        r#"{"number":"097095000044","phone":"0912"}"#,
        r#"{"number":"097095000044","phone":"0241234567"}"#,
        r#"{"number":"097095000044","phone":"٠٩٨٧٦٥٤٣٢١"}"#,
        r#"{"number":"097095000044","phone":null}"#,
        r#"{"number":"097095000044"}"#,
        r#"{"phone":"0987654321"}"#,
        r#"{"number":97095000044,"phone":"0987654321"}"#,
        r#"{"number":"０97095000044","phone":"0987654321"}"#,
        r#"{"number":"97095000044","phone":"0987654321"}"#,
        r#"{"number":"","phone":""}"#,
    ];
    all_invalid(&[
        ("POST", "/app/v1/registrations", &phones),
        ("POST", "/desk/v1/registrations", &phones),
        ("POST", "/app/v1/level0", &phones),
        ("POST", "/app/v1/activations", &phones),
        (
            "POST",
            "/app/v1/registrations",
            &[
                r#"{"number":"097095000044","phone":"0987654321","portrait":"blurry"}"#,
                r#"{"number":"097095000044","phone":"0987654321","birth_date":"5.5.1995"}"#,
                r#"{"number":"097095000044","phone":"0987654321","full_name":""}"#,
                r#"{"number":"097095000044","phone":"0987654321","email":"not an address"}"#,
                r#"{"number":"097095000044","phone":"0987654321","fingerprints":"match"}"#,
            ],
        ),
        (
            "POST",
            "/desk/v1/registrations",
            &[
                r#"{"number":"097095000044","phone":"0987654321","desk_province":0}"#,
                r#"{"number":"097095000044","phone":"0987654321","desk_province":99}"#,
                r#"{"number":"097095000044","phone":"0987654321","with_card":"yes"}"#,
            ],
        ),
        (
            "POST",
            "/admin/v1/registrations/x/reject",
            &[
                "{}",
                r#"{"reason":null}"#,
                r#"{"reason":""}"#,
                r#"{"reason":"  "}"#,
                r#"{"reason":"a\nb"}"#,
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn sign_ins_follow_the_rules_of_the_request() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let lan = r#""client_id":"demo-portal","citizen":"097190000011""#;
    for (more, status, code) in [
        (String::new(), 400, "invalid_request"),
        (r#","redirect_uri":"https://evil.example/""#.to_owned(), 400, "invalid_request"),
        (r#","exchange":true,"scope":"profile""#.to_owned(), 400, "invalid_scope"),
        (r#","exchange":true,"scope":"""#.to_owned(), 400, "invalid_scope"),
        (r#","code_challenge":"short""#.to_owned(), 400, "invalid_request"),
        (format!(r#","exchange":true,"state":"{}""#, "s".repeat(2049)), 400, "invalid_request"),
        (format!(r#","exchange":true,"nonce":"{}""#, "n".repeat(2049)), 400, "invalid_request"),
        (r#","exchange":"yes""#.to_owned(), 422, "invalid"),
        (r#","scope":["openid"]"#.to_owned(), 422, "invalid"),
    ] {
        let body = format!("{{{lan}{more}}}");
        let name: String = body.chars().take(120).collect();
        fire.shoot(&name, json("POST", "/admin/v1/sign-ins", body), problem(status, code)).await;
    }
    for (client, citizen, status, code) in [
        ("demo-bhxh", "097085000022", 403, "level_too_low"),
        ("demo-portal", "097095000044", 403, "registration_required"),
        ("demo-portal", "097078000066", 403, "activation_overdue"),
        ("demo-portal", "097188000077", 403, "temporarily_locked"),
        ("demo-portal", "098160000088", 403, "locked"),
        ("demo-portal", "098300000101", 403, "locked"),
        ("demo-portal", "12", 422, "invalid"),
    ] {
        let body = format!(r#"{{"client_id":"{client}","citizen":"{citizen}","exchange":true}}"#);
        fire.shoot(&body.clone(), json("POST", "/admin/v1/sign-ins", body), problem(status, code))
            .await;
    }
    fire.done();
}
