//! One step of a walk: who does what next, by weight.

use serde_json::json;

use super::Walker;
use crate::harness::Reply;

const DEVICES: [&str; 6] = ["d-1", "d-2", "d-3", "d-4", "d-5", "d-6"];
const SITUATIONS: [&str; 14] = [
    "level1_active",
    "level2_active",
    "upgrade_approved",
    "level2_approved",
    "level0",
    "unregistered_with_card",
    "unregistered_without_card",
    "card_expiring",
    "child_level1",
    "young_child_level1",
    "ward",
    "foreigner_level1",
    "young_foreigner",
    "organisation_active",
];

impl Walker {
    pub(super) async fn step(&mut self) {
        match self.chance.below(100) {
            0..10 => self.time_passes().await,
            10..13 => self.somebody_new().await,
            13..24 => self.registers().await,
            24..29 => self.is_decided().await,
            29..38 => self.begins().await,
            38..58 => self.goes_on().await,
            58..66 => self.signs_in_to_the_app().await,
            66..76 => self.uses_the_app().await,
            76..84 => self.at_the_desk().await,
            84..92 => self.by_command().await,
            92..95 => self.by_force().await,
            95..98 => self.database_changes().await,
            _ => self.organisation_changes().await,
        }
    }

    pub(super) fn somebody(&mut self) -> String {
        self.chance.pick(&self.people).clone()
    }

    pub(super) fn phone(&mut self) -> String {
        format!("09876543{:02}", self.chance.below(24))
    }

    /// The phone that somebody's account has, mostly.
    async fn phone_of(&mut self, number: &str) -> String {
        if self.chance.once_in(4) {
            return self.phone();
        }
        let account = self.say("GET", &format!("/admin/v1/accounts/{number}"), json!(null)).await;
        match account.json()["phone"].as_str() {
            Some(phone) => phone.to_owned(),
            None => self.phone(),
        }
    }

    fn keep_enrolment(&mut self, door: &str, reply: &Reply) {
        let said = reply.json();
        let (Some(id), Some(next)) = (said["id"].as_str(), said["next"].as_str()) else { return };
        if next != "done" {
            self.enrolments.push((door.to_owned(), id.to_owned(), next.to_owned()));
        }
        if self.enrolments.len() > 30 {
            self.enrolments.remove(0);
        }
    }

    fn keep_token(&mut self, number: &str, reply: &Reply) {
        if let Some(token) = reply.json()["token"].as_str() {
            self.tokens.push((number.to_owned(), token.to_owned()));
        }
        if self.tokens.len() > 30 {
            self.tokens.remove(0);
        }
    }

    async fn time_passes(&mut self) {
        let forward =
            ["PT1M", "PT1M", "PT3M1S", "PT1H", "PT5H", "P1D", "P1D", "P3D", "P8D", "P31D", "P5M"];
        let duration = match self.chance.below(12) {
            0 => *self.chance.pick(&["-PT2M", "-PT1H", "-P1D", "-P9D"]),
            1 => {
                self.say("POST", "/admin/v1/clock/next", json!(null)).await;
                return;
            }
            _ => *self.chance.pick(&forward),
        };
        self.say("POST", "/admin/v1/clock/advance", json!({"duration": duration})).await;
    }

    async fn somebody_new(&mut self) {
        let situation = *self.chance.pick(&SITUATIONS);
        let body = json!({"situation": situation});
        let made = self.say("POST", "/admin/v1/accounts", body).await;
        if let Some(number) = made.json()["number"].as_str() {
            self.people.push(number.to_owned());
        }
    }

    async fn registers(&mut self) {
        let number = self.somebody();
        let phone = self.phone_of(&number).await;
        let mut body = json!({"number": number, "phone": phone});
        let reply = if self.chance.once_in(2) {
            if self.chance.once_in(4) {
                body["portrait"] = json!("mismatch");
            }
            match self.token() {
                Some((_, token)) if self.chance.once_in(3) => {
                    self.say_in_app("POST", "/app/v1/registrations", &token, body).await
                }
                _ => self.say("POST", "/app/v1/registrations", body).await,
            }
        } else {
            let citizen =
                self.say("GET", &format!("/admin/v1/citizens/{number}"), json!(null)).await;
            let citizen = citizen.json();
            if citizen["card"]["status"] != "valid" && citizen["foreign"].is_null() {
                body["with_card"] = json!(true);
                let province = citizen["residence"]["province"].as_str().map(str::parse::<u8>);
                body["desk_province"] = json!(province.and_then(Result::ok));
            }
            if citizen["representative"].is_string() && citizen["kind"] != "citizen" {
                body["representative"] = citizen["representative"].clone();
            }
            body["immigration"] = json!(!citizen["foreign"].is_null());
            self.say("POST", "/desk/v1/registrations", body).await
        };
        self.keep_registration(&reply);
    }

    pub(super) fn keep_registration(&mut self, reply: &Reply) {
        if reply.status == 201 {
            self.registrations.push(reply.json()["id"].as_str().unwrap().to_owned());
        }
    }

    async fn is_decided(&mut self) {
        let no = json!({"reason": "không rõ"});
        if !self.requests.is_empty() && self.chance.once_in(2) {
            let id = self.chance.pick(&self.requests).clone();
            let step = *self.chance.pick(&["forward", "grant", "refuse"]);
            self.say("POST", &format!("/admin/v1/requests/{id}/{step}"), no).await;
        } else if !self.registrations.is_empty() {
            let back = self.registrations.len().min(8);
            let at = self.registrations.len() - 1 - self.chance.below(back);
            let id = self.registrations[at].clone();
            let path = match self.chance.below(6) {
                0 => format!("/admin/v1/registrations/{id}/reject"),
                1 => format!("/app/v1/registrations/{id}/withdraw"),
                _ => format!("/admin/v1/registrations/{id}/approve"),
            };
            self.say("POST", &path, no).await;
        }
    }

    async fn begins(&mut self) {
        let number = self.somebody();
        let door = *self.chance.pick(&[
            "activations",
            "activations",
            "activations",
            "level0",
            "password-resets",
            "unlocks",
        ]);
        let mut body = json!({"number": number});
        if door == "unlocks" {
            body["password"] = json!(self.password(&number));
        } else {
            body["phone"] = json!(self.phone_of(&number).await);
        }
        if door == "activations" && self.chance.once_in(2) {
            body["device"] = json!(self.chance.pick(&DEVICES));
            body["confirm"] = json!(self.chance.once_in(2));
        }
        let path = format!("/app/v1/{door}");
        let reply = match self.token() {
            Some((_, token)) if door == "activations" && self.chance.once_in(4) => {
                self.say_in_app("POST", &path, &token, body).await
            }
            _ => self.say("POST", &path, body).await,
        };
        self.keep_enrolment(door, &reply);
    }

    /// Takes the step that is due in an enrolment, mostly rightly.
    async fn goes_on(&mut self) {
        if self.enrolments.is_empty() {
            return;
        }
        let at = self.chance.below(self.enrolments.len());
        let (door, id, next) = self.enrolments[at].clone();
        let end: String = id.chars().rev().take(6).collect();
        let (step, body) = match &*next {
            _ if self.chance.once_in(12) => ("resend", json!({})),
            "otp" if self.chance.once_in(8) => ("otp", json!({"otp": "000000"})),
            "otp" => {
                let path = format!("/admin/v1/messages/latest?reference={end}");
                let code = self.say("GET", &path, json!(null)).await.json()["code"].clone();
                ("otp", json!({"otp": code.as_str().unwrap_or("000000")}))
            }
            "password" => ("password", json!({"password": "Khac@12345"})),
            "passcode" => ("passcode", json!({"passcode": "135790"})),
            _ => (
                "questions",
                json!({"answers": [{"question": 0, "answer": "Hoa Sen"}, {"question": 3, "answer": "Mai"}]}),
            ),
        };
        let reply = self.say("POST", &format!("/app/v1/{door}/{id}/{step}"), body).await;
        let said = reply.json();
        match (reply.status.as_u16(), said["next"].as_str()) {
            (200, Some(next)) if next != "done" => next.clone_into(&mut self.enrolments[at].2),
            (429, _) => {}
            (401, _) if said["code"] == "wrong_otp" => {}
            _ => {
                self.enrolments.remove(at);
                self.keep_token("", &reply);
            }
        }
    }

    fn password(&mut self, number: &str) -> String {
        match self.chance.below(10) {
            0 => "Sai@12345".to_owned(),
            1 | 2 => "Khac@12345".to_owned(),
            _ => format!("Vn@{}a", &number[6..]),
        }
    }

    fn token(&mut self) -> Option<(String, String)> {
        (!self.tokens.is_empty()).then(|| self.chance.pick(&self.tokens).clone())
    }

    async fn signs_in_to_the_app(&mut self) {
        let number = self.somebody();
        let mut body = json!({"number": number, "password": self.password(&number), "device": self.chance.pick(&DEVICES)});
        if self.chance.once_in(2) {
            body["chip"] = json!("match");
        }
        let reply = match self.token() {
            Some((_, token)) if self.chance.once_in(3) => {
                self.say_in_app("POST", "/app/v1/sign-ins", &token, body).await
            }
            _ => self.say("POST", "/app/v1/sign-ins", body).await,
        };
        self.keep_enrolment("sign-ins", &reply);
        self.keep_token(&number, &reply);
    }

    async fn uses_the_app(&mut self) {
        let Some((number, token)) = self.token() else { return };
        let initial = number.get(6..).unwrap_or("135790").to_owned();
        let passcode = if self.chance.once_in(5) { "135790".to_owned() } else { initial };
        let paper = *self.chance.pick(&["tax", "driving", "vehicle", "health_insurance", "card"]);
        let (method, path, body) = match self.chance.below(12) {
            0 => ("POST", "/app/v1/lock".to_owned(), json!({"passcode": passcode})),
            1 | 2 => {
                let phone = self.phone();
                (
                    "POST",
                    "/app/v1/phone-changes".to_owned(),
                    json!({"phone": phone, "passcode": passcode}),
                )
            }
            3 => ("POST", "/app/v1/passcode-resets".to_owned(), json!(null)),
            4 => {
                let old = self.password(&format!("{number:0>12}"));
                ("POST", "/app/v1/password".to_owned(), json!({"old": old, "new": "Khac@12345"}))
            }
            5 => {
                let device = *self.chance.pick(&DEVICES);
                ("DELETE", format!("/app/v1/devices/{device}"), json!(null))
            }
            6 => ("POST", "/app/v1/papers".to_owned(), json!({"kind": paper})),
            7 => ("GET", format!("/app/v1/papers/{paper}"), json!(null)),
            8 => {
                let body = json!({"kind": "can_cuoc", "share": [paper], "phone": true, "passcode": passcode});
                ("POST", "/app/v1/qr-codes".to_owned(), body)
            }
            9 => {
                let code = if self.codes.is_empty() {
                    String::new()
                } else {
                    self.chance.pick(&self.codes).clone()
                };
                ("POST", "/desk/v1/qr/verify".to_owned(), json!({"content": code}))
            }
            10 => ("GET", "/app/v1/consents".to_owned(), json!(null)),
            _ => ("GET", "/app/v1/account".to_owned(), json!(null)),
        };
        let reply = self.say_in_app(method, &path, &token, body).await;
        if let Some(code) =
            reply.json_or_null()["content"].as_str().filter(|it| it.starts_with("VNEID"))
        {
            self.codes.push(code.to_owned());
        }
        if path.ends_with("phone-changes") || path.ends_with("passcode-resets") {
            self.keep_enrolment(path.trim_start_matches("/app/v1/"), &reply);
        }
    }
}
