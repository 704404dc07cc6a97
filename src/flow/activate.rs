//! A holder makes the account her own, step by step: OTP, password, passcode, two security questions.

use super::{Error, Realm, retry};
use crate::{
    clock::Timestamp,
    dice::Purpose,
    identity::{
        Account, IdNumber, Password, Phone, Refused,
        enrolment::{Enrolment, Goal, Step},
        life::{self, State},
        otp::{self, Challenge},
        secrets::{self, Answer},
    },
    oidc::interaction::INTERACTION_SECONDS,
    store::{Change, records::Loaded},
};

/// Where an enrolment stands.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Names it in the next request.
    pub id: String,
    /// What to send next.
    pub next: &'static str,
    /// Goes with the OTP message.
    pub reference: String,
}

fn progress(id: &str, enrolment: &Enrolment) -> Progress {
    Progress { id: id.to_owned(), next: enrolment.step.name(), reference: reference(id) }
}

/// A short public name of an enrolment for its messages.
fn reference(id: &str) -> String {
    id.chars().rev().take(6).collect()
}

/// What the holder sends for the step that is due.
#[derive(Debug, Clone)]
pub enum Sent {
    /// The OTP.
    Otp(String),
    /// The password.
    Password(String),
    /// The passcode.
    Passcode(String),
    /// The security questions.
    Questions(Vec<Answer>),
}

impl Realm {
    /// The app account of level 0: ID number and phone, then OTP and password (facts §5.1).
    pub async fn begin_level0(
        &self,
        number: &IdNumber,
        phone: &Phone,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        let citizen = self.citizen(number, now).await?.ok_or(Refused::UnknownCitizen)?;
        if citizen.age_on(now.day()) < 14 {
            return Err(Refused::RepresentativeRequired.into());
        }
        let mut account = self.known_held(number, now).await?.account;
        account.clone().decide(life::Command::OpenLevel0, now)?;
        if self.holder_of(phone, now).await?.is_some_and(|holder| holder != *number) {
            return Err(Refused::PhoneTaken.into());
        }
        account.phone = Some(*phone);
        self.begin(&account, Goal::Level0, now).await
    }

    /// Activation: ID number and phone, then the documented branches (facts §5.1).
    pub async fn begin_activation(
        &self,
        number: &IdNumber,
        phone: &Phone,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        // An unknown number and an unregistered one are not told apart.
        let held = self.held(number, now).await?.ok_or(Refused::RegistrationRequired)?;
        let account = held.account;
        if matches!(account.life.state, State::Unregistered) {
            return Err(Refused::RegistrationRequired.into());
        }
        if account.phone != Some(*phone) {
            return Err(Refused::PhoneMismatch.into());
        }
        account.clone().decide(life::Command::Activate, now)?;
        self.begin(&account, Goal::Activation, now).await
    }

    async fn begin(
        &self,
        account: &Account,
        goal: Goal,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        let (id, code) = (self.dice().token(Purpose::Session), self.dice().otp());
        let Some(phone) = account.phone else { return Err(Refused::PhoneMismatch.into()) };
        let enrolment = Enrolment {
            number: account.number,
            phone,
            goal,
            has_password: account.password != Password::None,
            step: Step::Otp { challenge: Challenge::sent(code.clone(), now) },
            password: None,
            passcode: None,
            questions: Vec::new(),
        };
        let mut change = self.change(now);
        change.insert(&id, &enrolment, Some(now.plus_seconds(INTERACTION_SECONDS)));
        self.send_otp(&mut change, account, (&code, &reference(&id)), now);
        self.commit(change).await?;
        Ok(progress(&id, &enrolment))
    }

    async fn enrolment(
        &self,
        id: &str,
        goal: Goal,
        now: Timestamp,
    ) -> Result<Loaded<Enrolment>, Error> {
        let found = self.store().get::<Enrolment>(self.id(), id, now).await?;
        found.filter(|found| found.record.goal == goal).ok_or(Error::Missing("enrolment"))
    }

    /// Another OTP for an enrolment.
    pub async fn resend_enrolment_otp(
        &self,
        id: &str,
        goal: Goal,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        let code = self.dice().otp();
        retry!(self.try_resend_enrolment(id, goal, &code, now).await)
    }

    async fn try_resend_enrolment(
        &self,
        id: &str,
        goal: Goal,
        code: &str,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        let mut found = self.enrolment(id, goal, now).await?;
        found.record.expects("otp")?;
        let Step::Otp { challenge } = found.record.step.clone() else {
            return Err(Error::Missing("enrolment"));
        };
        let (challenge, answer) =
            challenge.decide(&otp::Command::Resend { code: code.to_owned() }, now);
        answer?;
        found.record.step = Step::Otp { challenge };
        let addressee = Account {
            phone: Some(found.record.phone),
            ..self.known_held(&found.record.number, now).await?.account
        };
        let mut change = self.replace_enrolment(id, &found, now);
        self.send_otp(&mut change, &addressee, (code, &reference(id)), now);
        self.commit(change).await?;
        Ok(progress(id, &found.record))
    }

    fn replace_enrolment(&self, id: &str, found: &Loaded<Enrolment>, now: Timestamp) -> Change {
        let mut change = self.change(now);
        let until = now.plus_seconds(INTERACTION_SECONDS);
        change.replace(id, found.version, &found.record, Some(until));
        change
    }

    /// Takes the step that is due.
    pub async fn enrol(
        &self,
        id: &str,
        goal: Goal,
        sent: Sent,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        match sent {
            Sent::Otp(code) => retry!(self.try_enrol_otp(id, goal, &code, now).await),
            Sent::Password(password) => {
                self.enrolment(id, goal, now).await?.record.expects("password")?;
                secrets::check_password(&password)?;
                let hash = self.hash(&password).await?;
                retry!(
                    self.try_enrol(id, goal, "password", |e| e.password = Some(hash.clone()), now)
                        .await
                )
            }
            Sent::Passcode(passcode) => {
                self.enrolment(id, goal, now).await?.record.expects("passcode")?;
                secrets::check_passcode(&passcode)?;
                let hash = self.hash(&passcode).await?;
                retry!(
                    self.try_enrol(id, goal, "passcode", |e| e.passcode = Some(hash.clone()), now)
                        .await
                )
            }
            Sent::Questions(answers) => {
                self.enrolment(id, goal, now).await?.record.expects("questions")?;
                secrets::check_answers(&answers)?;
                let mut hashes = Vec::with_capacity(answers.len());
                for answer in &answers {
                    hashes.push((answer.question, self.hash(answer.answer.trim()).await?));
                }
                retry!(
                    self.try_enrol(id, goal, "questions", |e| e.questions.clone_from(&hashes), now)
                        .await
                )
            }
        }
    }

    async fn try_enrol_otp(
        &self,
        id: &str,
        goal: Goal,
        code: &str,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        let mut found = self.enrolment(id, goal, now).await?;
        found.record.expects("otp")?;
        let Step::Otp { challenge } = found.record.step.clone() else {
            return Err(Error::Missing("enrolment"));
        };
        let (challenge, answer) =
            challenge.decide(&otp::Command::Check { code: code.to_owned() }, now);
        found.record.step = Step::Otp { challenge };
        if answer.is_ok() {
            found.record.advance();
        }
        // A wrong code costs a try: the new state is kept before the refusal goes out.
        self.commit(self.replace_enrolment(id, &found, now)).await?;
        answer?;
        Ok(progress(id, &found.record))
    }

    async fn try_enrol(
        &self,
        id: &str,
        goal: Goal,
        step: &'static str,
        set: impl Fn(&mut Enrolment) + Send + Sync,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        let mut found = self.enrolment(id, goal, now).await?;
        found.record.expects(step)?;
        set(&mut found.record);
        found.record.advance();
        let mut change = self.replace_enrolment(id, &found, now);
        if found.record.step == Step::Done {
            self.complete(&mut change, &found.record, now).await?;
        }
        self.commit(change).await?;
        Ok(progress(id, &found.record))
    }

    /// The last step: the account takes over what was chosen.
    async fn complete(
        &self,
        change: &mut Change,
        enrolment: &Enrolment,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut held = self.known_held(&enrolment.number, now).await?;
        let citizen = self.known_citizen(&enrolment.number, now).await?;
        // The OTP went to the phone of the beginning; it proves nothing about another.
        if enrolment.goal == Goal::Activation && held.account.phone != Some(enrolment.phone) {
            return Err(Refused::PhoneMismatch.into());
        }
        let command = match enrolment.goal {
            Goal::Level0 => life::Command::OpenLevel0,
            Goal::Activation => life::Command::Activate,
        };
        let effects = held.account.decide(command, now)?;
        self.move_phone(change, &mut held.account, enrolment.phone, now).await?;
        if let Some(hash) = &enrolment.password {
            held.account.password = Password::Hash(hash.clone());
        }
        if enrolment.passcode.is_some() {
            held.account.passcode.clone_from(&enrolment.passcode);
            held.account.questions.clone_from(&enrolment.questions);
        }
        held.save(change);
        self.carry_out(change, (&citizen, &held.account), &effects, now);
        Ok(())
    }
}
