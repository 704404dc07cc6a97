//! The first form: ID number and password.

use super::{Answer, Form, Turn, may_enter, page};
use crate::{
    clock::Timestamp,
    flow::{Error, Realm, retry},
    identity::{
        IdNumber, Level, Refused, Who,
        life::{Command, Life, Standing, State},
        otp::Challenge,
    },
    oidc::{
        digest::sha256_base64url,
        interaction::{Interaction, Step},
    },
    store::{Change, kinds::Stranger},
};

/// What a number that nobody has pretends to be.
const STRANGERS: Standing = Standing::Active { level: Level::One, upgrade: None };

impl Realm {
    /// The first form: ID number and password.
    pub async fn enter_password(
        &self,
        form: Form<'_>,
        (username, password): (&str, &str),
        now: Timestamp,
    ) -> Result<Answer, Error> {
        let turn = self.turn(now);
        retry!(self.try_password(form, (username, password), &turn).await)
    }

    async fn try_password(
        &self,
        form: Form<'_>,
        (username, password): (&str, &str),
        turn: &Turn,
    ) -> Result<Answer, Error> {
        let now = turn.now;
        let mut found = self.posted(form, now).await?;
        if found.record.step != Step::Password {
            return Err(Error::StaleForm);
        }
        found.record.form.clone_from(&turn.form);
        let mut change = self.change(now);
        let number = IdNumber::parse(username.trim()).ok();
        let answer = if let Some(number) = number {
            self.password_of(&mut change, &number, password, &mut found.record, turn).await?
        } else {
            self.is_password(password, None).await?;
            self.stranger(&mut change, username, now).await?
        };
        change.replace(form.id, found.version, &found.record, Some(found.record.until));
        self.commit(change).await?;
        Ok(answer.map(|()| page(form.id, &found.record)))
    }

    async fn password_of(
        &self,
        change: &mut Change,
        number: &IdNumber,
        password: &str,
        interaction: &mut Interaction,
        turn: &Turn,
    ) -> Result<Result<(), Refused>, Error> {
        let now = turn.now;
        let held = self.held(number, now).await?;
        // An organisation has no password of its own: it answers like a number that nobody has.
        let Some(mut held) = held.filter(|held| held.subject.person().is_some()) else {
            self.is_password(password, None).await?;
            return self.stranger(change, number.as_str(), now).await;
        };
        let correct = self.is_password(password, Some((held.person()?, &held.account))).await?;
        let before = held.account.clone();
        let command = Command::CheckPassword { correct, lock_until: self.lock_until(now) };
        let answer = held.decide(command, now);
        if held.account != before {
            self.save(change, &mut held, now);
        }
        let answer = answer.and_then(|_| may_enter(&held, now));
        if answer.is_ok() {
            let challenge = Challenge::sent(turn.otp.clone(), now);
            let epoch = held.account.epoch;
            interaction.step = Step::Otp { number: *number, challenge, epoch };
            let code = (turn.otp.as_str(), interaction.reference.as_str());
            self.send_otp(change, &held.account, code, now);
        }
        Ok(answer.map(|_| ()))
    }

    /// Nobody's number answers like anybody's, tries and temporary lock included (no enumeration).
    async fn stranger(
        &self,
        change: &mut Change,
        username: &str,
        now: Timestamp,
    ) -> Result<Result<(), Refused>, Error> {
        let name = sha256_base64url(username);
        let found = self.store().get::<Stranger>(self.id(), &name, now).await?;
        let unlocked = || Life::new(State::Open(STRANGERS));
        let life = found.as_ref().map_or_else(unlocked, |found| found.record.0);
        let lock_until = self.lock_until(now);
        let (life, answer) =
            life.decide(Command::CheckPassword { correct: false, lock_until }, Who::CITIZEN, now);
        let until = Some(now.plus_seconds(24 * 3600).max(lock_until));
        change.write_over(&name, found.map(|found| found.version), &Stranger(life), until);
        Ok(answer.map(|_| ()))
    }
}
