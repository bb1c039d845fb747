//! As much of HTTP/1.1 as runtimes and extensions speak.

use std::io::{self, BufRead, Read, Write};

use crate::lambda::execution::PAYLOAD;

/// The longest head of a request in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// The most header fields of a request.
const MOST_FIELDS: usize = 100;

/// A request that was read to its end.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// The header fields, and after them the trailer fields.
    fields: Vec<(String, String)>,
    /// At most one byte more than [`PAYLOAD`]; the rest is dropped.
    pub(super) body: Vec<u8>,
    /// True if the connection stays open.
    pub(super) keeps_alive: bool,
}

/// The answer to a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// The value of a header or trailer field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = (self.fields.iter()).find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Reads a request from `input`; `None` at its end. A client that asks for it on `output` is
    /// told to go on with the body.
    ///
    /// # Errors
    /// If the connection breaks, or what comes is not HTTP.
    pub(super) fn read(
        input: &mut impl BufRead,
        output: &mut impl Write,
    ) -> io::Result<Option<Self>> {
        let head = block(input)?;
        if head.is_empty() {
            return Ok(None);
        }
        let mut request = Self::parse(&head)?;
        let is = |name, value: &str| {
            let field = request.field(name).unwrap_or_default();
            field.to_ascii_lowercase().contains(value)
        };
        if is("Expect", "100-continue") {
            output.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if is("Transfer-Encoding", "chunked") {
            request.read_chunks(input)?;
        } else if let Some(length) = request.field("Content-Length") {
            let length = length.trim().parse().map_err(|_| invalid())?;
            take(input, length, &mut request.body)?;
        }
        Ok(Some(request))
    }

    fn parse(head: &[u8]) -> io::Result<Self> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let mut parsed = httparse::Request::new(&mut fields);
        if !parsed.parse(head).is_ok_and(|status| status.is_complete()) {
            return Err(invalid());
        }
        let mut request = Self {
            method: parsed.method.unwrap_or_default().to_owned(),
            path: parsed.path.unwrap_or_default().to_owned(),
            fields: parsed.headers.iter().map(owned).collect(),
            ..Self::default()
        };
        let connection = request.field("Connection").unwrap_or_default();
        request.keeps_alive = if parsed.version == Some(0) {
            connection.eq_ignore_ascii_case("keep-alive")
        } else {
            !connection.eq_ignore_ascii_case("close")
        };
        Ok(request)
    }

    fn read_chunks(&mut self, input: &mut impl BufRead) -> io::Result<()> {
        loop {
            let mut line = Vec::new();
            input
                .by_ref()
                .take(LONGEST_HEAD as u64)
                .read_until(b'\n', &mut line)?;
            let Ok(httparse::Status::Complete((_, length))) = httparse::parse_chunk_size(&line)
            else {
                return Err(invalid());
            };
            if length == 0 {
                break;
            }
            take(input, length, &mut self.body)?;
            let mut end = [0; 2];
            input.read_exact(&mut end)?;
            if &end != b"\r\n" {
                return Err(invalid());
            }
        }
        let trailers = block(input)?;
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        match httparse::parse_headers(&trailers, &mut fields) {
            Ok(httparse::Status::Complete((_, fields))) => {
                self.fields.extend(fields.iter().map(owned));
                Ok(())
            }
            _ => Err(invalid()),
        }
    }
}

impl Response {
    /// An answer of JSON.
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self {
            status,
            fields: vec![("Content-Type", "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    /// Writes it to `output`.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(super) fn write(&self, keeps_alive: bool, output: &mut impl Write) -> io::Result<()> {
        let reason = match self.status {
            200 => "OK",
            202 => "Accepted",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            413 => "Request Entity Too Large",
            _ => "",
        };
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for (name, value) in &self.fields {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let length = self.body.len().to_string();
        head.extend(["Content-Length: ", &length, "\r\n"]);
        if !keeps_alive {
            head += "Connection: close\r\n";
        }
        head += "\r\n";
        output.write_all(&[head.as_bytes(), &self.body].concat())?;
        output.flush()
    }
}

fn owned(field: &httparse::Header<'_>) -> (String, String) {
    let value = String::from_utf8_lossy(field.value).into_owned();
    (field.name.to_owned(), value)
}

/// Reads lines up to an empty one, which is included.
fn block(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let start = bytes.len();
        let left = (LONGEST_HEAD - start) as u64;
        input.by_ref().take(left).read_until(b'\n', &mut bytes)?;
        match &bytes[start..] {
            b"" if start == 0 => return Ok(bytes),
            b"\r\n" | b"\n" => return Ok(bytes),
            line if line.ends_with(b"\n") => {}
            _ => return Err(invalid()),
        }
    }
}

/// Reads `length` bytes, and keeps as many as a body may have.
fn take(input: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let room = (PAYLOAD + 1).saturating_sub(body.len() as u64);
    let kept = io::copy(&mut input.by_ref().take(length.min(room)), body)?;
    let dropped = io::copy(&mut input.by_ref().take(length - kept), &mut io::sink())?;
    if kept + dropped < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn invalid() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not HTTP")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (io::Result<Option<Request>>, String) {
        let mut output = Vec::new();
        let request = Request::read(&mut text.as_bytes(), &mut output);
        (request, String::from_utf8(output).unwrap())
    }

    fn request(text: &str) -> Request {
        read(text).0.unwrap().unwrap()
    }

    #[test]
    fn a_body_has_a_length_or_comes_in_chunks() {
        let read = request("POST /a HTTP/1.1\r\ncontent-length: 3\r\n\r\nabcd");
        assert_eq!((&*read.method, &*read.path), ("POST", "/a"));
        assert_eq!(read.body, b"abc");
        assert!(read.keeps_alive);
        let chunks = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
                      3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Error: late\r\n\r\n";
        let read = request(chunks);
        assert_eq!(read.body, b"abcde");
        assert_eq!(read.field("x-error"), Some("late"));
    }

    #[test]
    fn connections_of_http_1_0_are_closed() {
        assert!(!request("GET /a HTTP/1.0\r\n\r\n").keeps_alive);
        assert!(!request("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n").keeps_alive);
        let mut written = Vec::new();
        let response = Response {
            status: 404,
            fields: Vec::new(),
            body: b"no".to_vec(),
        };
        response.write(false, &mut written).unwrap();
        let expected = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";
        assert_eq!(written, expected.as_bytes());
    }

    #[test]
    fn a_client_that_waits_is_told_to_go_on() {
        let (_, said) =
            read("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na");
        assert_eq!(said, "HTTP/1.1 100 Continue\r\n\r\n");
    }

    #[test]
    fn a_large_body_is_read_and_not_kept() {
        let length = usize::try_from(PAYLOAD).unwrap() + 1000;
        let text = format!("POST /a HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        let bytes = [
            text.as_bytes(),
            &vec![b'a'; length],
            b"GET /b HTTP/1.1\r\n\r\n",
        ]
        .concat();
        let mut input = &bytes[..];
        let first = Request::read(&mut input, &mut io::sink()).unwrap().unwrap();
        assert_eq!(first.body.len() as u64, PAYLOAD + 1);
        let second = Request::read(&mut input, &mut io::sink()).unwrap().unwrap();
        assert_eq!(second.path, "/b");
    }

    #[test]
    fn what_is_not_http_is_refused() {
        assert!(read("").0.unwrap().is_none());
        for text in [
            "nonsense\r\n\r\n",
            "GET /a HTTP/1.1\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc",
            "POST /a HTTP/1.1\r\nContent-Length: -5\r\n\r\nabc",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
        ] {
            assert!(read(text).0.is_err(), "{text}");
        }
        let endless = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(LONGEST_HEAD));
        assert!(read(&endless).0.is_err());
    }
}
