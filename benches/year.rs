//! The bar of time: a year over a thousand accounts in under a second, and the same journal twice from the same seed.

mod common;

use std::sync::Arc;

use common::{
    clock::{best_and_median, start},
    say,
};
use jiff::ToSpan as _;
use mock_vneid::{
    App, Config,
    clock::{ManualClock, Timestamp},
    flow::{
        Realm,
        base::schedule::DueEvent,
        realm::{
            make_account::{AccountLike, Like},
            outbox::MessageFilter,
            put_citizen::CitizenEdit,
        },
    },
    identity::{
        Card, HolderKind, IdNumber, Level, Policy, Subject,
        policy::Review,
        registration::{Application, RegistrationChannel},
        request::Ask,
        wanted::{StateName, WantedCard, WantedState},
    },
    outbox::Message,
};

const ROUNDS: usize = 5;
const ACCOUNTS: u16 = 1_000;
const BEGINS: &str = "2026-03-02T02:00:00Z";
const ENDS: &str = "2027-03-02T02:00:00Z";

/// What a year leaves behind.
#[derive(PartialEq)]
struct Journal {
    happened: Vec<DueEvent>,
    messages: Vec<Message>,
}

/// Who is there: a tenth each of ten lives to which time does something.
fn like(place: u16) -> AccountLike {
    let (kind, state, level, card) = match place % 10 {
        0 => (None, StateName::Approved, Level::Two, None),
        1 => (None, StateName::Level0, Level::One, None),
        2 => (None, StateName::TemporarilyLocked, Level::Two, None),
        3 => (None, StateName::Active, Level::Two, Some(WantedCard::Expiring)),
        4 => (None, StateName::Active, Level::One, Some(WantedCard::Expired)),
        5 => (Some(HolderKind::Child), StateName::Active, Level::One, None),
        6 => (Some(HolderKind::Foreigner), StateName::Active, Level::Two, None),
        7 => (None, StateName::Unregistered, Level::One, None),
        _ => (None, StateName::Active, Level::Two, None),
    };
    let wanted = WantedState { state, level: Some(level), ..WantedState::default() };
    AccountLike::Person { like: Box::new(Like { kind, ..Like::default() }), wanted, card }
}

async fn settle_in(realm: &Realm, place: u16) {
    let now = realm.now();
    let (subject, _) = realm.make_account(&like(place)).await.expect("an account");
    let Subject::Person(person) = subject else { return };
    let number: IdNumber = person.number;
    match place % 10 {
        // Unregistered: asks for level 2, which is approved at the end of the legal time and never activated.
        7 => {
            let phone = person.phone.expect("a phone");
            let application = Application::new(number, RegistrationChannel::Desk, phone);
            realm.register(&application, &[]).await.expect("registered");
        }
        // A card that runs out within the year: a warning, then a lock.
        8 => {
            let day = now.day();
            let expires = Some(day.saturating_add(i64::from(40 + place % 300).days()));
            let card = Card { issued: day.saturating_sub(5.years()), expires, revoked: false };
            let edit = CitizenEdit { card: Some(Some(card)), ..CitizenEdit::default() };
            realm.put_citizen(&number, &edit).await.expect("another card");
        }
        // An agency asks for a lock.
        9 => {
            realm.ask(&number, Ask::Lock, None).await.expect("asked");
        }
        _ => {}
    }
}

/// A year in one go: milliseconds, and the journal.
async fn year() -> (f64, Journal) {
    let clock = ManualClock::at(Timestamp::parse(BEGINS).expect("a moment"));
    let config = Config { seed: Some("year".to_owned()), ..Config::default() };
    let app = App::build(&config, 8080, Arc::new(clock)).await.expect("a simulator");
    let realm = app.flow().realm("default").await.expect("the realm");
    let policy = Policy { review: Review::After, level0_days: 90, ..Policy::default() };
    let realm = realm.set_policy(policy).await.expect("the policy");
    for place in 0..ACCOUNTS {
        settle_in(&realm, place).await;
    }
    let realm = realm.set_clock(ENDS).await.expect("a year later");
    let started = start();
    let happened = realm.run_due().await.expect("settled");
    let millis = started.elapsed().as_secs_f64() * 1_000.0;
    let all = MessageFilter::default();
    let messages = realm.messages(&all, usize::MAX).await.expect("messages");
    (millis, Journal { happened, messages })
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let years: Vec<(f64, Journal)> = (0..ROUNDS).map(|_| runtime.block_on(year())).collect();
    let (best, median) = best_and_median(years.iter().map(|(millis, _)| *millis).collect());
    let first = &years[0].1;
    let same = years.iter().all(|(_, journal)| journal == first);
    say("a year of virtual time over 1,000 accounts, best (median) of 5, ms; the bar is 1,000");
    say(&format!("  {best:>8.1} ({median:>6.1})"));
    let (things, messages) = (first.happened.len(), first.messages.len());
    say(&format!(
        "  {things} things came due, {messages} messages, the same journal every time: {same}"
    ));
    assert!(same, "the same seed gave another journal");
}
