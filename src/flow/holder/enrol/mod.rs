//! What a holder does step by step: OTP, password, passcode, two security questions.

mod begin;
mod complete;

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm, base::messages::Draft, retry},
    identity::{
        Account, Refused,
        enrolment::{Enrolment, EnrolmentStep, Goal},
        otp::{self, Challenge},
        secret::Secret,
        secrets::{self, SecurityAnswer},
    },
    oidc::INTERACTION_SECONDS,
    store::{Change, records::Loaded},
};

pub use begin::{ActivationRequest, AppSignIn, Recollection};

/// Where an enrolment stands.
#[derive(Debug, Clone)]
pub struct EnrolmentProgress {
    /// Names it in the next request.
    pub id: String,
    /// What to send next.
    pub next: &'static str,
    /// Goes with the OTP message.
    pub reference: String,
    /// The app's token, once it is signed in.
    pub token: Option<Secret>,
}

fn progress(id: &str, enrolment: &Enrolment) -> EnrolmentProgress {
    let (id, next) = (id.to_owned(), enrolment.step.name());
    EnrolmentProgress { reference: reference(&id), id, next, token: None }
}

/// A short public name of an enrolment for its messages.
fn reference(id: &str) -> String {
    id.chars().rev().take(6).collect()
}

/// What the holder sends for the step that is due.
#[derive(Debug, Clone)]
pub enum EnrolmentInput {
    /// The OTP.
    Otp(Secret),
    /// The password.
    Password(Secret),
    /// The passcode.
    Passcode(Secret),
    /// The security questions.
    Questions(Vec<SecurityAnswer>),
}

impl Realm {
    /// Begins an enrolment: draws its name and OTP, sends the OTP.
    async fn begin(
        &self,
        account: &Account,
        enrolment: impl FnOnce(EnrolmentStep) -> Enrolment + Send,
    ) -> Result<EnrolmentProgress, Error> {
        let now = self.now;
        let (id, code) = (self.dice().token(DrawPurpose::Session), self.dice().otp());
        let enrolment =
            enrolment(EnrolmentStep::Otp { challenge: Challenge::sent(code.clone(), now) });
        let mut change = self.change();
        change.insert(&id, &enrolment, Some(now.plus_seconds(INTERACTION_SECONDS)));
        self.send_enrolment_otp(
            &mut change,
            account,
            &enrolment,
            Draft::otp(&code, &reference(&id)),
        );
        self.commit(change).await?;
        Ok(progress(&id, &enrolment))
    }

    /// The OTP goes to the phone of the enrolment, or appears in the app of the old device.
    fn send_enrolment_otp(
        &self,
        change: &mut Change,
        account: &Account,
        enrolment: &Enrolment,
        draft: Draft,
    ) {
        if enrolment.by_app {
            self.app_notice(change, account, &account.number, draft);
        } else {
            let addressee = Account { phone: Some(enrolment.phone), ..account.clone() };
            self.sms(change, &addressee, draft);
        }
    }

    async fn enrolment(&self, id: &str, goal: Goal) -> Result<Loaded<Enrolment>, Error> {
        let found = self.get::<Enrolment>(id).await?;
        found.filter(|found| found.record.goal == goal).ok_or(Error::Missing("enrolment"))
    }

    /// An enrolment whose OTP is due, and what was sent.
    async fn challenged(
        &self,
        id: &str,
        goal: Goal,
    ) -> Result<(Loaded<Enrolment>, Challenge), Error> {
        let found = self.enrolment(id, goal).await?;
        found.record.expects("otp")?;
        match found.record.step.clone() {
            EnrolmentStep::Otp { challenge } => Ok((found, challenge)),
            _ => Err(Error::Missing("enrolment")),
        }
    }

    /// Another OTP for an enrolment.
    pub async fn resend_enrolment_otp(
        &self,
        id: &str,
        goal: Goal,
    ) -> Result<EnrolmentProgress, Error> {
        let code = self.dice().otp();
        retry!(async {
            let (mut found, challenge) = self.challenged(id, goal).await?;
            let (challenge, answer) =
                challenge.decide(&otp::OtpCommand::Resend { code: code.clone() }, self.now);
            answer?;
            found.record.step = EnrolmentStep::Otp { challenge };
            let account = self.load_known_account(&found.record.number).await?.account;
            let mut change = self.replace_enrolment(id, &found);
            let draft = Draft::otp(&code, &reference(id));
            self.send_enrolment_otp(&mut change, &account, &found.record, draft);
            self.commit(change).await?;
            Ok(progress(id, &found.record))
        })
    }

    fn replace_enrolment(&self, id: &str, found: &Loaded<Enrolment>) -> Change {
        let mut change = self.change();
        let until = self.now.plus_seconds(INTERACTION_SECONDS);
        change.replace(id, found.version, &found.record, Some(until));
        change
    }

    /// Takes the step that is due.
    pub async fn enrol(
        &self,
        id: &str,
        goal: Goal,
        sent: EnrolmentInput,
    ) -> Result<EnrolmentProgress, Error> {
        match sent {
            EnrolmentInput::Otp(code) => {
                let token = self.dice().token(DrawPurpose::Session);
                retry!(async {
                    let (mut found, challenge) = self.challenged(id, goal).await?;
                    let (challenge, answer) = challenge.decide(
                        &otp::OtpCommand::Check { code: code.reveal().to_owned() },
                        self.now,
                    );
                    found.record.step = EnrolmentStep::Otp { challenge };
                    if answer.is_ok() {
                        found.record.advance();
                    }
                    let mut change = self.replace_enrolment(id, &found);
                    let mut done = progress(id, &found.record);
                    if found.record.step == EnrolmentStep::Done {
                        done.token = self
                            .complete(&mut change, &found.record, &token)
                            .await?
                            .map(Secret::from);
                    }
                    // A wrong code costs a try: the new state is kept before the refusal goes out.
                    self.commit(change).await?;
                    answer?;
                    Ok(done)
                })
            }
            EnrolmentInput::Password(password) => {
                self.enrolment(id, goal).await?.record.expects("password")?;
                secrets::check_password(password.reveal()).map_err(Refused::from)?;
                let hash = self.hash(password.reveal()).await?;
                self.enrol_step(id, goal, "password", |e| e.password = Some(hash.clone())).await
            }
            EnrolmentInput::Passcode(passcode) => {
                self.enrolment(id, goal).await?.record.expects("passcode")?;
                secrets::check_passcode(passcode.reveal()).map_err(Refused::from)?;
                let hash = self.hash(passcode.reveal()).await?;
                self.enrol_step(id, goal, "passcode", |e| e.passcode = Some(hash.clone())).await
            }
            EnrolmentInput::Questions(answers) => {
                self.enrolment(id, goal).await?.record.expects("questions")?;
                secrets::check_answers(&answers).map_err(Refused::from)?;
                let mut hashes = Vec::with_capacity(answers.len());
                for answer in &answers {
                    hashes.push((answer.question, self.hash(answer.answer.trim()).await?));
                }
                self.enrol_step(id, goal, "questions", |e| e.questions.clone_from(&hashes)).await
            }
        }
    }

    async fn enrol_step(
        &self,
        id: &str,
        goal: Goal,
        step: &'static str,
        set: impl Fn(&mut Enrolment) + Send + Sync,
    ) -> Result<EnrolmentProgress, Error> {
        retry!(async {
            let mut found = self.enrolment(id, goal).await?;
            found.record.expects(step)?;
            set(&mut found.record);
            found.record.advance();
            let mut change = self.replace_enrolment(id, &found);
            if found.record.step == EnrolmentStep::Done {
                self.complete(&mut change, &found.record, "").await?;
            }
            self.commit(change).await?;
            Ok(progress(id, &found.record))
        })
    }
}
