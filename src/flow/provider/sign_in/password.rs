//! The first form: ID number and password.

use super::{FormResult, Ongoing, StepValues, SubmittedForm, page};
use crate::{
    flow::{Error, Realm, holder::may_enter::may_enter, kinds::Stranger, retry},
    identity::{
        IdNumber, Level, Refused, Who,
        life::{AccountCommand, AccountState, Life, Standing},
        otp::Challenge,
    },
    oidc::{
        digest::sha256_base64url,
        interaction::{Interaction, InteractionStep},
    },
    store::Change,
};

/// What a number that nobody has pretends to be.
const STRANGERS: Standing = Standing::Active { level: Level::One, upgrade: None };

/// What the first form says.
struct Typed<'a> {
    number: IdNumber,
    password: &'a str,
}

impl Realm {
    /// The first form: ID number and password.
    pub async fn enter_password(
        &self,
        form: SubmittedForm<'_>,
        username: &str,
        password: &str,
    ) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
            let mut found = self.posted(form).await?;
            if found.record.step != InteractionStep::Password {
                return Err(Error::StaleForm);
            }
            found.record.form.clone_from(&turn.form);
            let mut change = self.change();
            let answer = if let Ok(number) = IdNumber::typed(username) {
                let typed = Typed { number, password };
                self.check_typed(&mut change, typed, &mut found.record, &turn).await?
            } else {
                // Nobody's number could look like this: it tells nothing, and costs nothing.
                Err(Refused::NumberMalformed)
            };
            let answer = answer.map(|()| page(form.id, &found.record));
            self.settle(change, Ongoing { form, found }, answer).await
        })
    }

    async fn check_typed(
        &self,
        change: &mut Change,
        Typed { number, password }: Typed<'_>,
        interaction: &mut Interaction,
        turn: &StepValues,
    ) -> Result<Result<(), Refused>, Error> {
        let now = self.now;
        let held = self.load_account(&number).await?;
        // An organisation has no password of its own: it answers like a number that nobody has.
        let Some(mut held) = held.filter(|held| held.subject.person().is_some()) else {
            self.is_password(password, None).await?;
            return self.stranger(change, number.as_str()).await;
        };
        let correct = self.is_password(password, Some((held.person()?, &held.account))).await?;
        let before = held.account.clone();
        let command = AccountCommand::CheckPassword { correct, lock_until: self.lock_until() };
        let answer = held.decide(command, now);
        if held.account != before {
            self.save(change, &mut held);
        }
        let answer = answer.and_then(|_| may_enter(&held, now));
        if answer.is_ok() {
            let challenge = Challenge::sent(turn.otp.clone(), now);
            let epoch = held.account.epoch;
            interaction.step = InteractionStep::Otp { number, challenge, epoch };
            self.send_otp(change, &held.account, &turn.otp, &interaction.reference);
        }
        Ok(answer.map(|_| ()))
    }

    /// Nobody's number answers like anybody's, tries and temporary lock included (no enumeration).
    async fn stranger(
        &self,
        change: &mut Change,
        username: &str,
    ) -> Result<Result<(), Refused>, Error> {
        let now = self.now;
        let name = sha256_base64url(username);
        let found = self.get::<Stranger>(&name).await?;
        let unlocked = || Life::new(AccountState::Open(STRANGERS));
        let life = found.as_ref().map_or_else(unlocked, |found| found.record.0);
        let lock_until = self.lock_until();
        let (life, answer) = life.decide(
            AccountCommand::CheckPassword { correct: false, lock_until },
            Who::CITIZEN,
            now,
        );
        let until = Some(now.plus_seconds(24 * 3600).max(lock_until));
        change.write_over(&name, found.map(|found| found.version), &Stranger(life), until);
        Ok(answer.map(|_| ()))
    }
}
