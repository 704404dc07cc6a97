//! The wallet: papers checked against the databases that own them, integrated, and shown by level.

use std::collections::BTreeMap;

use crate::{
    flow::{
        Error, Realm, base::loaded_account::LoadedAccount, holder::may_enter::may_enter,
        kinds::Dependant, retry,
    },
    identity::{
        Account, Citizen, IdNumber, Level, PaperKind, Papers, Refused,
        registration::{Brought, PaperCheck, Presented},
        services::Service,
    },
};

/// The most dependants that are looked at.
const MOST_DEPENDANTS: usize = 50;

/// A paper and whether it is in the wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalletPaper {
    /// Which paper.
    pub kind: PaperKind,
    /// Whether its owner's database holds it.
    pub known: bool,
    /// Whether it is integrated.
    pub integrated: bool,
}

impl Realm {
    /// What the databases hold of a person, beyond her own record.
    pub fn papers(&self, citizen: &Citizen) -> Papers {
        let derived = || self.flow.country().papers(citizen, self.now.day());
        citizen.papers.clone().unwrap_or_else(derived)
    }

    /// Children under 14 and wards for whom somebody acts.
    pub async fn dependants(&self, number: &IdNumber) -> Result<Vec<Citizen>, Error> {
        let prefix = format!("{number}\0");
        let stored = self.scan::<Dependant>(prefix.as_bytes(), None, MOST_DEPENDANTS).await?;
        let mut numbers: Vec<IdNumber> = stored.into_iter().map(|(_, it)| it.0).collect();
        numbers.extend(self.flow.fixtures.dependants.get(number).into_iter().flatten().copied());
        numbers.extend(self.flow.derived_dependants(number));
        numbers.sort_unstable();
        numbers.dedup();
        let mut dependants = Vec::with_capacity(numbers.len());
        for child in numbers {
            let Some(citizen) = self.citizen(&child).await? else { continue };
            let acts = citizen.kind_on(self.now.day()).is_represented();
            if acts && citizen.representative == Some(*number) {
                dependants.push(citizen);
            }
        }
        Ok(dependants)
    }

    /// Every kind of paper of a person: known to its database, and integrated.
    pub async fn wallet(&self, held: &LoadedAccount) -> Result<Vec<WalletPaper>, Error> {
        let person = held.person()?;
        let papers = self.papers(person);
        let depends = !self.dependants(&person.number).await?.is_empty();
        let kept = |kind: PaperKind| {
            let known = match kind {
                PaperKind::Card => person.card.is_some(),
                PaperKind::Residence => true,
                PaperKind::Dependants => depends,
                other => papers.has(other),
            };
            let integrated = known && is_integrated(&held.account, kind);
            WalletPaper { kind, known, integrated }
        };
        Ok(PaperKind::ALL.iter().copied().map(kept).collect())
    }

    /// Whether papers brought along are what their databases hold.
    pub(crate) fn compare_papers(&self, brought: &[Brought], citizen: &Citizen) -> Vec<Presented> {
        if brought.is_empty() {
            return Vec::new();
        }
        let papers = self.papers(citizen);
        let compare = |brought: &Brought| Presented {
            kind: brought.kind,
            number: brought.number.clone(),
            outcome: outcome(&papers, citizen, brought.kind, brought.number.as_deref()),
        };
        brought.iter().map(compare).collect()
    }

    /// The holder integrates a paper in the app: level 2, and only what its database holds.
    pub async fn integrate(
        &self,
        number: &IdNumber,
        kind: PaperKind,
        printed: Option<&str>,
    ) -> Result<Account, Error> {
        retry!(async {
            let now = self.now;
            let mut held = self.load_known_account(number).await?;
            self.may_use(&held, service_of(kind))?;
            let person = held.person()?;
            let papers = self.papers(person);
            match outcome(&papers, person, kind, printed) {
                PaperCheck::Verified => {}
                PaperCheck::Mismatch => return Err(Refused::PaperMismatch { kind }.into()),
                PaperCheck::Unknown => return Err(Refused::PaperUnknown { kind }.into()),
            }
            if held.account.wallet.is_none() {
                let kept = self.wallet(&held).await?;
                let kinds = kept.into_iter().filter(|it| it.integrated);
                held.account.wallet =
                    Some(kinds.map(|it| (it.kind, now)).collect::<BTreeMap<_, _>>());
            }
            held.account.wallet.get_or_insert_default().entry(kind).or_insert(now);
            let mut change = self.change();
            self.save(&mut change, &mut held);
            self.commit(change).await?;
            Ok(held.account)
        })
    }

    /// Whether the holder's level opens a service (facts §5.4).
    pub fn may_use(&self, held: &LoadedAccount, service: Service) -> Result<Level, Error> {
        let level = may_enter(held, self.now)?;
        service.open_to(level)?;
        Ok(level)
    }
}

/// The service that shows a paper; the tax code belongs to the level-2 account as a whole.
pub fn service_of(kind: PaperKind) -> Service {
    let shows = |service: &Service| service.papers().contains(&kind);
    Service::ALL.iter().copied().find(shows).unwrap_or(Service::Card)
}

/// What comes from the population and ID-card databases needs no integration; other papers are integrated one by one.
pub fn is_integrated(account: &Account, kind: PaperKind) -> bool {
    let own = matches!(kind, PaperKind::Card | PaperKind::Residence | PaperKind::Dependants);
    own || account.wallet.as_ref().is_none_or(|wallet| wallet.contains_key(&kind))
}

fn outcome(
    papers: &Papers,
    citizen: &Citizen,
    kind: PaperKind,
    printed: Option<&str>,
) -> PaperCheck {
    let (known, number) = match kind {
        PaperKind::Card => (citizen.card.is_some(), Some(citizen.number.as_str())),
        PaperKind::Residence | PaperKind::Dependants => (true, None),
        other => (papers.has(other), papers.number(other)),
    };
    match (known, printed, number) {
        (false, _, _) => PaperCheck::Unknown,
        (true, Some(printed), Some(number)) if printed != number => PaperCheck::Mismatch,
        (true, _, _) => PaperCheck::Verified,
    }
}
