//! "Give me an account like this": somebody nobody has used yet, found in the derivation, brought into the wanted state.

use jiff::ToSpan as _;

use crate::{
    clock::Timestamp,
    dice::DrawPurpose,
    flow::{
        Error, Realm,
        base::loaded_account::LoadedAccount,
        holder::{accounts::agree, follow_databases::save_citizen},
        invalid,
    },
    identity::{
        Account, Card, Citizen, HolderKind, IdNumber, Level, Refused, Subject,
        province::{BirthProvince, Province},
        wanted::{StateName, WantedCard, WantedState},
    },
    population::{Found, Situation, situations},
};

pub use crate::population::{Like, OrganisationLike, SituationSubject};

/// How many people are tried who turn out to be used already.
const TRIES: u32 = 64;

/// "An account like this"; what is left out does not matter.
#[derive(Debug, Clone)]
pub enum AccountLike {
    /// A person with these attributes, brought into this state, with this card.
    Person {
        /// Who; the account's own conditions are left out, since it is brought into its state.
        like: Box<Like>,
        /// State, level and lock reason.
        wanted: WantedState,
        /// The card.
        card: Option<WantedCard>,
    },
    /// An organisation, and a representative who can sign in for it.
    Organisation {
        /// Which.
        like: OrganisationLike,
        /// State and lock reason.
        wanted: WantedState,
    },
}

impl Default for AccountLike {
    /// A citizen with an active account of level 2.
    fn default() -> Self {
        Self::Person { like: Box::default(), wanted: WantedState::default(), card: None }
    }
}

impl AccountLike {
    /// What a named situation looks for.
    pub fn wish_of(name: &str) -> Option<SituationSubject> {
        Situation::by_name(name).map(|situation| (situation.wish)())
    }

    /// One of the named situations.
    pub fn situation(name: &str) -> Option<Self> {
        let situation = Situation::by_name(name)?;
        Some(match (situation.wish)() {
            SituationSubject::Person(like) => {
                let wanted = WantedState {
                    state: like.state.unwrap_or_default(),
                    level: like.level.and_then(|level| Level::try_from(level).ok()),
                    reason: like.reason,
                    upgrade_approved: like.upgrade_approved.unwrap_or_default(),
                };
                Self::Person { card: like.card, like, wanted }
            }
            SituationSubject::Organisation(like) => {
                let wanted = WantedState {
                    state: like.state.unwrap_or_default(),
                    reason: like.reason,
                    ..WantedState::default()
                };
                Self::Organisation { like, wanted }
            }
        })
    }
}

/// What a search over the derivation says: nothing is stored for it.
#[derive(Debug, Clone)]
pub enum SearchResult {
    /// This person or organisation.
    Number(IdNumber),
    /// Nobody who fits.
    Nobody {
        /// How many were looked at one by one.
        looked_at: u64,
        /// Whether that was everyone who comes into question.
        everyone: bool,
    },
}

impl Realm {
    /// The named situations: name and story.
    pub fn situations() -> impl Iterator<Item = (&'static str, &'static str)> {
        situations().iter().map(|situation| (situation.name, situation.story))
    }

    /// The `pick`-th of those who are like this and as they began; those who were changed since are passed over.
    pub async fn seek(&self, like: &SituationSubject, pick: u64) -> Result<SearchResult, Error> {
        check(like)?;
        let country = self.flow.country();
        for step in 0..u64::from(TRIES) {
            let pick = pick.wrapping_add(step);
            let found = match like {
                SituationSubject::Person(like) => country.search(like, self.now.day(), pick),
                SituationSubject::Organisation(like) => country.search_organisations(like, pick),
            };
            let number = match found {
                Found::Person(index) => country.number_at(index),
                Found::Organisation(index) => country.organisation_number(index),
                Found::Nobody { looked_at, everyone } => {
                    return Ok(SearchResult::Nobody { looked_at, everyone });
                }
            };
            let Some(number) = number else { continue };
            if self.is_untouched(&number).await? {
                return Ok(SearchResult::Number(number));
            }
        }
        Ok(SearchResult::Nobody { looked_at: TRIES.into(), everyone: false })
    }

    async fn is_untouched(&self, number: &IdNumber) -> Result<bool, Error> {
        let named = self.flow.fixtures.people.contains_key(number)
            || self.flow.fixtures.organisations.contains_key(number);
        if named {
            return Ok(false);
        }
        let changed = if number.is_organisation() {
            self.versioned_organisation(number).await?.1.is_some()
        } else {
            self.versioned_citizen(number).await?.1.is_some()
        };
        let stored = self.get::<Account>(number.as_str()).await?;
        Ok(!changed && stored.is_none())
    }

    /// Somebody nobody has used yet, brought into the wanted state.
    pub async fn make_account(&self, like: &AccountLike) -> Result<(Subject, Account), Error> {
        let wish = match like {
            AccountLike::Person { like, card, .. } => SituationSubject::Person(Box::new(Like {
                level: None,
                state: None,
                reason: None,
                upgrade_approved: None,
                card: if card.is_none() && like.kind.is_none() {
                    Some(WantedCard::Valid)
                } else {
                    None
                },
                // “Cá nhân / Tổ chức” would be a page that nobody expects.
                represents_organisation: Some(like.represents_organisation.unwrap_or_default()),
                ..Like::clone(like)
            })),
            AccountLike::Organisation { like, .. } => {
                let (state, reason) = (None, None);
                SituationSubject::Organisation(OrganisationLike { state, reason, ..like.clone() })
            }
        };
        for _ in 0..TRIES {
            let pick = u64::from_be_bytes(self.dice().bytes::<8>(DrawPurpose::Person));
            let number = match self.seek(&wish, pick).await? {
                SearchResult::Number(number) => number,
                SearchResult::Nobody { .. } => return Err(Error::Missing("person like this")),
            };
            let held = self.load_known_account(&number).await?;
            if held.version.is_some() || held.subject_version.is_some() {
                continue;
            }
            match self.shape(like, held).await {
                // Somebody else was quicker, or has the phone by now.
                Err(
                    Error::Store(crate::store::Error::Conflict)
                    | Error::Refused(Refused::PhoneTaken),
                ) => {}
                made => return made,
            }
        }
        Err(Error::Missing("person like this"))
    }

    async fn shape(
        &self,
        like: &AccountLike,
        mut held: LoadedAccount,
    ) -> Result<(Subject, Account), Error> {
        let now = self.now;
        let mut change = self.change();
        let wanted = match like {
            AccountLike::Person { wanted, card, .. } => {
                let mut citizen = held.person()?.clone();
                if citizen.foreign.is_some() && card.is_some_and(|card| card != WantedCard::None) {
                    return Err(invalid("card", "is for citizens only"));
                }
                agree(&mut citizen, *wanted, self.record.policy.regime, now);
                equip(&mut citizen, *card, *wanted, now);
                if citizen != *held.person()? {
                    save_citizen(&mut change, &citizen, held.subject_version);
                    held.subject = citizen.into();
                    held.who = self.who(&held.subject);
                }
                wanted
            }
            AccountLike::Organisation { wanted, .. } => {
                self.shape_organisation(&mut change, &mut held, *wanted).await?;
                wanted
            }
        };
        let level = wanted.level_for(held.who.kind);
        held.who.kind.may_have(level, held.who.regime)?;
        let reason = wanted.reason.filter(|_| wanted.state == StateName::Locked);
        if let Some(reason) = reason.filter(|reason| !reason.applies_to(held.who)) {
            return Err(Refused::GroundNotForHolder { holder: held.who.kind, reason }.into());
        }
        let wanted = WantedState { level: Some(level), ..*wanted };
        self.bring_into(&mut change, &mut held, wanted).await?;
        let signs_in = wanted.state != StateName::Unregistered;
        let person = held.subject.person().filter(|_| signs_in && held.account.phone.is_none());
        if let Some(own) = person.map(|person| person.phone)
            && let Some(phone) = self.phone_for(&held, own).await?
        {
            self.move_phone(&mut change, &mut held, phone).await?;
        }
        self.save(&mut change, &mut held);
        self.commit(change).await?;
        Ok((held.subject, held.account))
    }

    /// The databases agree with the wanted state, and the representative can sign in.
    async fn shape_organisation(
        &self,
        change: &mut crate::store::Change,
        held: &mut LoadedAccount,
        wanted: WantedState,
    ) -> Result<(), Error> {
        use crate::identity::lock::LockReason::Dissolved;
        let now = self.now;
        let Subject::Organisation(before) = held.subject.clone() else {
            return Err(Error::Missing("organisation"));
        };
        let mut after = *before.clone();
        let dissolved = wanted.state == StateName::Locked && wanted.reason == Some(Dissolved);
        after.dissolved = dissolved.then(|| now.day());
        if after != *before {
            let version = held.subject_version;
            Self::save_organisation(change, Some(&before), &after, version)?;
            held.subject = after.into();
        }
        let mut representative = self.load_known_account(&before.representative).await?;
        if representative.account.life.may_sign_in(now) != Ok(Level::Two) {
            let able = WantedState { level: Some(Level::Two), ..WantedState::default() };
            let mut citizen = representative.person()?.clone();
            agree(&mut citizen, able, self.record.policy.regime, now);
            equip(&mut citizen, None, able, now);
            save_citizen(change, &citizen, representative.subject_version);
            representative.subject = citizen.clone().into();
            self.bring_into(change, &mut representative, able).await?;
            if let (None, Some(phone)) = (representative.account.phone, citizen.phone) {
                self.move_phone(change, &mut representative, phone).await?;
            }
            self.save(change, &mut representative);
        }
        Ok(())
    }
}

/// The wanted card; without a wish, whoever has an account has a card.
fn equip(citizen: &mut Citizen, card: Option<WantedCard>, wanted: WantedState, now: Timestamp) {
    let today = now.day();
    let issued =
        citizen.card.as_ref().map_or_else(|| today.saturating_sub(1.year()), |card| card.issued);
    let until = |days: i64| Some(today.saturating_add(days.days()));
    let made = |expires, revoked| Some(Card { issued, expires, revoked });
    citizen.card = match card {
        Some(WantedCard::Valid) => made(until(3650), false),
        Some(WantedCard::Expiring) => made(until(20), false),
        Some(WantedCard::Expired) => {
            let expires = until(-1);
            Some(Card {
                issued: issued.min(today.saturating_sub(2.days())),
                expires,
                revoked: false,
            })
        }
        Some(WantedCard::Lost) => made(until(3650), true),
        Some(WantedCard::None) => None,
        None if wanted.state == StateName::Unregistered || citizen.foreign.is_some() => {
            citizen.card.take()
        }
        None => {
            Some(citizen.card.take().unwrap_or_else(|| Card::issued_on(today, citizen.birth_date)))
        }
    };
}

fn check(like: &SituationSubject) -> Result<(), Error> {
    let province = match like {
        SituationSubject::Person(like) => like.province,
        SituationSubject::Organisation(like) => like.province,
    };
    if province.is_some_and(|code| Province::by_code(code).is_none()) {
        return Err(invalid("province", "must be one of the 34 current two-digit codes"));
    }
    let SituationSubject::Person(like) = like else { return Ok(()) };
    if like.birth_province.is_some_and(|code| BirthProvince::by_code(code).is_none()) {
        return Err(invalid("birth_province", "must be one of the 63 codes of the ID-number list"));
    }
    if like.ages.as_ref().is_some_and(|ages| *ages.end() > 120) {
        return Err(invalid("age", "must be 0 to 120"));
    }
    let grown = matches!(like.meant(), HolderKind::Citizen | HolderKind::Ward);
    if grown && like.ages.as_ref().is_some_and(|ages| *ages.end() < 14) {
        return Err(invalid("age", "must be 14 to 120; with kind child it is 6 to 13"));
    }
    Ok(())
}
