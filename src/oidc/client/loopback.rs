//! Redirect URIs of native applications: a loopback IP, on whatever port the system gave (RFC 8252 §7.3).

/// The URI without its port, if its host is a loopback IP and its scheme http; `localhost` is a name like any other.
pub(super) fn without_port(uri: &str) -> Option<(&str, &str)> {
    let (host, rest) = ["http://127.0.0.1", "http://[::1]"]
        .iter()
        .find_map(|host| uri.strip_prefix(host).map(|rest| (*host, rest)))?;
    let rest = match rest.strip_prefix(':') {
        Some(rest) => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (port, rest) = rest.split_at(end);
            let digits = port.bytes().all(|byte| byte.is_ascii_digit());
            (digits && port.parse::<u16>().is_ok_and(|port| port > 0)).then_some(rest)?
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}
