//! Named people and clients from TOML: read through like the population, so a realm begins without copying them.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde::Deserialize;

use crate::{
    clock::Timestamp,
    identity::{
        Account, Address, Card, Citizen, FullName, Gender, IdNumber, Password, Phone, Policy,
        life::Life,
        wanted::{StateName, Wanted},
    },
    oidc::{
        client::{AuthMethod, Client, Consent, Dialect},
        digest::sha256_base64url,
        keys::Algorithm,
    },
};

/// The people, clients and rules every realm begins with.
#[derive(Debug, Clone, Default)]
pub struct Fixtures {
    pub(crate) people: BTreeMap<IdNumber, Named>,
    pub(crate) phones: BTreeMap<Phone, IdNumber>,
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) policy: Policy,
}

/// A mistake in a fixture file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct FixtureError {
    /// As it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// Which field, and what it should be.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    policy: Option<Policy>,
    #[serde(default)]
    citizen: Vec<toml::Spanned<Named>>,
    #[serde(default)]
    client: Vec<toml::Spanned<NamedClient>>,
}

/// A named person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    number: IdNumber,
    full_name: FullName,
    #[serde(deserialize_with = "day")]
    birth_date: Date,
    gender: Gender,
    birth_province: u16,
    residence: Address,
    phone: Option<Phone>,
    email: Option<String>,
    card: Option<NamedCard>,
    #[serde(default)]
    account: Wanted,
    /// One line: why this person is here.
    pub(crate) story: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedCard {
    #[serde(deserialize_with = "day")]
    issued: Date,
    #[serde(default, deserialize_with = "maybe_day")]
    expires: Option<Date>,
    /// Instead of `expires`: counted from the day the realm begins.
    expires_in_days: Option<i32>,
    #[serde(default)]
    revoked: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedClient {
    client_id: String,
    client_secret: Option<String>,
    client_name: String,
    redirect_uris: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_method: AuthMethod,
    scope: String,
    #[serde(default)]
    id_token_signed_response_alg: Algorithm,
    minimum_level: crate::identity::Level,
    #[serde(default)]
    consent: Consent,
    #[serde(default)]
    require_pkce: bool,
}

/// The line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The field whose value is at an offset, if its line is an assignment.
fn field_at(text: &str, offset: usize) -> Option<&str> {
    let line = text.lines().nth(line_of(text, offset) - 1)?;
    let (field, _) = line.split_once('=')?;
    Some(field.trim()).filter(|field| !field.is_empty() && !field.contains(' '))
}

/// Where the field is that a message begins with, within the table at `offset`.
fn place_of(text: &str, offset: usize, message: &str) -> usize {
    let Some((field, _)) = message.split_once(':') else { return offset };
    let table = text.get(offset..).unwrap_or_default();
    let mut at = offset;
    for line in table.split_inclusive('\n') {
        let key = line.split('=').next().unwrap_or_default().trim();
        if key == field {
            return at;
        }
        at += line.len();
    }
    offset
}

/// A day, written as a TOML date or as a text.
fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Date(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(from)? {
        Written::Date(date) => date.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map_err(|_| serde::de::Error::custom("a day is written like 1990-01-31"))
}

fn maybe_day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    day(from).map(Some)
}

impl Fixtures {
    /// Adds what a TOML text says; `file` names it in errors.
    pub fn read(&mut self, text: &str, file: &str) -> Result<(), FixtureError> {
        let at = |offset: usize, message: String| FixtureError {
            file: file.to_owned(),
            line: line_of(text, offset),
            message,
        };
        let parsed: File = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let said = error.message().replace('\n', " ");
            let message = match field_at(text, offset) {
                Some(field) if !said.contains(&format!("`{field}`")) => format!("{field}: {said}"),
                _ => said,
            };
            at(offset, message)
        })?;
        if let Some(policy) = parsed.policy {
            if let Some((field, message)) = policy.fault() {
                return Err(at(0, format!("policy.{field} {message}")));
            }
            self.policy = policy;
        }
        for person in parsed.citizen {
            let offset = person.span().start;
            let added = self.add_person(person.into_inner());
            added.map_err(|message| at(place_of(text, offset, &message), message))?;
        }
        for client in parsed.client {
            let offset = client.span().start;
            let added = self.add_client(client.into_inner());
            added.map_err(|message| at(place_of(text, offset, &message), message))?;
        }
        Ok(())
    }

    fn add_person(&mut self, person: Named) -> Result<(), String> {
        if person.number.gender() != Some(person.gender) {
            return Err("gender: the fourth digit of number says otherwise".to_owned());
        }
        if person.number.birth_year() != u16::try_from(person.birth_date.year()).unwrap_or(0) {
            return Err("birth_date: digits four to six of number say another year".to_owned());
        }
        if self.people.contains_key(&person.number) {
            return Err(format!("number: {} is there already", person.number));
        }
        if let Some(phone) = person.phone
            && self.phones.insert(phone, person.number).is_some()
        {
            return Err(format!("phone: {phone} belongs to somebody else already"));
        }
        self.people.insert(person.number, person);
        Ok(())
    }

    fn add_client(&mut self, named: NamedClient) -> Result<(), String> {
        let public = named.token_endpoint_auth_method == AuthMethod::None;
        if public == named.client_secret.is_some() {
            let sentence = "client_secret: a confidential client has one, a public client has none";
            return Err(sentence.to_owned());
        }
        let client = Client {
            secret_hash: named.client_secret.map(sha256_base64url),
            client_id: named.client_id,
            client_name: named.client_name,
            redirect_uris: named.redirect_uris,
            token_endpoint_auth_method: named.token_endpoint_auth_method,
            scope: named.scope,
            id_token_signed_response_alg: named.id_token_signed_response_alg,
            minimum_level: named.minimum_level,
            consent: named.consent,
            require_pkce: named.require_pkce,
            dialect: Dialect::default(),
        };
        client.check().map_err(|fault| fault.to_string())?;
        let id = client.client_id.clone();
        match self.clients.insert(id.clone(), client) {
            Some(_) => Err(format!("client_id: {id} is there already")),
            None => Ok(()),
        }
    }

    /// Adds a client made in code, such as the demo portal's, which knows its own address.
    pub fn insert_client(&mut self, client: Client) {
        self.clients.insert(client.client_id.clone(), client);
    }

    /// The named people: number, name and the line that says why each is here.
    pub fn stories(&self) -> impl Iterator<Item = (IdNumber, &FullName, &str)> {
        self.people.values().map(|person| (person.number, &person.full_name, &*person.story))
    }

    /// Those of them who can sign in right away.
    pub fn active(&self) -> impl Iterator<Item = (IdNumber, &FullName, &str)> {
        let usable = |number: &IdNumber| {
            self.people.get(number).is_some_and(|person| {
                let lasting = |card: &NamedCard| card.expires_in_days.is_none() && !card.revoked;
                person.account.state == StateName::Active
                    && person.card.as_ref().is_some_and(lasting)
            })
        };
        self.stories().filter(move |(number, _, _)| usable(number))
    }
}

impl Named {
    pub(crate) fn citizen(&self, first_day: Date) -> Citizen {
        let card = self.card.as_ref().map(|card| Card {
            issued: card.issued,
            expires: card.expires_in_days.map_or(card.expires, |days| {
                Some(first_day.saturating_add(Span::new().days(days)))
            }),
            revoked: card.revoked,
        });
        Citizen {
            number: self.number,
            full_name: self.full_name.clone(),
            birth_date: self.birth_date,
            gender: self.gender,
            birth_province: self.birth_province,
            residence: self.residence.clone(),
            phone: self.phone,
            email: self.email.clone(),
            card,
            former_cards: Vec::new(),
            spouse: None,
            representative: None,
            under_guardianship: false,
            died: None,
            foreign: None,
            papers: None,
        }
    }

    pub(crate) fn account(&self, begun: Timestamp, lock_seconds: u32, subject: String) -> Account {
        let state = self.account.at(begun, lock_seconds);
        let password = match state {
            crate::identity::life::State::Unregistered => Password::None,
            _ => Password::Initial,
        };
        Account {
            number: self.number,
            subject,
            phone: self.phone,
            email: self.email.clone(),
            password,
            passcode: None,
            questions: Vec::new(),
            life: Life::new(state),
            epoch: 0,
        }
    }
}
