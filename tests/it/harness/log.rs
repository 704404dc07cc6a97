//! What this test's thread logs. One subscriber for the whole process: with several, a line that another test's thread reaches
//! first would be off for all of them.

use std::{cell::RefCell, io, sync::OnceLock};

use tracing_subscriber::{Layer as _, filter::dynamic_filter_fn, fmt, layer::SubscriberExt as _};

static STARTED: OnceLock<()> = OnceLock::new();

thread_local! {
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Appends to what the thread keeps.
struct Lines;

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.as_mut().map(|kept| kept.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that this thread logs while it lives, whatever the level.
pub(crate) struct Log;

impl Log {
    pub(crate) fn begin() -> Self {
        STARTED.get_or_init(|| {
            let wanted = dynamic_filter_fn(|_, _| LINES.with_borrow(Option::is_some));
            let lines = fmt::layer().with_ansi(false).with_writer(|| Lines).with_filter(wanted);
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines))
                .unwrap();
        });
        LINES.set(Some(Vec::new()));
        Self
    }

    #[expect(clippy::unused_self, reason = "nobody reads what was not begun")]
    pub(crate) fn text(&self) -> String {
        LINES.with_borrow(|lines| String::from_utf8_lossy(lines.as_ref().unwrap()).into_owned())
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        LINES.set(None);
    }
}
