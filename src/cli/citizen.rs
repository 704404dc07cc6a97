//! `citizen`: prints a synthetic person or organisation, by number, in a situation, or the next one like this.

use anyhow::Context as _;
use jiff::civil::Date;

use super::print;
use crate::{
    app,
    clock::{Clock as _, SystemClock},
    config::Options,
    identity::{
        Gender, HolderKind, IdNumber, PaperKind,
        lock::LockReason,
        wanted::{StateName, WantedCard},
    },
    population::{Country, Found, InitialState, Like, OrganisationLike, Situation, situations},
};

/// Which synthetic person or organisation.
#[derive(Debug, clap::Args)]
pub(super) struct CitizenArguments {
    /// 12 digits, of a person or an organisation.
    number: Option<String>,
    /// List the situations that `--situation` knows.
    #[arg(long)]
    situations: bool,
    /// Somebody in a named situation.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kind", "level", "state", "reason", "card", "papers"])]
    situation: Option<String>,
    /// Kind of holder, such as child, ward, foreigner, organisation. [default: citizen]
    #[arg(long, value_parser = word::<HolderKind>)]
    kind: Option<HolderKind>,
    /// Account level: 1 or 2.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=2))]
    level: Option<u8>,
    /// Account state on the first day, such as active or `activation_overdue`.
    #[arg(long, value_parser = word::<StateName>)]
    state: Option<StateName>,
    /// Why the account is locked, such as `card_revoked`.
    #[arg(long, value_parser = word::<LockReason>)]
    reason: Option<LockReason>,
    /// male or female.
    #[arg(long, value_parser = word::<Gender>)]
    gender: Option<Gender>,
    /// Year of birth.
    #[arg(long)]
    birth_year: Option<u16>,
    /// Current province of residence, a two-digit code.
    #[arg(long)]
    province: Option<u8>,
    /// The card today: valid, expiring, expired, lost or none.
    #[arg(long, value_parser = word::<WantedCard>)]
    card: Option<WantedCard>,
    /// Papers to hold, such as `driving,social_insurance`.
    #[arg(long, value_delimiter = ',', value_parser = word::<PaperKind>)]
    papers: Vec<PaperKind>,
    /// How many to pass over.
    #[arg(long, default_value_t = 0)]
    skip: u64,
    #[command(flatten)]
    given: Options,
}

/// A word as documents write it.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

/// Prints who was asked for.
pub(super) fn print_one(wanted: &CitizenArguments) -> anyhow::Result<()> {
    if wanted.situations {
        let lines = situations().iter().map(|one| format!("{:42} {}", one.name, one.story));
        return print(&lines.collect::<Vec<_>>().join("\n"));
    }
    let config = wanted.given.clone().resolve()?;
    let country = Country::new(app::census(&config))?;
    let today = SystemClock.now().day();
    let described = match found(wanted, &country, today)? {
        Found::Person(index) => person(&country, index, today),
        Found::Organisation(index) => organisation(&country, index),
        Found::Nobody { looked_at, everyone: true } => {
            anyhow::bail!(
                "no synthetic citizen like this: everyone in question ({looked_at}) was looked at"
            )
        }
        Found::Nobody { looked_at, everyone: false } => anyhow::bail!(
            "no synthetic citizen like this among {looked_at} looked at, which is not everyone: try --skip or fewer wishes"
        ),
    };
    print(&serde_json::to_string_pretty(&described.context("no synthetic citizen like this")?)?)
}

/// By number, by situation, or by wishes.
fn found(wanted: &CitizenArguments, country: &Country, today: Date) -> anyhow::Result<Found> {
    if let Some(number) = &wanted.number {
        let number = IdNumber::parse(number)?;
        let person = country.index_of(&number).map(Found::Person);
        let organisation = || country.organisation_index(&number).map(Found::Organisation);
        return person.or_else(organisation).context(
            "no synthetic citizen has this number; those of fixtures are at /admin/v1/accounts/NUMBER of a running simulator",
        );
    }
    if let Some(name) = &wanted.situation {
        let situation = Situation::by_name(name)
            .with_context(|| format!("no situation {name}: --situations lists them"))?;
        return Ok(country.find(situation, today, wanted.skip));
    }
    let CitizenArguments { level, state, reason, gender, province, card, kind, .. } = *wanted;
    if kind == Some(HolderKind::Organisation) {
        let like = OrganisationLike { state, reason, province, ..OrganisationLike::default() };
        return Ok(country.search_organisations(&like, wanted.skip));
    }
    let birth_years = wanted.birth_year.map(|year| year..=year);
    let papers = wanted.papers.clone();
    let like = Like {
        kind,
        level,
        state,
        reason,
        gender,
        birth_years,
        province,
        card,
        papers,
        ..Like::default()
    };
    Ok(country.search(&like, today, wanted.skip))
}

fn person(country: &Country, index: u64, today: Date) -> Option<serde_json::Value> {
    let citizen = country.citizen(index)?;
    let initial = country.initial(index)?;
    let employer = country.employer_of(index).and_then(|employer| country.organisation(employer));
    let represents = country.represents(index).and_then(|at| country.organisation_number(at));
    Some(serde_json::json!({
        "number": citizen.number,
        "kind": citizen.kind_on(today),
        "password": citizen.initial_password(),
        "phone": citizen.phone,
        "email": citizen.email,
        "level": initial.level,
        "state": initial.state.name(),
        "reason": initial.state.reason(),
        "upgrade_approved": initial.state == InitialState::UpgradeApproved,
        "full_name": citizen.full_name,
        "birth_date": citizen.birth_date,
        "gender": citizen.gender,
        "residence": citizen.residence.to_string(),
        "card": citizen.card.as_ref().map(|card| serde_json::json!({
            "issued": card.issued, "expires": card.expires, "status": card.status(today),
        })),
        "died": citizen.died,
        "foreign": citizen.foreign,
        "spouse": citizen.spouse,
        "representative": citizen.representative,
        "dependants": country.dependants_of(index),
        "employer": employer.map(|one| serde_json::json!({ "number": one.number, "name": one.name })),
        "represents": represents,
        "papers": country.papers(&citizen, today),
        "synthetic": true,
    }))
}

fn organisation(country: &Country, index: u64) -> Option<serde_json::Value> {
    let mut described = serde_json::to_value(country.organisation(index)?).ok()?;
    let initial = country.organisation_initial(index)?;
    let fields = described.as_object_mut()?;
    fields.insert("kind".to_owned(), HolderKind::Organisation.name().into());
    fields.insert("state".to_owned(), serde_json::to_value(initial.state.name()).ok()?);
    fields.insert("reason".to_owned(), serde_json::to_value(initial.state.reason()).ok()?);
    fields.insert("staff_count".to_owned(), country.staff_count(index).into());
    fields.insert("synthetic".to_owned(), true.into());
    Some(described)
}
