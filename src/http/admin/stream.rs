//! Server-sent events (HTML Living Standard §9.2): what is found, piece by piece, until the reader goes.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::stream;

/// One event.
pub(crate) struct StreamEvent {
    pub(crate) id: u64,
    pub(crate) kind: String,
    /// On one line, as JSON is.
    pub(crate) data: String,
}

/// Looks again and again from where it was; a look that finds nothing for a while keeps the connection alive, one that
/// can find nothing any more (`None`) ends it.
pub(crate) fn events<S, L, F>(from: S, look: L) -> Response
where
    S: Send + 'static,
    L: Fn(S) -> F + Send + Sync + 'static,
    F: Future<Output = Option<(Vec<StreamEvent>, S)>> + Send + 'static,
{
    let look = std::sync::Arc::new(look);
    let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b": a simulation\n\n"))]);
    let found = stream::unfold(from, move |from| {
        let look = std::sync::Arc::clone(&look);
        async move {
            let (events, next) = look(from).await?;
            Some((Ok(text(&events)), next))
        }
    });
    let mut response =
        Response::new(Body::from_stream(futures_util::StreamExt::chain(begun, found)));
    let kind = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn text(events: &[StreamEvent]) -> Bytes {
    if events.is_empty() {
        return Bytes::from_static(b": nothing yet\n\n");
    }
    let one =
        |it: &StreamEvent| format!("id: {}\nevent: {}\ndata: {}\n\n", it.id, it.kind, it.data);
    events.iter().map(one).collect::<String>().into()
}
