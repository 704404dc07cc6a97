//! A bare HTTP/1.1 client over one kept connection, and the same requests without a socket.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt as _;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// What came back, as far as a sign-in looks at it.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) location: String,
    /// `name=value` of every cookie that was set.
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

impl Reply {
    fn header(&mut self, name: &str, value: &str) {
        if name.eq_ignore_ascii_case("location") {
            value.clone_into(&mut self.location);
        } else if name.eq_ignore_ascii_case("set-cookie") {
            self.cookies.push(value.split(';').next().unwrap().to_owned());
        }
    }

    #[track_caller]
    pub(crate) fn status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// Something that answers requests.
pub(crate) trait Wire {
    /// `headers` are whole lines; with a body it is a POST of `kind`.
    fn ask(&mut self, path: &str, headers: &[String], body: Option<(&str, &str)>) -> Reply;

    fn get(&mut self, path: &str, headers: &[String]) -> Reply {
        self.ask(path, headers, None)
    }

    fn form(&mut self, path: &str, headers: &[String], body: &str) -> Reply {
        self.ask(path, headers, Some(("application/x-www-form-urlencoded", body)))
    }

    fn json(&mut self, path: &str, body: &str) -> Reply {
        self.ask(path, &[], Some(("application/json", body)))
    }
}

/// A connection that is kept.
pub(crate) struct Socket(BufReader<TcpStream>);

impl Socket {
    pub(crate) fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Wire for Socket {
    fn ask(&mut self, path: &str, headers: &[String], body: Option<(&str, &str)>) -> Reply {
        let method = if body.is_some() { "POST" } else { "GET" };
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for line in headers {
            request.push_str(line);
            request.push_str("\r\n");
        }
        if let Some((kind, body)) = body {
            let length = body.len();
            request.extend([
                format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"),
                body.to_owned(),
            ]);
        } else {
            request.push_str("\r\n");
        }
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let status = self.line();
        let mut reply = Reply { status: status[9..12].parse().unwrap(), ..Reply::default() };
        let mut length = 0;
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            reply.header(name, value);
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        reply.body = String::from_utf8(body).unwrap();
        reply
    }
}

/// The router itself, on the calling thread.
pub(crate) struct InProcess {
    pub(crate) router: Router,
    pub(crate) runtime: Runtime,
}

impl Wire for InProcess {
    fn ask(&mut self, path: &str, headers: &[String], body: Option<(&str, &str)>) -> Reply {
        let mut request = Request::builder().uri(path).header(header::HOST, "localhost");
        for line in headers {
            let (name, value) = line.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        if let Some((kind, _)) = body {
            request = request.method("POST").header(header::CONTENT_TYPE, kind);
        }
        let body = Body::from(body.map(|(_, body)| body.to_owned()).unwrap_or_default());
        let request = request.body(body).unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let mut reply = Reply { status: response.status().as_u16(), ..Reply::default() };
            for (name, value) in response.headers() {
                reply.header(name.as_str(), value.to_str().unwrap());
            }
            let body = response.into_body().collect().await.unwrap().to_bytes();
            reply.body = String::from_utf8(body.to_vec()).unwrap();
            reply
        })
    }
}
