//! The people of the stories: a citizen, and a portal that signs her in.

use serde_json::{Value, json};

use super::{Reply, Sim, browser::Browser, query};

/// A citizen of the fixtures, by what she has at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Citizen {
    pub(crate) number: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) password: &'static str,
}

/// Level 2, active.
pub(crate) const LAN: Citizen =
    Citizen { number: "097190000011", phone: "0912345601", password: "Vn@000011a" };
/// Level 1, active.
pub(crate) const DUC: Citizen =
    Citizen { number: "097085000022", phone: "0912345602", password: "Vn@000022a" };
/// Approved at level 1, not activated.
pub(crate) const NGOC: Citizen =
    Citizen { number: "097300000033", phone: "0912345603", password: "Vn@000033a" };
/// No account yet.
pub(crate) const DAT: Citizen =
    Citizen { number: "097095000044", phone: "0987654321", password: "Mat#khau2026" };
/// Activation overdue, level 2.
pub(crate) const TUAN: Citizen =
    Citizen { number: "097078000066", phone: "0912345606", password: "Vn@000066a" };
/// No chip card, no account; lives in province 15.
pub(crate) const PAO: Citizen =
    Citizen { number: "099068000146", phone: "0987654322", password: "Ban#tren2026" };
/// Level 1 active, level 2 approved.
pub(crate) const HAN: Citizen =
    Citizen { number: "099302000124", phone: "0912345613", password: "Vn@000124a" };

impl Citizen {
    /// Asks for level 1 in the app.
    pub(crate) async fn registers_in_the_app(&self, sim: &Sim) -> Value {
        let body = json!({"number": self.number, "phone": self.phone});
        sim.post("/app/v1/registrations", body).await.status(201).json()
    }

    /// Asks for level 2 at a desk.
    pub(crate) async fn registers_at_the_desk(&self, sim: &Sim) -> Value {
        let body = json!({"number": self.number, "phone": self.phone});
        sim.post("/desk/v1/registrations", body).await.status(201).json()
    }

    /// Goes through every step of activation that is asked for.
    pub(crate) async fn activates(&self, sim: &Sim) -> Reply {
        let body = json!({"number": self.number, "phone": self.phone});
        let begun = sim.post("/app/v1/activations", body).await;
        if begun.status != 201 {
            return begun;
        }
        let id = begun.json()["id"].as_str().unwrap().to_owned();
        let mut next = "otp".to_owned();
        let mut last = begun;
        while next != "done" {
            let body = match next.as_str() {
                "otp" => json!({"otp": sim.otp(self.phone).await}),
                "password" => json!({"password": self.password}),
                "passcode" => json!({"passcode": "135790"}),
                _ => json!({"answers": [
                    {"question": 0, "answer": "Trường Hoa Sen"}, {"question": 3, "answer": "Bạch Mai"}]}),
            };
            last = sim.post(&format!("/app/v1/activations/{id}/{next}"), body).await;
            if last.status != 200 {
                return last;
            }
            last.json()["next"].as_str().unwrap().clone_into(&mut next);
        }
        last
    }

    /// Types the password on the open login page.
    pub(crate) async fn types_password(&self, browser: &mut Browser<'_>) -> Reply {
        let fields = [("username", self.number), ("password", self.password)];
        browser.submit("/login", &fields).await
    }

    /// Types the OTP that her phone shows.
    pub(crate) async fn types_otp(&self, browser: &mut Browser<'_>) -> Reply {
        let otp = browser.sim.otp(self.phone).await;
        browser.submit("/login/otp", &[("otp", &otp)]).await
    }

    /// Password and OTP; the reply leads back to the portal.
    pub(crate) async fn signs_in(&self, browser: &mut Browser<'_>) -> Reply {
        let reply = self.types_password(browser).await;
        if reply.status != 200 {
            return reply;
        }
        self.types_otp(browser).await
    }
}

/// A portal with a confidential client of its own.
pub(crate) struct Portal {
    pub(crate) client_id: String,
    pub(crate) secret: String,
    pub(crate) redirect_uri: String,
}

pub(crate) const ALL_SCOPES: &str =
    "openid profile phone email address vneid.identity vneid.card vneid.residence";

impl Portal {
    /// Registers a portal; `more` changes its metadata.
    pub(crate) async fn registered(sim: &Sim, more: Value) -> Self {
        let mut body = json!({
            "client_name": "Cổng thử", "redirect_uris": ["https://portal.example/callback"],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let client = sim.post("/admin/v1/clients", body).await.status(201).json();
        Self {
            client_id: client["client_id"].as_str().unwrap().to_owned(),
            secret: client["client_secret"].as_str().unwrap_or_default().to_owned(),
            redirect_uri: client["redirect_uris"][0].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn plain(sim: &Sim) -> Self {
        Self::registered(sim, json!({})).await
    }

    /// The address of its sign-in request, with parameters added or replaced.
    pub(crate) fn request(&self, more: &[(&str, &str)]) -> String {
        let mut params = vec![
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("scope", ALL_SCOPES),
            ("state", "s-1"),
            ("nonce", "n-1"),
        ];
        for (name, value) in more {
            params.retain(|(given, _)| given != name);
            if !value.is_empty() {
                params.push((name, value));
            }
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        format!("/oauth2/authorize?{query}")
    }

    /// The code of a way back, which must be to this portal with its state and our `iss`.
    #[track_caller]
    pub(crate) fn code(&self, reply: &Reply) -> String {
        let back = reply.location();
        assert!(back.starts_with(&self.redirect_uri), "{back}");
        assert_eq!(query(&back, "state").as_deref(), Some("s-1"), "{back}");
        assert_eq!(query(&back, "iss").as_deref(), Some("http://localhost:8080"), "{back}");
        query(&back, "code").unwrap_or_else(|| panic!("no code in {back}"))
    }

    /// The error of a way back.
    #[track_caller]
    pub(crate) fn error(&self, reply: &Reply) -> String {
        let back = reply.location();
        assert!(back.starts_with(&self.redirect_uri), "{back}");
        assert_eq!(query(&back, "iss").as_deref(), Some("http://localhost:8080"), "{back}");
        assert_eq!(query(&back, "code"), None, "{back}");
        query(&back, "error").unwrap_or_else(|| panic!("no error in {back}"))
    }

    /// Presents a code at the token endpoint.
    pub(crate) async fn redeems(&self, sim: &Sim, code: &str, more: &[(&str, &str)]) -> Reply {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri.as_str()),
        ];
        for (name, value) in more {
            fields.retain(|(given, _)| given != name);
            if !value.is_empty() {
                fields.push((name, value));
            }
        }
        sim.form("/oauth2/token", Some((&self.client_id, &self.secret)), &fields).await
    }

    /// The whole way with pages: the token answer.
    pub(crate) async fn signs_in(&self, sim: &Sim, citizen: Citizen) -> Value {
        let mut browser = Browser::new(sim);
        browser.open(&self.request(&[])).await.status(200);
        let reply = citizen.signs_in(&mut browser).await;
        let code = self.code(&reply);
        self.redeems(sim, &code, &[]).await.status(200).json()
    }

    /// Presents a refresh token.
    pub(crate) async fn refreshes(&self, sim: &Sim, token: &str, more: &[(&str, &str)]) -> Reply {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        fields.extend_from_slice(more);
        sim.form("/oauth2/token", Some((&self.client_id, &self.secret)), &fields).await
    }

    /// Asks what a token is worth.
    pub(crate) async fn introspects(&self, sim: &Sim, token: &str) -> Value {
        let basic = Some((self.client_id.as_str(), self.secret.as_str()));
        sim.form("/oauth2/introspect", basic, &[("token", token)]).await.status(200).json()
    }

    /// Gives a token back.
    pub(crate) async fn revokes(&self, sim: &Sim, token: &str) {
        let basic = Some((self.client_id.as_str(), self.secret.as_str()));
        sim.form("/oauth2/revoke", basic, &[("token", token)]).await.status(200);
    }

    /// Tokens with a refresh token among them.
    pub(crate) async fn offline_tokens(&self, sim: &Sim, citizen: Citizen) -> Value {
        let scope = format!("{ALL_SCOPES} offline_access");
        self.tokens_for(sim, citizen, json!({"scope": scope, "nonce": "n-1"})).await
    }
}
