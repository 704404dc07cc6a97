//! Serves a router over sockets: patiently, but not for ever, and to the end of what is under way.

use std::future::Future;

use axum::{Extension, Router, serve::Listener};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;

use crate::{config::Timeouts, http::extract::BodyTimeout};

/// Serves until `shutdown`, then waits for requests under way as long as `timeouts` allows.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    timeouts: Timeouts,
    shutdown: impl Future<Output = ()>,
) {
    let service = TowerToHyperService::new(router.layer(Extension(BodyTimeout(timeouts.body))));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(timeouts.head);
    let connections = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        // Of axum: what goes wrong while accepting is logged and tried again there.
        let (stream, _) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut shutdown => break,
        };
        // Answers are small: waiting to fill a packet only delays them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    // A request that never ends does not keep the process.
    if tokio::time::timeout(timeouts.drain, connections.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way");
    }
}
