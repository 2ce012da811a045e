//! A mail server that keeps what it is sent: real SMTP over a real socket.

use std::io::{self, BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mailin::{Action, Handler, Response, SessionBuilder, response};

/// Every message received, as it came over the wire.
#[derive(Clone, Default)]
pub struct Sink(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    received: Vec<String>,
    refusing: bool,
}

impl Sink {
    /// Starts it on a port of its own; answers the address for `SMTP_URL`.
    pub fn start() -> (Sink, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let sink = Sink::default();
        let state = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = state.clone();
                std::thread::spawn(move || state.talk(&stream));
            }
        });
        (sink, url)
    }

    /// From now on mail is turned away for the time being, or taken again.
    pub fn refuse(&self, refusing: bool) {
        self.0.lock().unwrap().refusing = refusing;
    }

    /// Takes what came so far.
    pub fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().received)
    }

    fn talk(&self, mut stream: &TcpStream) -> Option<()> {
        let handler = Letterbox { sink: self.clone(), data: Vec::new() };
        let mut session = SessionBuilder::new("thu").build(IpAddr::V4(Ipv4Addr::LOCALHOST), handler);
        session.greeting().write_to(&mut stream).ok()?;
        let mut lines = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            if lines.read_until(b'\n', &mut line).ok()? == 0 {
                return None;
            }
            let answer = session.process(&line);
            if !matches!(answer.action, Action::NoReply) {
                answer.write_to(&mut stream).ok()?;
            }
            if matches!(answer.action, Action::Close) {
                return None;
            }
        }
    }
}

struct Letterbox {
    sink: Sink,
    data: Vec<u8>,
}

impl Handler for Letterbox {
    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        if self.sink.0.lock().unwrap().refusing { response::INTERNAL_ERROR } else { response::OK }
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.data.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let message = String::from_utf8_lossy(&std::mem::take(&mut self.data)).into_owned();
        self.sink.0.lock().unwrap().received.push(message);
        response::OK
    }
}
