//! Organisations: registered by their legal representative, used through their members (Decree 69/2024 Art. 12).

use crate::{
    clock::Timestamp,
    dice::DrawPurpose as Draw,
    flow::{Error, Realm, holder::people::looks_like_email, invalid, kinds::ActsFor, retry},
    identity::{
        Account, IdNumber, Level, Organisation, Phone, Refused, Subject,
        life::AccountCommand as LifeCommand,
        organisation::{Member, Role},
        registration::{
            Application, Declared, Registration, RegistrationChannel, RegistrationStatus,
            legal_time,
        },
    },
    outbox::{MessagePurpose, templates},
    store::Change,
};

/// What is handed in for an organisation.
#[derive(Debug, Clone)]
pub struct OrganisationApplication {
    /// What is declared of it; the number is made where it is in no database.
    pub declared: Organisation,
    /// Whether `declared.number` names one of a database.
    pub is_known: bool,
    /// In the app, or on paper.
    pub channel: RegistrationChannel,
    /// Who hands it in.
    pub applicant: IdNumber,
    /// Where the result goes besides the applicant's app.
    pub email: Option<String>,
}

impl Realm {
    /// Takes the registration of an organisation in (Decree 69/2024 Art. 12).
    pub async fn register_organisation(
        &self,
        application: &OrganisationApplication,
    ) -> Result<Registration, Error> {
        let now = self.now;
        if application.email.as_ref().is_some_and(|email| !looks_like_email(email)) {
            return Err(invalid("email", "must be an address such as an@example.com"));
        }
        if application.declared.founded > now.day() {
            return Err(invalid("founded", "must not be in the future"));
        }
        let id = self.dice().id(now);
        let drawn = 800_000_000_000 + self.dice().below(Draw::Person, 100_000_000_000);
        retry!(async {
            let now = self.now;
            let representative = self.load_account(&application.applicant).await?;
            let representative = representative.ok_or(Refused::UnknownCitizen)?;
            let level = representative.account.life.may_sign_in(now).ok();
            if application.channel == RegistrationChannel::OrganisationApp
                && level != Some(Level::Two)
            {
                return Err(Refused::RepresentativeLevel.into());
            }
            let mut declared = application.declared.clone();
            let known = if application.is_known {
                let found = self.versioned_organisation(&declared.number).await?.0;
                Some(found.ok_or(Error::Missing("organisation"))?)
            } else {
                let number = IdNumber::parse(&drawn.to_string()).ok();
                declared.number = number.ok_or(Error::Missing("organisation"))?;
                None
            };
            declared.validate()?;
            let organisation = known.clone().unwrap_or_else(|| declared.clone());
            let subject = Subject::from(organisation.clone());
            if let Some(held) = self.load_account(&declared.number).await? {
                crate::flow::holder::register::may_rise(&held.account, application.channel)?;
            }
            let awaiting = match application.channel {
                // Art. 12: sent after the consent of all other legal representatives.
                RegistrationChannel::OrganisationApp => {
                    let others = organisation.co_representatives.iter().copied();
                    others.filter(|other| *other != application.applicant).collect()
                }
                _ => Vec::new(),
            };
            let mut change = self.change();
            self.none_is_open(&mut change, &declared.number).await?;
            if known.is_none() {
                Self::save_organisation(&mut change, None, &organisation, None)?;
            }
            let phone = representative.account.phone.ok_or(Refused::PhoneMismatch)?;
            let dossier = Dossier { application, declared: &declared, subject: &subject, phone };
            let mut registration = begun(&dossier, &id, now);
            registration.awaiting = awaiting;
            self.ask_co_representatives(&mut change, &registration, &subject).await?;
            if known.is_none() {
                // The record must be there before its account is approved.
                change.insert(&id, &registration, None);
                self.note_registration(&mut change, &registration);
                self.commit(change).await?;
                return self.examine_stored(&id, &subject).await;
            }
            self.examine(&mut change, &mut registration, &subject, None).await?;
            change.insert(&id, &registration, None);
            self.note_registration(&mut change, &registration);
            self.commit(change).await?;
            Ok(registration)
        })
    }

    /// Compares a stored registration whose dossier may be complete by now.
    async fn examine_stored(&self, id: &str, subject: &Subject) -> Result<Registration, Error> {
        let found = self.get::<Registration>(id).await?;
        let found = found.ok_or(Error::Missing("registration"))?;
        let mut registration = found.record;
        let mut change = self.change();
        self.examine(&mut change, &mut registration, subject, None).await?;
        change.replace(id, found.version, &registration, None);
        self.note_registration(&mut change, &registration);
        self.commit(change).await?;
        Ok(registration)
    }

    async fn ask_co_representatives(
        &self,
        change: &mut Change,
        registration: &Registration,
        subject: &Subject,
    ) -> Result<(), Error> {
        let text = templates::consent(&subject.unaccented(), "dang ky dinh danh to chuc");
        for other in &registration.awaiting {
            let held = self.load_account(other).await?.ok_or(Refused::UnknownCitizen)?;
            self.notify(change, &held, MessagePurpose::Consent, &text);
        }
        Ok(())
    }

    /// Another legal representative consents, in an app of her own; the last consent completes the dossier.
    pub async fn consent_to_registration(
        &self,
        id: &str,
        who: &IdNumber,
    ) -> Result<Registration, Error> {
        retry!(async {
            let found = self.get::<Registration>(id).await?;
            let found = found.ok_or(Error::Missing("registration"))?;
            let mut registration = found.record;
            if registration.status != RegistrationStatus::Submitted
                || !registration.awaiting.contains(who)
            {
                return Err(Refused::NotRepresentative.into());
            }
            registration.awaiting.retain(|other| other != who);
            let subject = self.subject(&registration.application.number).await?;
            let subject = subject.ok_or(Error::Missing("organisation"))?;
            let mut change = self.change();
            if registration.awaiting.is_empty() {
                self.examine(&mut change, &mut registration, &subject, None).await?;
            }
            change.replace(id, found.version, &registration, None);
            self.note_registration(&mut change, &registration);
            self.commit(change).await?;
            Ok(registration)
        })
    }

    /// The representative activates the organisation's account: nothing to choose, her passcode was the confirmation.
    pub async fn activate_organisation(
        &self,
        number: &IdNumber,
        by: &IdNumber,
    ) -> Result<Account, Error> {
        self.managed(number, by).await?;
        self.move_account(number, LifeCommand::Activate).await
    }

    /// The organisation, if this person manages it.
    async fn managed(&self, number: &IdNumber, by: &IdNumber) -> Result<Organisation, Error> {
        let found = self.versioned_organisation(number).await?.0;
        let organisation = found.ok_or(Error::Missing("organisation"))?;
        match organisation.role_of(by) {
            Some(Role::QuanTri) => Ok(organisation),
            _ => Err(Refused::ManagerRequired.into()),
        }
    }

    /// Who manages an organisation lets somebody act for it, or no longer.
    pub async fn set_member(
        &self,
        number: &IdNumber,
        by: &IdNumber,
        member: &IdNumber,
        role: Option<Role>,
    ) -> Result<Organisation, Error> {
        self.managed(number, by).await?;
        self.known_citizen(member).await?;
        let member = *member;
        let edit = move |organisation: &mut Organisation| {
            organisation.members.retain(|it| it.number != member);
            if let Some(role) = role {
                organisation.members.push(Member { number: member, role });
            }
        };
        let held = self.change_organisation(number, edit).await?;
        match held.subject {
            Subject::Organisation(organisation) => Ok(*organisation),
            Subject::Person(_) => Err(Error::Missing("organisation")),
        }
    }

    /// Puts an organisation into the databases, or changes it there; its account follows.
    pub async fn put_organisation(
        &self,
        organisation: &Organisation,
    ) -> Result<Organisation, Error> {
        let now = self.now;
        organisation.validate()?;
        if organisation.founded > now.day() {
            return Err(invalid("founded", "must not be in the future"));
        }
        self.known_citizen(&organisation.representative).await?;
        retry!(async {
            let (before, version) = self.versioned_organisation(&organisation.number).await?;
            let mut change = self.change();
            Self::save_organisation(&mut change, before.as_ref(), organisation, version)?;
            if let Some(mut held) = self.load_account(&organisation.number).await? {
                held.subject = organisation.clone().into();
                self.follow(&mut change, &mut held)?;
            }
            self.commit(change).await?;
            Ok(organisation.clone())
        })
    }

    /// An organisation as the databases have it.
    pub async fn organisation(&self, number: &IdNumber) -> Result<Organisation, Error> {
        let found = self.versioned_organisation(number).await?.0;
        found.ok_or(Error::Missing("organisation"))
    }

    /// The numbers of the organisations that name somebody.
    pub(crate) async fn organisations_of(&self, person: &IdNumber) -> Result<Vec<IdNumber>, Error> {
        let prefix = format!("{person}\0");
        let stored = self.scan::<ActsFor>(prefix.as_bytes(), None, 100).await?;
        let mut numbers: Vec<IdNumber> = stored.into_iter().map(|(_, it)| it.0).collect();
        numbers.extend(self.flow.fixtures.acts_for.get(person).into_iter().flatten().copied());
        numbers.extend(self.flow.derived_represents(person));
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// The organisations with an active account that somebody may act for, and as what.
    pub async fn acts_for_organisations(
        &self,
        person: &IdNumber,
    ) -> Result<Vec<(Organisation, Role)>, Error> {
        let mut found = Vec::new();
        for number in self.organisations_of(person).await? {
            let Some(held) = self.load_account(&number).await? else { continue };
            if held.account.life.may_sign_in(self.now).is_err() {
                continue;
            }
            if let Subject::Organisation(organisation) = held.subject
                && let Some(role) = organisation.role_of(person)
            {
                found.push((*organisation, role));
            }
        }
        Ok(found)
    }
}

/// What came, what the databases have of it, and the phone of who brought it.
struct Dossier<'a> {
    application: &'a OrganisationApplication,
    declared: &'a Organisation,
    subject: &'a Subject,
    phone: Phone,
}

fn begun(dossier: &Dossier<'_>, id: &str, now: Timestamp) -> Registration {
    let &Dossier { application, declared, subject, phone } = dossier;
    let handed_in = Application {
        email: application.email.clone(),
        declared: Declared {
            organisation: Some(Box::new(declared.clone())),
            ..Declared::default()
        },
        representative: Some(application.applicant),
        ..Application::new(declared.number, application.channel, phone)
    };
    let legal_time = legal_time(subject, application.channel, now.day());
    Registration::submitted(id.to_owned(), handed_in, legal_time, now)
}
