//! What a door left unread: taken in up to a bound, so that the connection can be used again; else its end is announced.
//!
//! A server that answers before it has read the body must close the connection (RFC 9112 §9.6); a client that pools its
//! connections meets that as an abort, unless the answer said `Connection: close`.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use parking_lot::Mutex;

/// The most bytes that are taken in after the answer is made.
const MOST: usize = 64 * 1024;
/// How long that may take.
const PATIENCE: Duration = Duration::from_millis(500);

/// A body, and how far it was read.
struct Reading {
    body: Body,
    begun: bool,
    ended: bool,
}

impl Reading {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.begun = true;
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.ended |= matches!(polled, Poll::Ready(None | Some(Err(_))));
        polled
    }

    fn is_whole(&self) -> bool {
        self.ended || self.body.is_end_stream()
    }
}

/// The end of it that the door reads.
struct Lent(Arc<Mutex<Reading>>);

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.0.lock().poll(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().is_whole()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().body.size_hint()
    }
}

/// What will be left of a request's body.
pub(crate) struct Rest {
    reading: Arc<Mutex<Reading>>,
    /// The client sends nothing before it is told to (RFC 9110 §10.1.1).
    waits: bool,
}

/// Lends the body to the door; nothing is kept of a request without one.
pub(crate) fn lend(request: &mut Request) -> Option<Rest> {
    if request.body().is_end_stream() {
        return None;
    }
    let waits = request.headers().contains_key(header::EXPECT);
    let body = std::mem::take(request.body_mut());
    let reading = Arc::new(Mutex::new(Reading { body, begun: false, ended: false }));
    *request.body_mut() = Body::new(Lent(Arc::clone(&reading)));
    Some(Rest { reading, waits })
}

impl Rest {
    /// Takes in what is left, or lets the answer say that the connection ends.
    pub(crate) async fn settle(self, response: &mut Response) {
        let asked = { self.reading.lock().begun };
        let quiet = self.waits && !asked;
        let taken = !quiet && matches!(tokio::time::timeout(PATIENCE, self.take_in()).await, Ok(true));
        if !taken {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }

    /// Whether the rest came to its end within the bound.
    async fn take_in(&self) -> bool {
        let mut taken = 0;
        loop {
            if self.reading.lock().is_whole() {
                return true;
            }
            let next = std::future::poll_fn(|context| self.reading.lock().poll(context)).await;
            match next {
                None => return true,
                Some(Err(_)) => return false,
                Some(Ok(frame)) => taken += frame.data_ref().map_or(0, Bytes::len),
            }
            if taken > MOST {
                return false;
            }
        }
    }
}
