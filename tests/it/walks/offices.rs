//! What officers, testers and databases do to somebody.

use serde_json::{Value, json};

use super::Walker;

const REASONS: [&str; 10] = [
    "holders_request",
    "breach_of_terms",
    "card_revoked",
    "card_expired",
    "death",
    "authoritys_request",
    "passport_expired",
    "residence_expired",
    "dissolved",
    "phone_reclaimed",
];
const STATES: [&str; 7] = [
    "unregistered",
    "level0",
    "approved",
    "activation_overdue",
    "active",
    "temporarily_locked",
    "locked",
];

impl Walker {
    async fn is_on_her_own(&mut self, number: &str) -> bool {
        let citizen = self.say("GET", &format!("/admin/v1/citizens/{number}"), json!(null)).await;
        citizen.json()["representative"].is_null()
    }

    pub(super) async fn at_the_desk(&mut self) {
        let number = self.somebody();
        let (door, body) = match self.chance.below(10) {
            0 | 1 => ("cards", json!({"number": number})),
            2 => ("cards/lost", json!({"number": number})),
            3 => ("locks", json!({"number": number})),
            4 => ("unlocks", json!({"number": number})),
            5 => ("civil-changes", json!({"number": number, "full_name": "Nguyễn Tên Mới"})),
            // Not of a child or who was one: whoever comes of age keeps the representative's number.
            6 if self.chance.once_in(3) && self.is_on_her_own(&number).await => {
                let day = self.chance.below(28) + 1;
                (
                    "civil-changes",
                    json!({"number": number, "birth_date": format!("1991-01-{day:02}")}),
                )
            }
            6 | 7 => {
                let phone = self.phone();
                ("phone-changes", json!({"number": number, "phone": phone}))
            }
            _ => {
                let ask = *self.chance.pick(&["lock", "unlock"]);
                ("requests", json!({"number": number, "ask": ask}))
            }
        };
        let reply = self.say("POST", &format!("/desk/v1/{door}"), body).await;
        let said = reply.json();
        if reply.status == 201 && ["requests", "phone-changes"].contains(&door) {
            self.requests.push(said["id"].as_str().unwrap().to_owned());
        }
        // A number that was re-established is walked on with.
        if door == "civil-changes" && reply.status == 200 && said["number"] != number.as_str() {
            let renewed = said["number"].as_str().unwrap().to_owned();
            if self.dead.remove(&number) {
                self.dead.insert(renewed.clone());
            }
            self.people.retain(|it| *it != number);
            self.people.push(renewed);
        }
    }

    pub(super) async fn by_command(&mut self) {
        let number = self.somebody();
        let (command, body): (&str, Value) = match self.chance.below(12) {
            0 => ("open_level0", json!({})),
            1..4 => ("approve", json!({"level": 1 + self.chance.below(2)})),
            4..6 => ("activate", json!({})),
            6 => ("extend_activation", json!({})),
            7 => ("change_phone", json!({"phone": self.phone()})),
            8 | 9 => ("lock", json!({"reason": self.chance.pick(&REASONS)})),
            _ => ("unlock", json!({})),
        };
        let reply =
            self.say("POST", &format!("/admin/v1/accounts/{number}/{command}"), body.clone()).await;
        if reply.status == 200 && body["reason"] == "death" {
            self.dead.insert(number);
        }
    }

    pub(super) async fn by_force(&mut self) {
        let number = self.somebody();
        let mut body = json!({"state": self.chance.pick(&STATES)});
        if self.chance.once_in(2) {
            body["level"] = json!(1 + self.chance.below(2));
        }
        if body["state"] == "locked" {
            body["reason"] = json!(self.chance.pick(&REASONS));
        }
        let reply =
            self.say("PUT", &format!("/admin/v1/accounts/{number}/state"), body.clone()).await;
        if reply.status == 200 {
            // Force brings back the dead.
            self.dead.remove(&number);
            if body["reason"] == "death" {
                self.dead.insert(number);
            }
        }
    }

    pub(super) async fn database_changes(&mut self) {
        let number = self.somebody();
        let body = match self.chance.below(6) {
            0 => json!({"died": "2026-02-01"}),
            1 => json!({"phone": self.phone()}),
            2 => json!({"no_card": true}),
            3 => {
                json!({"card": {"issued": "2021-01-01", "expires": format!("20{}-06-01", 26 + self.chance.below(20))}})
            }
            4 => json!({"email": "moi@example.com"}),
            _ => json!({"papers": {"tax": {"code": number}}}),
        };
        let reply = self.say("PUT", &format!("/admin/v1/citizens/{number}"), body.clone()).await;
        if reply.status == 200 && body["died"].is_string() {
            self.dead.insert(number);
        }
    }

    pub(super) async fn organisation_changes(&mut self) {
        let (person, other) = (self.somebody(), self.somebody());
        let number = format!("8000000009{:02}", self.chance.below(6));
        let office = json!({"detail": "1 Thử", "commune": "Phường Thử", "province": 1});
        let mut body =
            json!({"name": "Công ty Đi Dạo", "founded": "2020-01-01", "head_office": office});
        if self.chance.once_in(2) {
            body["representative"] = json!(person);
            body["members"] = json!([{"number": other, "role": "thanh_vien"}]);
            let reply = self.say("PUT", &format!("/admin/v1/organisations/{number}"), body).await;
            if reply.status == 200 && !self.people.contains(&number) {
                self.people.push(number);
            }
            return;
        }
        if self.chance.once_in(3) {
            body["co_representatives"] = json!([other]);
        }
        if self.chance.once_in(2) {
            body["number"] = json!(number);
        }
        let body = json!({"representative": person, "organisation": body});
        let reply = self.say("POST", "/desk/v1/organisation-registrations", body).await;
        self.keep_registration(&reply);
    }
}
