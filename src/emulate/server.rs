//! The server of the Runtime and Extensions API, on 127.0.0.1.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use super::api::Api;
use super::http::Request;

/// A server with one thread for each connection. Dropping it closes the environment.
pub(super) struct Server {
    api: Arc<Api>,
    pub(super) address: SocketAddr,
}

impl Server {
    /// Starts to serve, on a port that is free.
    ///
    /// # Errors
    /// If the system refuses.
    pub(super) fn start(api: Api) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Self {
            api: Arc::new(api),
            address: listener.local_addr()?,
        };
        let api = server.api.clone();
        thread::Builder::new().spawn(move || accept(&listener, &api))?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.api.monitor.change(|state| state.is_closed = true);
        // The thread that accepts connections notices it with the next one.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, api: &Arc<Api>) {
    for stream in listener.incoming() {
        if api.monitor.change(|state| state.is_closed) {
            return;
        }
        let api = api.clone();
        // A connection that breaks, or that the system has no thread for, is closed.
        let _ =
            thread::Builder::new().spawn(move || stream.and_then(|stream| serve(&stream, &api)));
    }
}

/// Answers the requests of one connection.
fn serve(stream: &TcpStream, api: &Api) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream);
    let mut output = stream;
    while let Some(request) = Request::read(&mut input, &mut output)? {
        let Some(response) = api.respond(&request) else {
            break;
        };
        response.write(request.keeps_alive, &mut output)?;
        if !request.keeps_alive {
            break;
        }
    }
    Ok(())
}
