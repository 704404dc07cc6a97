//! What holds after every walk, read through the doors.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Walker;

const REPRESENTED: [&str; 4] = ["child", "young_child", "ward", "young_foreigner"];

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

impl Walker {
    pub(super) async fn look(&mut self) {
        let accounts = self.accounts().await;
        self.phones_lead_home(&accounts).await;
        for account in &accounts {
            self.is_allowed(account);
        }
        self.dead_stay_locked().await;
        self.who_is_active_signs_in(&accounts).await;
        self.nothing_is_late().await;
    }

    async fn accounts(&self) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/admin/v1/accounts?limit=1000{after}");
            let page = self.sim.get(&path).await.status(200).json();
            all.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { return all };
            after = format!("&after={next}");
        }
    }

    /// One phone, one account; and it leads back to its holder.
    async fn phones_lead_home(&self, accounts: &[Value]) {
        let mut holders = BTreeMap::<&str, &Value>::new();
        for account in accounts {
            if REPRESENTED.contains(&text(&account["kind"])) || account["state"] == "unregistered" {
                continue;
            }
            // Whoever was a child on the first day, or not long before, keeps the representative's number when of age.
            if account["birth_date"].as_str().is_some_and(|day| day > "2011-01-01") {
                continue;
            }
            let Some(phone) = account["phone"].as_str() else { continue };
            if let Some(other) = holders.insert(phone, account) {
                panic!(
                    "{phone} is held by {other} and {account} after {:#?}",
                    self.told_of(&[other, account])
                );
            }
        }
        for (phone, account) in holders {
            let found = self.sim.get(&format!("/admin/v1/citizens?phone={phone}")).await;
            let found = found.status(200).json();
            assert_eq!(
                found["number"],
                account["number"],
                "{account} after {:#?}",
                self.told_of(&[account])
            );
        }
    }

    /// What was asked about these accounts.
    fn told_of(&self, accounts: &[&Value]) -> Vec<String> {
        let about = |line: &&super::Line| {
            line.status < 300
                && accounts.iter().any(|it| {
                    line.asked.contains(text(&it["number"]))
                        || line.said.contains(text(&it["number"]))
                        || it["phone"].as_str().is_some_and(|phone| line.asked.contains(phone))
                })
        };
        let lines = self.log.iter().filter(about);
        let shown =
            |line: &super::Line| format!("{} → {} {:.300}", line.asked, line.status, line.said);
        let mut lines: Vec<_> =
            lines.filter(|it| !it.asked.starts_with("GET")).map(shown).collect();
        let over = lines.len().saturating_sub(24);
        lines.drain(..over);
        lines
    }

    /// No level and no ground that the kind of holder cannot have.
    fn is_allowed(&self, account: &Value) {
        let (kind, state) = (text(&account["kind"]), text(&account["state"]));
        let young = ["young_child", "young_foreigner"].contains(&kind);
        let most = if young && self.regime == "2024" { 1 } else { 2 };
        match account["level"].as_u64() {
            None => assert_eq!(kind, "organisation", "{account}"),
            Some(level) => assert!(level <= most, "{account}"),
        }
        let without = ["unregistered", "level0"].contains(&state);
        if without {
            assert!(account["level"].as_u64().unwrap_or_default() == 0, "{account}");
        }
        if kind == "organisation" {
            assert!(!["level0", "temporarily_locked"].contains(&state), "{account}");
            assert!(account["phone"].is_null() && account["device"].is_null(), "{account}");
        }
        assert_eq!(state == "locked", account["reason"].is_string(), "{account}");
        assert_eq!(account["reason"].is_string(), account["locked_by"].is_string(), "{account}");
        let foreign = ["foreigner", "young_foreigner"].contains(&kind);
        let organisation = kind == "organisation";
        let applies = match text(&account["reason"]) {
            "card_expired" => self.regime == "2024" && !foreign && !organisation,
            "card_revoked" => !foreign && !organisation,
            "passport_expired" | "residence_expired" => foreign,
            "dissolved" => organisation,
            "death" | "phone_reclaimed" => !organisation,
            _ => true,
        };
        assert!(applies, "{account} after {:#?}", self.told_of(&[account]));
    }

    async fn dead_stay_locked(&self) {
        for number in &self.dead {
            let account = self.sim.account(number).await;
            let locked = account["state"] == "unregistered"
                || (account["state"] == "locked" && account["reason"] == "death");
            assert!(locked, "{account} after {:#?}", self.told_of(&[&account]));
        }
    }

    /// A sign-in is granted exactly to whom the view says is active, by the card too under Decree 59/2022.
    async fn who_is_active_signs_in(&mut self, accounts: &[Value]) {
        for _ in 0..12 {
            let account = self.chance.pick(accounts).clone();
            let number = text(&account["number"]);
            let mut body =
                json!({"client_id": "demo-client", "citizen": number, "scope": "openid"});
            let represented = REPRESENTED.contains(&text(&account["kind"]));
            let consents = self.chance.once_in(2);
            if represented && consents {
                body["representative"] = account["representative"].clone();
            }
            let consented = !represented || (consents && account["representative"].is_string());
            let card = text(&account["card"]["status"]);
            let card_allows = !["expired", "revoked"].contains(&card);
            let may = account["state"] == "active"
                && account["kind"] != "organisation"
                && consented
                && card_allows;
            let reply = self.sim.post("/admin/v1/sign-ins", body).await;
            let told = format!("{account} {} {}", reply.status, reply.text());
            assert_eq!(reply.status == 200, may, "{told} after {:#?}", self.told_of(&[&account]));
            // Under Decree 69/2024 the account is locked before its card refuses.
            if self.regime == "2024" && account["state"] == "active" {
                assert!(card_allows, "{told} after {:#?}", self.told_of(&[&account]));
            }
        }
    }

    async fn nothing_is_late(&self) {
        let due = self.sim.get("/admin/v1/clock/due?limit=1000").await.status(200).json();
        let now = self.sim.get("/admin/v1/clock").await.status(200).json();
        let moment = |text: &Value| text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let now = moment(&now["now"]);
        let moments: Vec<_> = due.as_array().unwrap().iter().map(|it| moment(&it["at"])).collect();
        assert!(moments.is_sorted(), "{due}");
        assert!(moments.iter().all(|at| *at > now), "{due} at {now}");
    }
}
