//! Framing on the wire: a request that two readers would cut differently is nobody's (RFC 9112 §6.3, §11.2).

use mock_vneid::Config;
use tokio::time::{Duration, timeout};

use super::Wire;

/// A request in a request: served, it would answer with the server's own health.
const HIDDEN: &str = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_ambiguous_framing_ends_the_connection() {
    let wire = Wire::with(Config::default()).await;
    for framing in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: \u{b}5\r\n",
    ] {
        let request = format!(
            "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n{framing}\r\n0\r\n\r\n{HIDDEN}"
        );
        let said = timeout(Duration::from_secs(10), wire.answers(request.as_bytes())).await;
        let said = said.expect("an end");
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400"), "{framing:?}: {said}");
        assert!(!said.contains("200 OK"), "{framing:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_both_lengths_are_read_as_chunks_and_close() {
    let wire = Wire::with(Config::default()).await;
    // RFC 9112 §6.3: Transfer-Encoding wins; then nothing that follows may be taken for a request of the chunks.
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
        HIDDEN.len() + 5
    );
    let said = timeout(Duration::from_secs(10), wire.answers(request.as_bytes())).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 4"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_heads_are_bounded() {
    let wire = Wire::with(Config::default()).await;
    let many = "X-Many: 1\r\n".repeat(500);
    let large = format!("X-Large: {}\r\n", "a".repeat(1_000_000));
    for more in [many.as_str(), &large] {
        let request = format!("GET /livez HTTP/1.1\r\nHost: localhost\r\n{more}\r\n");
        let said = timeout(Duration::from_secs(10), wire.answers(request.as_bytes())).await;
        let said = said.expect("an end");
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
    }
}
