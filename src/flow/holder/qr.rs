//! QR codes of the app, and what a one-stop desk reads from them.

use crate::{
    dice::DrawPurpose as Draw,
    flow::{
        Error, Realm,
        base::{loaded_account::LoadedAccount, messages::Draft},
        holder::{
            may_enter::may_enter,
            wallet::{is_integrated, service_of},
        },
    },
    identity::{
        Account, Citizen, PaperKind, Refused,
        qr::{QrCode, QrKind, token},
        services::Service,
    },
    oidc::digest::sha256_base64url,
    outbox::MessagePurpose,
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
        held: &LoadedAccount,
        kind: QrKind,
        share: Vec<PaperKind>,
        phone: bool,
    ) -> Result<(String, QrCode), Error> {
        let now = self.now;
        self.may_use(held, Service::ShareData)?;
        let person = held.person()?;
        let papers = self.papers(person);
        for paper in &share {
            self.may_use(held, service_of(*paper))?;
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
        let mut change = self.change();
        let until = Some(now.plus_seconds(REMEMBERED_SECONDS));
        change.insert(sha256_base64url(&token), &code, until);
        self.commit(change).await?;
        Ok((token, code))
    }

    /// A desk reads a code; the holder is told.
    pub async fn verify_qr(&self, content: &str) -> Result<Shared, Error> {
        let now = self.now;
        let token = token(content).ok_or(Error::Missing("QR code"))?;
        let found = self.get::<QrCode>(sha256_base64url(token)).await?;
        let code = found.ok_or(Error::Missing("QR code"))?.record;
        let held = self.load_account(&code.number).await?.ok_or(Refused::QrExpired)?;
        code.check(held.account.epoch, now)?;
        may_enter(&held, now)?;
        let citizen = held.person()?.clone();
        let dependants = if code.share.contains(&PaperKind::Dependants) {
            self.dependants(&code.number).await?
        } else {
            Vec::new()
        };
        let mut change = self.change();
        let text = "[MO PHONG] VNeID: Ma QR cua quy khach vua duoc xac thuc tai Bo phan Mot cua.";
        let draft = Draft::plain(MessagePurpose::Request, text.to_owned());
        self.app_notice(&mut change, &held.account, &code.number, draft);
        self.commit(change).await?;
        Ok(Shared { code, citizen, account: held.account, dependants })
    }
}
