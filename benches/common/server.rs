//! The release binary as a process of its own, on a free loopback port; it ends with its owner.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::clock::start;

const REQUEST: &[u8] =
    b"GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From just before the process was made to the first 200 on discovery.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts it with the memory store and the demo fixtures, and asks until it answers.
    pub(crate) fn start(binary: &str) -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
        let address = free.expect("a free port");
        let begun = start();
        let child = Command::new(binary)
            .args(["--listen", &address.to_string(), "--log", "warn"])
            .stdout(Stdio::null())
            .spawn()
            .expect("the release binary: cargo build --release");
        let mut server = Self { child, address, started_in: Duration::ZERO };
        while !server.answers() {
            assert!(begun.elapsed() < Duration::from_secs(10), "it does not answer");
        }
        server.started_in = begun.elapsed();
        server
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let mut line = [0; 12];
        stream.write_all(REQUEST).is_ok()
            && stream.read_exact(&mut line).is_ok()
            && line == *b"HTTP/1.1 200"
    }

    pub(crate) fn process(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
