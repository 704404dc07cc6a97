//! Load over loopback against a release binary of its own: sign-ins per second, CPU per sign-in, memory.
//!
//! `cargo run --release --example load -- [ALGORITHM] [CLIENTS] [SIGN-INS] [BINARY] [SECONDS]`

#[path = "../benches/common/mod.rs"]
mod common;

use std::{
    net::SocketAddr,
    sync::{Barrier, Mutex},
    time::Duration,
};

use common::{
    clock::{cpu, micros, resident, start},
    say,
    server::Server,
    sign_in::{Person, Portal, SignIn},
    wire::{Socket, Wire as _},
};

/// Sign-ins of each client between two readings of the clocks.
const BATCH: u32 = 50;
/// Nothing here runs longer, in seconds, unless a longer time is asked for.
const LONGEST: u32 = 60;

/// An account like this, by the admin API.
fn person(wire: &mut Socket) -> Person {
    let reply = wire.json("/admin/v1/accounts", "{}").status(201);
    let account: serde_json::Value = serde_json::from_str(&reply.body).expect("JSON");
    let text = |name: &str| account[name].as_str().expect(name).to_owned();
    Person { number: text("number"), phone: text("phone"), password: text("password") }
}

/// The newest OTP to her phone.
fn otp(wire: &mut Socket, person: &Person) -> String {
    let path = format!("/admin/v1/messages/latest?to={}&purpose=otp", person.phone);
    let message: serde_json::Value =
        serde_json::from_str(&wire.get(&path, &[]).status(200).body).expect("JSON");
    message["code"].as_str().expect("a code").to_owned()
}

/// What the server spent while `counted` was set.
#[derive(Default)]
struct Spent {
    real: Duration,
    cpu: Duration,
}

/// One client: batches in three steps, of which the middle one, reading the OTPs, is not counted.
fn client(address: SocketAddr, portal: &Portal, batches: u32, step: &dyn Fn()) {
    let mut wire = Socket::open(address).expect("a connection");
    let people: Vec<Person> = (0..BATCH).map(|_| person(&mut wire)).collect();
    for _ in 0..batches {
        step();
        let visits: Vec<_> = people
            .iter()
            .map(|person| {
                let visit = SignIn::authorize(&mut wire, portal, person);
                let form = visit.page(&mut wire, "/login");
                visit.password(&mut wire, &form);
                let form = visit.page(&mut wire, "/login/otp");
                (visit, form)
            })
            .collect();
        step();
        let codes: Vec<String> = people.iter().map(|person| otp(&mut wire, person)).collect();
        step();
        for ((visit, form), otp) in visits.iter().zip(&codes) {
            visit.finish(&mut wire, form, otp);
        }
        step();
    }
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let algorithm = given.first().map_or("RS256", String::as_str);
    let number = |at: usize, standard: u32| {
        given.get(at).map_or(standard, |text| text.parse().expect("a number"))
    };
    let (clients, wanted) = (number(1, 4).clamp(1, 64), number(2, 4_000).clamp(1, 200_000));
    let binary = given.get(3).map_or("target/release/mock-vneid", String::as_str);
    let longest = Duration::from_secs(number(4, LONGEST).into());
    let server = Server::start(binary);
    let process = server.process();
    let idle = resident(&process);
    let portal = Portal::registered(&mut Socket::open(server.address).expect("a door"), algorithm);
    let batches = wanted.div_ceil(clients * BATCH);

    let (barrier, spent) = (Barrier::new(clients as usize), Mutex::new(Spent::default()));
    let readings = Mutex::new(Vec::new());
    let half_way = Mutex::new(idle);
    let begun = start();
    // All clients meet; one of them reads the clocks while the server has nothing to do.
    let step = || {
        if barrier.wait().is_leader() {
            let mut readings = readings.lock().expect("readings");
            readings.push((start(), cpu(&process, "")));
            if readings.len() == batches as usize * 2 {
                *half_way.lock().expect("half-way") = resident(&process);
            }
            assert!(begun.elapsed() < longest, "longer than {longest:?}: ask for fewer sign-ins");
        }
        barrier.wait();
    };
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| client(server.address, &portal, batches, &step));
        }
    });
    let mut spent = spent.into_inner().expect("spent");
    for batch in readings.into_inner().expect("readings").chunks_exact(4) {
        for (from, to) in [(batch[0], batch[1]), (batch[2], batch[3])] {
            spent.real += to.0 - from.0;
            spent.cpu += to.1.saturating_sub(from.1);
        }
    }
    let done = batches * clients * BATCH;
    let rate = f64::from(done) / spent.real.as_secs_f64();
    say(&format!(
        "{algorithm}: {done} sign-ins of 7 requests, {clients} clients on the same machine"
    ));
    say(&format!("  sign-ins per second        {rate:>9.0}"));
    say(&format!("  server CPU per sign-in, µs {:>9.1}", micros(spent.cpu, done)));
    let half_way = half_way.into_inner().expect("half-way");
    let after = resident(&process);
    say(&format!("  resident, MB: idle {idle:.1}, half-way {half_way:.1}, after {after:.1}"));
}
