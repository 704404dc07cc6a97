//! The second form: the OTP, and another one on request.

use super::{
    Entrant, FormResult, Next, Ongoing, StepValues, SubmittedForm, authentication, code::Giving,
    page,
};
use crate::{
    flow::{Error, Realm, holder::may_enter::may_enter, kinds::SessionOf, retry},
    identity::{Refused, life::AccountCommand, otp},
    oidc::{
        digest::sha256_base64url,
        error::{self, Code},
        interaction::InteractionStep,
        session::Session,
    },
    store::Change,
};

impl Realm {
    /// The second form: the OTP.
    pub async fn enter_otp(
        &self,
        form: SubmittedForm<'_>,
        code: &str,
    ) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
            let now = self.now;
            let mut found = self.posted(form).await?;
            let InteractionStep::Otp { number, challenge, epoch } = found.record.step.clone()
            else {
                return Err(Error::StaleForm);
            };
            let (challenge, answer) =
                challenge.decide(&otp::OtpCommand::Check { code: code.to_owned() }, now);
            let mut change = self.change();
            let mut held = self.load_known_account(&number).await?;
            let before = held.account.clone();
            let command =
                AccountCommand::CheckOtp { correct: answer.is_ok(), lock_until: self.lock_until() };
            // An expired or dead code is no guess, nor is what is no code; only a wrong one counts against the account.
            let counts = !matches!(
                answer,
                Err(Refused::OtpExpired | Refused::OtpAlreadyUsed | Refused::OtpMalformed)
            );
            let counted = if counts { held.decide(command, now).map(|_| ()) } else { Ok(()) };
            if held.account != before {
                self.save(&mut change, &mut held);
            }
            let same = if held.account.epoch == epoch { Ok(()) } else { Err(Refused::SignInEnded) };
            let entered = |()| may_enter(&held, now);
            let answer =
                counted.and(answer).and_then(entered).and_then(|level| same.map(|()| level));
            found.record.form.clone_from(&turn.form);
            match answer {
                Ok(level) => {
                    let who = authentication(&held.account, level, self.stamp());
                    let entrant = Entrant { who, held: &held };
                    self.signed_in(change, Ongoing { form, found }, entrant, &turn).await
                }
                Err(refused) => {
                    found.record.step = match refused {
                        Refused::WrongOtp { .. } | Refused::OtpMalformed => {
                            InteractionStep::Otp { number, challenge, epoch }
                        }
                        // Used up or late: back to the first form (product §5).
                        _ => InteractionStep::Password,
                    };
                    self.settle(change, Ongoing { form, found }, Err(refused)).await
                }
            }
        })
    }

    /// A new session for every sign-in: a cookie that was there before is worth nothing (no fixation).
    pub(super) async fn signed_in(
        &self,
        mut change: Change,
        Ongoing { form, mut found }: Ongoing<'_>,
        entrant: Entrant<'_>,
        turn: &StepValues,
    ) -> Result<FormResult, Error> {
        let now = self.now;
        let who = &entrant.who;
        let request = found.record.request.clone();
        let client = self.asking(&request).await?;
        // OIDC Core §3.1.2.1: somebody else than the hinted holder is an error, not an answer.
        let hinted = self.hinted(&request).unwrap_or_default();
        if hinted.is_some_and(|sub| sub != self.sub_for(&client, &who.subject)) {
            let error = error::Error::new(Code::LoginRequired, "another holder signed in");
            let error = error.by("OIDC Core §3.1.2.1: id_token_hint");
            let error = error.expecting("the holder whom id_token_hint or claims name");
            return self.close(Ongoing { form, found }, &error).await;
        }
        if let Err(error) = request.asserted(who.context_class()) {
            return self.close(Ongoing { form, found }, &error).await;
        }
        let sid = sha256_base64url(format!("sid {}", turn.session));
        let session = Session::begun(sid.clone(), who.clone(), self.lifetimes(), now);
        let until = Some(session.forgotten(self.lifetimes(), now));
        change.insert(sha256_base64url(&turn.session), &session, until);
        let own = SessionOf { sid: sid.clone(), epoch: who.epoch };
        change.put(format!("{}\0{sid}", who.number), &own, Some(session.until));
        self.trace(&request.client_id, "holder signed in");
        found.record.session = Some(sid);
        let due = match self.ask_representative(&mut change, &found.record, &entrant, turn)? {
            Some(step) => Some(step),
            None => self.due(&request, &client, who).await?,
        };
        let session = Some(turn.session.clone());
        let next = if let Some(step) = due {
            let path = step.path().into();
            found.record.step = step;
            Next::Page { id: form.id.to_owned(), path, session }
        } else {
            let sid = found.record.session.as_deref();
            let giving = Giving { request: &request, client: &client, who, sid, code: &turn.code };
            Next::Portal { answer: self.give_code(&mut change, giving), session }
        };
        self.settle(change, Ongoing { form, found }, Ok(next)).await
    }

    /// Another OTP, 60 seconds after the last.
    pub async fn resend_otp(&self, form: SubmittedForm<'_>) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
            let now = self.now;
            let mut found = self.posted(form).await?;
            let InteractionStep::Otp { number, challenge, epoch } = found.record.step.clone()
            else {
                return Err(Error::StaleForm);
            };
            let command = otp::OtpCommand::Resend { code: turn.otp.clone() };
            let (challenge, answer) = challenge.decide(&command, now);
            found.record.form.clone_from(&turn.form);
            found.record.step = InteractionStep::Otp { number, challenge, epoch };
            let mut change = self.change();
            if answer.is_ok() {
                let account = self.load_known_account(&number).await?.account;
                self.send_otp(&mut change, &account, &turn.otp, &found.record.reference);
            }
            let answer = answer.map(|()| page(form.id, &found.record));
            self.settle(change, Ongoing { form, found }, answer).await
        })
    }
}
