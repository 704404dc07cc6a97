//! A simulator in this process, people who can sign in, and the way a bench looks behind the pages.

use std::{net::SocketAddr, sync::Arc};

use mock_vneid::{
    App, Config,
    app::census,
    clock::{Clock as _, SystemClock, Timestamp},
    flow::Flow,
    identity::{CardStatus, otp::Challenge},
    oidc::interaction::InteractionStep,
    population::{Country, InitialState},
    store::{Backend, memory::Memory},
};
use tokio::runtime::{Builder, Runtime};

use super::{
    sign_in::{Person, Portal, SignIn},
    wire::{InProcess, Wire},
};

/// The name of the server's threads, told apart from the client's.
pub(crate) const SERVER: &str = "server";

/// A simulator over the memory store.
pub(crate) struct Stage {
    pub(crate) flow: Arc<Flow>,
    pub(crate) wire: InProcess,
    pub(crate) backend: Arc<Memory>,
    server: Runtime,
    app: Option<App>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let threads = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name(SERVER)
            .enable_all()
            .build()
            .unwrap();
        let backend = Arc::new(Memory::new());
        let shared: Arc<dyn Backend> = backend.clone();
        let config = Config::default();
        let clock = Arc::new(SystemClock);
        let app = threads.block_on(App::over(&config, 8080, clock, shared)).unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let wire = InProcess { router: app.router(), runtime };
        Self { flow: Arc::clone(app.flow()), wire, backend, server: threads, app: Some(app) }
    }

    /// Serves on a loopback port, on threads of its own; once.
    pub(crate) fn serve(&mut self) -> SocketAddr {
        let app = self.app.take().unwrap();
        let bind = tokio::net::TcpListener::bind(("127.0.0.1", 0));
        let listener = self.server.block_on(bind).unwrap();
        let address = listener.local_addr().unwrap();
        self.server.spawn(app.serve(listener, std::future::pending()));
        address
    }

    pub(crate) fn portal(&mut self, algorithm: &str) -> Portal {
        Portal::registered(&mut self.wire, algorithm)
    }

    /// A sign-in by the five requests alone: form field and OTP are read behind the doors.
    pub(crate) fn sign_in(&self, wire: &mut impl Wire, portal: &Portal, person: &Person) {
        let visit = SignIn::authorize(wire, portal, person);
        let (form, _) = self.behind(&visit);
        visit.password(wire, &form);
        let (form, otp) = self.behind(&visit);
        visit.finish(wire, &form, &otp);
    }

    /// The same without a socket.
    pub(crate) fn sign_in_here(&mut self, portal: &Portal, person: &Person) {
        let visit = SignIn::authorize(&mut self.wire, portal, person);
        let (form, _) = self.behind(&visit);
        visit.password(&mut self.wire, &form);
        let (form, otp) = self.behind(&visit);
        visit.finish(&mut self.wire, &form, &otp);
    }

    /// The anti-forgery field and, once it was sent, the OTP of an interaction.
    fn behind(&self, visit: &SignIn<'_>) -> (String, String) {
        let found = self.wire.runtime.block_on(async {
            let realm = self.flow.realm("default").await.unwrap();
            realm.at_present().interaction(&visit.interaction, visit.browser()).await.unwrap()
        });
        let otp = match found.record.step {
            InteractionStep::Otp { challenge: Challenge::Sent { code, .. }, .. } => code,
            _ => String::new(),
        };
        (found.record.form, otp)
    }
}

/// Today.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// The country of the default configuration.
pub(crate) fn country() -> Country {
    Country::new(census(&Config::default())).unwrap()
}

/// Derived people with an active account and a valid card, from all over the country.
pub(crate) fn derived(count: usize) -> Vec<Person> {
    let (country, today) = (country(), now().day());
    let far_apart = (0..country.size()).map(|at| at * 42_300_001 % country.size());
    let active = far_apart
        .filter(|at| country.initial(*at).is_some_and(|one| one.state == InitialState::Active));
    let citizens = active.filter_map(|at| country.citizen(at));
    let good = citizens.filter(|citizen| {
        let status = citizen.card.as_ref().map(|card| card.status(today));
        citizen.phone.is_some() && !matches!(status, Some(CardStatus::Expired))
    });
    let people = good.map(|citizen| Person {
        number: citizen.number.to_string(),
        phone: citizen.phone.map(|phone| phone.to_string()).unwrap_or_default(),
        password: citizen.initial_password(),
    });
    people.take(count).collect()
}
