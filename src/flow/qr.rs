//! QR codes of the app, and what a one-stop desk reads from them.

use super::{
    Error, Realm,
    messages::Draft,
    people::Held,
    sign_in::may_enter,
    wallet::{is_integrated, service_of},
};
use crate::{
    clock::Timestamp,
    dice::Purpose as Draw,
    identity::{
        Account, Citizen, PaperKind, Refused,
        qr::{QrCode, QrKind, token},
        services::Service,
    },
    oidc::digest::sha256_base64url,
    outbox::Purpose,
};

/// Seconds a code is remembered, so that a late desk is told that it has expired.
const REMEMBERED_SECONDS: i64 = 24 * 3600;

/// What a desk may see: the holder, and the papers she agreed to share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The code.
    pub code: QrCode,
    /// The holder.
    pub citizen: Citizen,
    /// Her account.
    pub account: Account,
    /// Her dependants, if they are shared.
    pub dependants: Vec<Citizen>,
}

impl Realm {
    /// Makes a code; answers its token.
    pub async fn make_qr(
        &self,
        held: &Held,
        (kind, share, phone): (QrKind, Vec<PaperKind>, bool),
        now: Timestamp,
    ) -> Result<(String, QrCode), Error> {
        self.may_use(held, Service::ShareData, now)?;
        let person = held.person()?;
        let papers = self.papers(person, now);
        for paper in &share {
            self.may_use(held, service_of(*paper), now)?;
            let own = match paper {
                PaperKind::Card => person.card.is_some(),
                PaperKind::Residence | PaperKind::Dependants => true,
                other => papers.has(*other),
            };
            if !own || !is_integrated(&held.account, *paper) {
                return Err(Refused::PaperUnknown { kind: *paper }.into());
            }
        }
        let token = self.dice().token(Draw::Session);
        let (number, epoch) = (held.account.number, held.account.epoch);
        let code = QrCode { number, kind, share, phone, at: now, epoch };
        let mut change = self.change(now);
        let until = Some(now.plus_seconds(REMEMBERED_SECONDS));
        change.insert(sha256_base64url(&token), &code, until);
        self.commit(change).await?;
        Ok((token, code))
    }

    /// A desk reads a code; the holder is told.
    pub async fn verify_qr(&self, content: &str, now: Timestamp) -> Result<Shared, Error> {
        let token = token(content).ok_or(Error::Missing("QR code"))?;
        let found = self.store().get::<QrCode>(self.id(), sha256_base64url(token), now).await?;
        let code = found.ok_or(Error::Missing("QR code"))?.record;
        let held = self.held(&code.number, now).await?.ok_or(Refused::QrExpired)?;
        code.check(held.account.epoch, now)?;
        may_enter(&held, now)?;
        let citizen = held.person()?.clone();
        let dependants = if code.share.contains(&PaperKind::Dependants) {
            self.dependants(&code.number, now).await?
        } else {
            Vec::new()
        };
        let mut change = self.change(now);
        let text = "[MO PHONG] VNeID: Ma QR cua quy khach vua duoc xac thuc tai Bo phan Mot cua.";
        let draft = Draft::plain(Purpose::Request, text.to_owned());
        self.app_notice(&mut change, (&held.account, &code.number), draft, now);
        self.commit(change).await?;
        Ok(Shared { code, citizen, account: held.account, dependants })
    }
}
