//! The page that waits for an app: a QR code is shown or a notice pushed, and the browser goes on once the holder agreed.

use super::{Entrant, FormResult, Ongoing, SubmittedForm, page};
use crate::{
    clock::Timestamp,
    flow::{Error, Realm, base::messages::Draft, holder::may_enter::may_enter, retry},
    identity::{IdNumber, Level, Refused},
    oidc::{
        digest::sha256_base64url,
        grant::Authentication,
        interaction::{Interaction, InteractionStep},
        sign_in_request::{
            PUSH_SECONDS, SIGN_IN_REQUEST_SECONDS, SignInCommand, SignInKind, SignInRequest,
            SignInState,
        },
    },
    outbox::{MessagePurpose, templates},
    store::{Change, records::Loaded},
};

/// Pushes that wait for one holder at a time; more are shown to nobody. Invented.
const MOST_PUSHES: usize = 5;

/// Whose app is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom<'a> {
    /// Whoever scans the picture.
    Anybody,
    /// The holder of the ID number that was typed.
    Holder(&'a str),
    /// The same as before.
    Again,
}

/// What the page shows while it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrWaiting {
    /// What the picture holds; a push has none.
    pub code: Option<String>,
    /// How far it came; `None` when it is too late.
    pub state: Option<SignInState>,
    /// Whole seconds left, rounded up.
    pub seconds: i64,
}

fn name_of(kind: SignInKind, code: &str) -> String {
    SignInRequest::name(kind, &sha256_base64url(code))
}

impl Realm {
    /// Asks an app to confirm this sign-in. Numbers without an account, or with one of level 1, are answered like any other
    /// (no enumeration).
    pub async fn ask_app(
        &self,
        form: SubmittedForm<'_>,
        whom: Whom<'_>,
    ) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
            let now = self.now;
            let mut found = self.posted(form).await?;
            let before = match &found.record.step {
                InteractionStep::Password => None,
                InteractionStep::Qr { code, kind } => Some((name_of(*kind, code), *kind)),
                _ => return Err(Error::StaleForm),
            };
            let mut kind = match whom {
                Whom::Anybody => SignInKind::Qr,
                Whom::Holder(typed) => {
                    let Ok(number) = IdNumber::typed(typed) else {
                        let (change, no) = (self.change(), Refused::NumberMalformed);
                        return self.settle(change, Ongoing { form, found }, Err(no)).await;
                    };
                    SignInKind::Push { to: Some(number) }
                }
                Whom::Again => before.as_ref().ok_or(Error::StaleForm)?.1,
            };
            found.record.form.clone_from(&turn.form);
            let mut change = self.change();
            if let SignInKind::Push { to } = &mut kind {
                let after = found.record.pushed_at.map(|at| at.plus_seconds(PUSH_SECONDS));
                if let Some(after) = after.filter(|after| now < *after) {
                    let no = Refused::ResendTooSoon { after };
                    return self.settle(change, Ongoing { form, found }, Err(no)).await;
                }
                found.record.pushed_at = Some(now);
                *to = self.notify_app(&mut change, &found.record, *to).await?;
            }
            if let Some((name, _)) = before {
                change.delete::<SignInRequest>(name);
            }
            let request = asked(form.id, &found.record, kind, &turn.id, now);
            let name = SignInRequest::name(kind, &request.id);
            change.insert(name, &request, Some(request.kept_until()));
            found.record.step = InteractionStep::Qr { code: turn.id.clone(), kind };
            let next = page(form.id, &found.record);
            self.settle(change, Ongoing { form, found }, Ok(next)).await
        })
    }

    /// Writes the notice to whoever may confirm; answers who is asked.
    async fn notify_app(
        &self,
        change: &mut Change,
        interaction: &Interaction,
        to: Option<IdNumber>,
    ) -> Result<Option<IdNumber>, Error> {
        let Some(number) = to else { return Ok(None) };
        if self.pushed_to(&number).await?.len() >= MOST_PUSHES {
            return Ok(None);
        }
        let held = self.load_account(&number).await?;
        let may = |level: Level| level >= Level::Two;
        if let Some(held) = held.filter(|held| may_enter(held, self.now).is_ok_and(may)) {
            let reference = interaction.reference.clone();
            let text = templates::sign_in_request(&interaction.client_name, &reference);
            let draft = Draft::plain(MessagePurpose::SignInRequest, text);
            let draft = Draft { reference: Some(reference), ..draft };
            self.app_notice(change, &held.account, &number, draft);
        }
        Ok(Some(number))
    }

    /// What the page shows; `None` before an app was asked.
    pub async fn waiting(&self, interaction: &Interaction) -> Result<Option<QrWaiting>, Error> {
        let now = self.now;
        let InteractionStep::Qr { code, kind } = &interaction.step else { return Ok(None) };
        let name = name_of(*kind, code);
        let found = self.get::<SignInRequest>(&name).await?;
        let request = found.map(|found| found.record).filter(|request| now < request.until);
        let seconds = request.as_ref().map_or(0, |it| it.until.millis_since(now));
        Ok(Some(QrWaiting {
            code: (*kind == SignInKind::Qr).then(|| code.clone()),
            state: request.map(|request| request.state),
            seconds: (seconds + 999).div_euclid(1000),
        }))
    }

    /// The browser goes on, if the holder has agreed: exactly as after password and OTP.
    pub async fn go_on_from_app(&self, form: SubmittedForm<'_>) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
            let now = self.now;
            let mut found = self.posted(form).await?;
            let InteractionStep::Qr { code, kind } = found.record.step.clone() else {
                return Err(Error::StaleForm);
            };
            let name = name_of(kind, &code);
            found.record.form.clone_from(&turn.form);
            let asked = self.get::<SignInRequest>(&name).await?;
            let Some(Loaded { record, version }) = asked else {
                return self.stays(form, found, kind.expired(), None).await;
            };
            let command = SignInCommand::Continue { interaction: form.id.to_owned() };
            let (request, answer) = record.decide(command, now);
            let who = match answer {
                Ok(Some(who)) => who,
                Ok(None) => return Err(Error::StaleForm),
                Err(refused) => return self.stays(form, found, refused, Some(name)).await,
            };
            let held = self.load_known_account(&who.number).await?;
            let same = held.account.epoch == who.epoch;
            let level = may_enter(&held, now);
            match level.and_then(|level| if same { Ok(level) } else { Err(Refused::SignInEnded) }) {
                Ok(level) => {
                    let mut change = self.change();
                    change.replace(&name, version, &request, Some(request.kept_until()));
                    let who = Authentication { level, ..who };
                    let entrant = Entrant { who, held: &held };
                    self.signed_in(change, Ongoing { form, found }, entrant, &turn).await
                }
                Err(refused) => self.stays(form, found, refused, Some(name)).await,
            }
        })
    }

    /// The page waits on, or the sign-in begins again with the first form.
    async fn stays(
        &self,
        form: SubmittedForm<'_>,
        mut found: Loaded<Interaction>,
        refused: Refused,
        name: Option<String>,
    ) -> Result<FormResult, Error> {
        let mut change = self.change();
        let waits = matches!(
            refused,
            Refused::ConfirmationRequired | Refused::ConfirmationExpired | Refused::QrExpired
        );
        if !waits {
            found.record.step = InteractionStep::Password;
            if let Some(name) = name {
                change.delete::<SignInRequest>(name);
            }
        }
        self.settle(change, Ongoing { form, found }, Err(refused)).await
    }

    /// Back to the first form; what was asked of an app is forgotten.
    pub async fn leave_app(&self, form: SubmittedForm<'_>) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
            let mut found = self.posted(form).await?;
            let InteractionStep::Qr { code, kind } = &found.record.step else {
                return Err(Error::StaleForm);
            };
            let mut change = self.change();
            change.delete::<SignInRequest>(name_of(*kind, code));
            found.record.step = InteractionStep::Password;
            found.record.form.clone_from(&turn.form);
            let next = page(form.id, &found.record);
            self.settle(change, Ongoing { form, found }, Ok(next)).await
        })
    }
}

/// A new request of an interaction; it does not outlive it.
fn asked(
    id: &str,
    interaction: &Interaction,
    kind: SignInKind,
    code: &str,
    now: Timestamp,
) -> SignInRequest {
    SignInRequest {
        id: sha256_base64url(code),
        interaction: id.to_owned(),
        client_name: interaction.client_name.clone(),
        scope: interaction.request.scope.clone(),
        reference: interaction.reference.clone(),
        kind,
        state: SignInState::Waiting,
        until: now.plus_seconds(SIGN_IN_REQUEST_SECONDS).min(interaction.until),
    }
}
