//! Many at once: all of them wait at a gate, and go through it together.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use tokio::sync::Barrier;

use super::{Reply, Sim};

/// Does all of it as nearly at once as can be; what came of each, in the order it was handed in.
pub(crate) async fn at_once<T: Send + 'static>(
    all: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let all: Vec<_> = all.into_iter().collect();
    let gate = Arc::new(Barrier::new(all.len()));
    let start = |one| {
        let gate = Arc::clone(&gate);
        tokio::spawn(async move {
            gate.wait().await;
            one.await
        })
    };
    let running: Vec<_> = all.into_iter().map(start).collect();
    let mut done = Vec::with_capacity(running.len());
    for one in running {
        done.push(one.await.unwrap());
    }
    done
}

/// Sends all of them at once; nobody may be told of a fault.
pub(crate) async fn send_at_once(
    sim: &Arc<Sim>,
    requests: impl IntoIterator<Item = Request<Body>>,
) -> Vec<Reply> {
    let send = |request| {
        let sim = Arc::clone(sim);
        async move { sim.send(request).await }
    };
    let replies = at_once(requests.into_iter().map(send)).await;
    for reply in &replies {
        assert!(!reply.status.is_server_error(), "{} {}", reply.status, reply.text());
    }
    replies
}

/// The same request, so many times at once.
pub(crate) async fn send_same(
    sim: &Arc<Sim>,
    times: usize,
    make: impl Fn() -> Request<Body> + Send + Sync,
) -> Vec<Reply> {
    send_at_once(sim, (0..times).map(|_| make()).collect::<Vec<_>>()).await
}
