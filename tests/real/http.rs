//! As much of HTTP as it takes to invoke a function.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An emulated machine may be slow to start, but it does not take this long.
const PATIENCE: Duration = Duration::from_secs(100);

/// Posts `body` and returns the body of the answer.
pub(crate) fn post(address: SocketAddr, path: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    // In HTTP/1.0 the answer simply ends where the connection does.
    stream.write_all(
        format!("POST {path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((_, body)) => Ok(body.to_owned()),
        None => Err(io::Error::other(format!("not an HTTP answer: {answer:?}"))),
    }
}
