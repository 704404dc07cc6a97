//! The signed-in app of a holder, and the people of the fixtures who use it.

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use super::{Reply, Sim, actors::Citizen, request};

/// An app and its token.
#[derive(Clone)]
pub(crate) struct App<'a> {
    pub(crate) sim: &'a Sim,
    pub(crate) token: String,
    /// The holder's.
    pub(crate) passcode: &'static str,
}

/// Mother of two; level 2.
pub(crate) const HUONG: Citizen = person("097192000296", "0912345629", "Vn@000296a");
/// Her husband.
pub(crate) const DUNG: Citizen = person("097090000307", "0912345630", "Vn@000307a");
/// Their son, 9, with a card and no account.
pub(crate) const AN: Citizen = person("097216000318", "0912345629", "Mat#khau2026");
/// Their daughter, 4, with a card and no account.
pub(crate) const CHAU: Citizen = person("097321000329", "0912345629", "Mat#khau2026");
/// A single mother; level 2.
pub(crate) const HANH: Citizen = person("097188000331", "0912345633", "Vn@000331a");
/// Her daughter, 10, level 2.
pub(crate) const VY: Citizen = person("097315000342", "0912345633", "Vn@000342a");
/// A guardian; level 2.
pub(crate) const TIN: Citizen = person("097070000375", "0912345637", "Vn@000375a");
/// His ward; level 1.
pub(crate) const LANH: Citizen = person("097172000386", "0912345637", "Vn@000386a");
/// Legal representative of the BHXH unit.
pub(crate) const PHONG: Citizen = person("097079000419", "0912345641", "Vn@000419a");
/// Member of it.
pub(crate) const MAI: Citizen = person("097186000421", "0912345642", "Vn@000421a");
/// Second legal representative of the trading company.
pub(crate) const LAP: Citizen = person("097082000432", "0912345643", "Vn@000432a");
/// First legal representative of the trading company.
pub(crate) const PHUONG: Citizen = person("097183000443", "0912345644", "Vn@000443a");
/// Named staff of the BHXH unit without a role; level 1.
pub(crate) const LONG: Citizen = person("097093000454", "0912345645", "Vn@000454a");
/// A foreigner of level 2.
pub(crate) const KIM: Citizen = person("997190000017", "0912345651", "Vn@000017a");
/// Everything a database can hold; level 2.
pub(crate) const THINH: Citizen = person("097080000263", "0912345626", "Vn@000263a");

const fn person(number: &'static str, phone: &'static str, password: &'static str) -> Citizen {
    Citizen { number, phone, password }
}

impl Citizen {
    /// The passcode of somebody who never chose one.
    pub(crate) fn passcode(self) -> &'static str {
        &self.number[6..]
    }

    /// Signs the app in on a device that needs no OTP.
    pub(crate) async fn opens_app<'a>(&self, sim: &'a Sim, device: &str) -> App<'a> {
        let body = json!({"number": self.number, "password": self.password, "device": device});
        let signed_in = sim.post("/app/v1/sign-ins", body).await.status(201).json();
        let token = signed_in["token"].as_str().expect("signed in at once").to_owned();
        App { sim, token, passcode: self.passcode() }
    }
}

impl<'a> App<'a> {
    /// Of somebody who never chose a passcode: the last six digits of the number.
    pub(crate) async fn of(sim: &'a Sim, who: Citizen) -> Self {
        who.opens_app(sim, &format!("phone-of-{}", who.number)).await
    }

    /// Of somebody who went through activation with the harness's passcode.
    pub(crate) async fn of_activated(sim: &'a Sim, who: Citizen) -> Self {
        Self { passcode: "135790", ..Self::of(sim, who).await }
    }
}

impl App<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let mut request =
            request(method, path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.sim.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// Whether the token still opens the holder's account.
    pub(crate) async fn is_open(&self) -> bool {
        self.get("/app/v1/account").await.status == 200
    }

    /// Opens a service by name.
    pub(crate) async fn opens(&self, service: &str) -> Reply {
        self.send(Method::POST, &format!("/app/v1/services/{service}"), None).await
    }

    /// What a paper of the wallet says.
    pub(crate) async fn paper(&self, kind: &str) -> Value {
        let reply = self.get(&format!("/app/v1/papers/{kind}")).await.status(200).json();
        assert_eq!(reply["kind"], kind);
        reply["content"].clone()
    }

    /// A row of the wallet.
    pub(crate) async fn wallet(&self, kind: &str) -> Value {
        let papers = self.get("/app/v1/papers").await.status(200).json();
        papers.as_array().unwrap().iter().find(|it| it["kind"] == kind).unwrap().clone()
    }

    /// Makes a QR code.
    pub(crate) async fn qr(&self, kind: &str, share: Value, phone: bool) -> Reply {
        let body = json!({"kind": kind, "share": share, "phone": phone, "passcode": self.passcode});
        self.post("/app/v1/qr-codes", body).await
    }
}
