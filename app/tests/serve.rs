//! Over a real socket: kept connections, the address of whoever asks, and the end.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::time::Duration;

use app::{serve, server};
use common::Service;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Running {
    connection: TcpStream,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
    _service: Service,
}

async fn running() -> Running {
    let service = Service::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let until = serve::until(listener, server::service(&service.app), async {
        let _ = stopped.await;
    });
    let ended = tokio::spawn(until);
    Running { connection: TcpStream::connect(address).await.unwrap(), stop, ended, _service: service }
}

impl Running {
    /// Sends a request and answers what comes back up to `end`.
    async fn ask(&mut self, request: &str, end: &str) -> String {
        self.connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !String::from_utf8_lossy(&answer).contains(end) {
            let mut piece = [0; 4096];
            let read = tokio::time::timeout(Duration::from_secs(10), self.connection.read(&mut piece)).await;
            let read = read.unwrap().unwrap();
            assert!(read > 0, "ended after {}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&piece[..read]);
        }
        String::from_utf8(answer).unwrap()
    }
}

const ALIVE: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test]
async fn a_connection_serves_one_request_after_another_and_tells_who_asks() {
    let mut running = running().await;
    for _ in 0..3 {
        assert!(running.ask(ALIVE, "\r\n\r\nok").await.starts_with("HTTP/1.1 200"));
    }
    // Signing in counts failures by address, which only the connection knows.
    let form = "login=ai&password=sai";
    let request = format!(
        "POST /dang-nhap HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    assert!(running.ask(&request, "</html>").await.starts_with("HTTP/1.1 422"));
    assert!(running.ask(ALIVE, "\r\n\r\nok").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn the_end_waits_for_no_idle_connection_and_takes_no_new_one() {
    let mut running = running().await;
    running.ask(ALIVE, "\r\n\r\nok").await;
    let address = running.connection.peer_addr().unwrap();
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running.ended).await.unwrap().unwrap();
    assert_eq!(running.connection.read(&mut [0; 16]).await.unwrap(), 0);
    assert!(TcpStream::connect(address).await.is_err());
}
