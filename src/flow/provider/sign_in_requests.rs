//! What the app does about a sign-in on a page: scan its code, see what was pushed, agree or refuse.

use crate::{
    clock::{Stamp, Timestamp},
    flow::{
        Error, Realm, base::loaded_account::LoadedAccount, holder::may_enter::may_enter, retry,
    },
    identity::{IdNumber, Level, Refused},
    oidc::{
        digest::sha256_base64url,
        grant::{Authentication, Method},
        sign_in_request::{SignInCommand, SignInKind, SignInRequest, code},
    },
};

/// The function, as a refusal names it.
const FUNCTION: &str = "Xác nhận đăng nhập";
/// The most requests of one holder that are looked at.
const MOST: usize = 100;

/// Facts §5.4: the app must be logged in at level 2.
fn may_confirm(held: &LoadedAccount, now: Timestamp) -> Result<Level, Refused> {
    match may_enter(held, now)? {
        Level::Two => Ok(Level::Two),
        Level::One | Level::Unlevelled => Err(Refused::ServiceNeedsLevel2 { service: FUNCTION.into() }),
    }
}

impl Realm {
    /// A holder's app scans a code: it is hers from now on.
    pub async fn scan_sign_in(
        &self,
        held: &LoadedAccount,
        scanned: &str,
    ) -> Result<SignInRequest, Error> {
        let now = self.now;
        may_confirm(held, now)?;
        let name = SignInRequest::name(SignInKind::Qr, &sha256_base64url(code(scanned)));
        let command = SignInCommand::Scan { number: held.account.number };
        let found = self.move_sign_in_request(&name, &command).await?;
        found.ok_or(Error::Missing("sign-in request"))
    }

    /// The pushes that wait for a holder's answer.
    pub async fn sign_in_requests(
        &self,
        held: &LoadedAccount,
    ) -> Result<Vec<SignInRequest>, Error> {
        may_confirm(held, self.now)?;
        self.pushed_to(&held.account.number).await
    }

    /// The pushes that wait for the holder of a number, whoever she is.
    pub(crate) async fn pushed_to(&self, number: &IdNumber) -> Result<Vec<SignInRequest>, Error> {
        let prefix = SignInRequest::name(SignInKind::Push { to: Some(*number) }, "");
        let page = self.scan::<SignInRequest>(prefix.as_bytes(), None, MOST).await?;
        Ok(page.into_iter().map(|(_, it)| it).filter(|it| it.asks(number)).collect())
    }

    /// A holder agrees or refuses; passcode and face were checked.
    pub async fn answer_sign_in(
        &self,
        held: &LoadedAccount,
        id: &str,
        allow: bool,
    ) -> Result<SignInRequest, Error> {
        let now = self.now;
        let level = may_confirm(held, now)?;
        let number = held.account.number;
        let command = if allow {
            SignInCommand::Approve { authentication: authentication(held, level, self.stamp()) }
        } else {
            SignInCommand::Refuse { number }
        };
        for kind in [SignInKind::Push { to: Some(number) }, SignInKind::Qr] {
            let name = SignInRequest::name(kind, id);
            if let Some(request) = self.move_sign_in_request(&name, &command).await? {
                return Ok(request);
            }
        }
        Err(Error::Missing("sign-in request"))
    }

    async fn move_sign_in_request(
        &self,
        name: &str,
        command: &SignInCommand,
    ) -> Result<Option<SignInRequest>, Error> {
        retry!(async {
            let found = self.get::<SignInRequest>(name).await?;
            let Some(found) = found else { return Ok(None) };
            let (request, answer) = found.record.decide(command.clone(), self.now);
            answer?;
            let mut change = self.change();
            change.replace(name, found.version, &request, Some(request.kept_until()));
            self.commit(change).await?;
            Ok(Some(request))
        })
    }
}

/// RFC 8176 §2: a passcode, a key on the device, a face.
fn authentication(held: &LoadedAccount, level: Level, now: Stamp) -> Authentication {
    Authentication {
        number: held.account.number,
        subject: held.account.subject.clone(),
        level,
        at: now,
        methods: vec![Method::Pin, Method::Swk, Method::Face],
        epoch: held.account.epoch,
        acting: None,
    }
}
