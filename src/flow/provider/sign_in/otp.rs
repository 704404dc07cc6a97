//! The second form: the OTP, and another one on request.

use super::{
    Entrant, FormResult, Next, Ongoing, StepValues, SubmittedForm, authentication, code::Giving,
    page,
};
use crate::{
    flow::{Error, Realm, holder::may_enter::may_enter, retry},
    identity::{Refused, life::AccountCommand, otp},
    oidc::{
        digest::sha256_base64url,
        error::{self, Code},
        interaction::{Interaction, InteractionStep},
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
                challenge.decide(&otp::OtpCommand::Check { code: code.trim().to_owned() }, now);
            let mut change = self.change();
            let mut held = self.load_known_account(&number).await?;
            let before = held.account.clone();
            let command =
                AccountCommand::CheckOtp { correct: answer.is_ok(), lock_until: self.lock_until() };
            // An expired or dead code is no guess; only a wrong one counts against the account.
            let counts = !matches!(answer, Err(Refused::OtpExpired | Refused::OtpAlreadyUsed));
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
                    let who = authentication(&held.account, level, now);
                    self.signed_in(
                        change,
                        Ongoing { id: form.id, found },
                        Entrant { who, held: &held },
                        &turn,
                    )
                    .await
                    .map(Ok)
                }
                Err(refused) => {
                    found.record.step = match refused {
                        Refused::WrongOtp { .. } => {
                            InteractionStep::Otp { number, challenge, epoch }
                        }
                        // Used up or late: back to the first form (product §5).
                        _ => InteractionStep::Password,
                    };
                    change.replace(form.id, found.version, &found.record, Some(found.record.until));
                    self.commit(change).await?;
                    Ok(Err(refused))
                }
            }
        })
    }

    /// A new session for every sign-in: a cookie that was there before is worth nothing (no fixation).
    pub(super) async fn signed_in(
        &self,
        mut change: Change,
        Ongoing { id, mut found }: Ongoing<'_>,
        entrant: Entrant<'_>,
        turn: &StepValues,
    ) -> Result<Next, Error> {
        let now = self.now;
        let who = &entrant.who;
        let request = found.record.request.clone();
        let client = self.asking(&request).await?;
        // OIDC Core §3.1.2.1: somebody else than the hinted holder is an error, not an answer.
        let hinted = self.hinted(&request).unwrap_or_default();
        if hinted.is_some_and(|sub| sub != self.sub_for(&client, &who.subject)) {
            let error = error::Error::new(Code::LoginRequired, "another holder signed in");
            let error = error.by("OIDC Core §3.1.2.1: id_token_hint");
            return self.close(id, &found, &error).await;
        }
        if let Err(error) = request.asserted(who.context_class()) {
            return self.close(id, &found, &error).await;
        }
        let sid = sha256_base64url(format!("sid {}", turn.session));
        let session = Session::begun(sid.clone(), who.clone(), self.lifetimes(), now);
        let until = Some(session.forgotten(self.lifetimes(), now));
        change.insert(sha256_base64url(&turn.session), &session, until);
        self.trace(&request.client_id, "holder signed in");
        found.record.session = Some(sid);
        let due = match self.ask_representative(&mut change, &found.record, &entrant, turn)? {
            Some(step) => Some(step),
            None => self.due(&request, &client, who).await?,
        };
        let answer = if let Some(step) = due {
            found.record.step = step;
            change.replace(id, found.version, &found.record, Some(found.record.until));
            None
        } else {
            change.expect_version::<Interaction>(id, found.version);
            change.delete::<Interaction>(id);
            let sid = found.record.session.as_deref();
            let giving = Giving { request: &request, client: &client, who, sid, code: &turn.code };
            Some(self.give_code(&mut change, giving))
        };
        self.commit(change).await?;
        let session = Some(turn.session.clone());
        Ok(match answer {
            Some(answer) => Next::Portal { answer, session },
            None => Next::Page { id: id.to_owned(), path: found.record.step.path(), session },
        })
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
            change.replace(form.id, found.version, &found.record, Some(found.record.until));
            self.commit(change).await?;
            Ok(answer.map(|()| page(form.id, &found.record)))
        })
    }
}
