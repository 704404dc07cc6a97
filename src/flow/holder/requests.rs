//! Requests that an office decides: an agency's for a lock or its end, a holder's for another phone number.

use crate::{
    flow::{
        Error, Realm,
        base::{loaded_account::LoadedAccount, schedule::DueEvent},
        kinds::{DueEntry, OpenRequest},
        one_line, retry,
    },
    identity::{
        Account, IdNumber, Phone, Refused,
        life::AccountCommand as LifeCommand,
        lock::{By, LockReason},
        policy::Review,
        request::{Ask, OfficeRequest, RequestCommand, RequestStatus},
    },
    outbox::{MessagePurpose, templates},
    store::{Change, records::Loaded},
};

fn open_name(number: &IdNumber, ask: Ask) -> String {
    format!("{number}\0{}", ask.name())
}

impl Realm {
    /// Takes a request in; where review is automatic it is granted at once.
    pub async fn ask(
        &self,
        number: &IdNumber,
        ask: Ask,
        body: Option<&str>,
    ) -> Result<OfficeRequest, Error> {
        let now = self.now;
        let body = body.map(|text| one_line("body", text)).transpose()?;
        let id = self.dice().id(now);
        retry!(async {
            let policy = &self.record.policy;
            let held = self.load_known_account(number).await?;
            self.may_grant(&held, ask).await?;
            let open = open_name(number, ask);
            if self.get::<OpenRequest>(&open).await?.is_some() {
                return Err(Refused::RequestOpen.into());
            }
            let mut request =
                OfficeRequest::received(id.clone(), *number, ask, &policy.calendar, self.now);
            request.body.clone_from(&body);
            let mut change = self.change();
            if policy.review == Review::Automatic {
                self.move_request(&mut change, &mut request, RequestCommand::Grant).await?;
            } else {
                change.insert(&open, &OpenRequest(id.clone()), None);
                self.request_waits(&mut change, &request);
            }
            change.insert(&id, &request, None);
            self.commit(change).await?;
            Ok(request)
        })
    }

    /// What would stand in the way of a grant stands in the way of the request.
    async fn may_grant(&self, held: &LoadedAccount, ask: Ask) -> Result<(), Error> {
        if let Ask::ChangePhone { phone } = ask {
            if held.account.phone == Some(phone) {
                return Err(Refused::PhoneUnchanged.into());
            }
            self.may_hold(&phone, &held.account.number).await?;
        }
        held.clone().decide(life_command(ask), self.now)?;
        Ok(())
    }

    fn request_waits(&self, change: &mut Change, request: &OfficeRequest) {
        if self.record.policy.review == Review::After && !request.status.is_final() {
            self.put_due(change, request.deadline, &DueEntry::Request(request.id.clone()));
        }
    }

    /// Moves a request; a granted one is carried out in the same batch.
    async fn move_request(
        &self,
        change: &mut Change,
        request: &mut OfficeRequest,
        command: RequestCommand,
    ) -> Result<(), Error> {
        let entry = DueEntry::Request(request.id.clone());
        Self::drop_due(change, request.deadline, &entry);
        let granted = request.decide(command, &self.record.policy.calendar, self.now)?;
        if granted {
            self.grant(change, request).await?;
        }
        if let RequestStatus::Refused { text } = &request.status {
            let held = self.load_known_account(&request.number).await?;
            let text = templates::request_decided(false, text);
            self.notify(change, &held, MessagePurpose::Request, &text);
        }
        if request.status.is_final() {
            change.delete::<OpenRequest>(open_name(&request.number, request.ask));
        } else {
            self.request_waits(change, request);
        }
        Ok(())
    }

    async fn grant(&self, change: &mut Change, request: &OfficeRequest) -> Result<(), Error> {
        let mut held = self.load_known_account(&request.number).await?;
        if let Ask::ChangePhone { phone } = request.ask {
            return self.give_phone(change, &mut held, phone).await;
        }
        let effects = held.decide(life_command(request.ask), self.now)?;
        self.save(change, &mut held);
        self.carry_out(change, &held, &effects);
        Ok(())
    }

    /// Another phone by a desk or the hotline: the holder activates the account again with it (facts §2.9).
    async fn give_phone(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        phone: Phone,
    ) -> Result<(), Error> {
        self.may_hold(&phone, &held.account.number).await?;
        let effects = held.decide(LifeCommand::ChangePhone { reactivate: true }, self.now)?;
        self.take_phone(change, held, phone).await?;
        self.save(change, held);
        self.carry_out(change, held, &effects);
        Ok(())
    }

    /// The same at once, for a tester.
    pub(crate) async fn change_phone(
        &self,
        number: &IdNumber,
        phone: Phone,
    ) -> Result<Account, Error> {
        retry!(async {
            let mut held = self.load_known_account(number).await?;
            self.may_grant(&held, Ask::ChangePhone { phone }).await?;
            let mut change = self.change();
            self.give_phone(&mut change, &mut held, phone).await?;
            self.commit(change).await?;
            Ok(held.account)
        })
    }

    /// One request.
    pub async fn request(&self, id: &str) -> Result<OfficeRequest, Error> {
        let found = self.get::<OfficeRequest>(id).await?;
        Ok(found.ok_or(Error::Missing("request"))?.record)
    }

    /// Requests in the order they came, after `after`, at most `limit`.
    pub async fn requests(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OfficeRequest>, Error> {
        let after = after.map(str::as_bytes);
        let found = self.scan::<OfficeRequest>(b"", after, limit).await?;
        Ok(found.into_iter().map(|(_, request)| request).collect())
    }

    /// An office forwards, grants or refuses it.
    pub async fn decide_request(
        &self,
        id: &str,
        mut command: RequestCommand,
    ) -> Result<OfficeRequest, Error> {
        if let RequestCommand::Refuse { text } = &mut command {
            *text = one_line("reason", text)?;
        }
        retry!(async {
            let command = command.clone();

            let found = self.get::<OfficeRequest>(id).await?;
            let found = found.ok_or(Error::Missing("request"))?;
            let mut request = found.record;
            let mut change = self.change();
            self.move_request(&mut change, &mut request, command).await?;
            change.replace(id, found.version, &request, None);
            self.commit(change).await?;
            Ok(request)
        })
    }

    /// The legal time of a request's step has ended.
    pub(crate) async fn request_comes_due(
        &self,
        id: &str,
        key: &[u8],
        due: &Loaded<DueEntry>,
    ) -> Result<Vec<DueEvent>, Error> {
        let mut change = self.change_of_due(key, due);
        let mut happened = Vec::new();
        if let Some(found) = self.get::<OfficeRequest>(id).await? {
            let mut request = found.record;
            let command = request.when_due();
            match self.move_request(&mut change, &mut request, command).await {
                Ok(()) => {
                    change.replace(id, found.version, &request, None);
                    happened.push(DueEvent {
                        at: self.now,
                        to: id.to_owned(),
                        what: request.status.name(),
                    });
                }
                // Something stands in the way by now: an officer decides.
                Err(Error::Refused(_)) => {
                    change = self.change_of_due(key, due);
                }
                Err(error) => return Err(error),
            }
        }
        self.commit(change).await?;
        Ok(happened)
    }
}

const fn life_command(ask: Ask) -> LifeCommand {
    match ask {
        Ask::Lock => LifeCommand::Lock { reason: LockReason::AuthoritysRequest, by: By::Authority },
        Ask::Unlock => LifeCommand::Unlock { by: By::Authority },
        Ask::ChangePhone { .. } => LifeCommand::ChangePhone { reactivate: true },
    }
}
