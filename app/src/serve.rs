//! Connections: accepted, kept alive and ended. A request is first shown to the kept pages, then to the router.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

use crate::page_front::{Answering, Fronted, Reply};

/// How long somebody may take to send the head of a request, and a kept connection may be silent.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes read ahead of a handler, and the longest head of a request: a hundred uploads at once stay small.
const READ_AHEAD: usize = 64 * 1024;
/// After an accept that failed for want of something: file handles, memory.
const ACCEPT_BACKOFF: Duration = Duration::from_secs(1);

/// Serves connections until `stop`, then lets each finish the request it is at.
pub async fn until(listener: TcpListener, service: Fronted<Router>, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(READ_AHEAD);
    let open = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let connection = http.serve_connection(TokioIo::new(stream), Connection { service: service.clone(), peer });
        let connection = open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "connection ended early");
            }
        });
    }
    drop(listener);
    open.shutdown().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it the end of an answer may wait for the acknowledgement of its beginning.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%peer, %error, "TCP_NODELAY");
                }
                return (stream, peer);
            }
            // The other side gave up before it was accepted.
            Err(error) if is_theirs(error.kind()) => (),
            Err(error) => {
                tracing::error!(%error, "accepting a connection");
                tokio::time::sleep(ACCEPT_BACKOFF).await;
            }
        }
    }
}

fn is_theirs(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

struct Connection {
    service: Fronted<Router>,
    peer: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for Connection {
    type Response = Reply;
    type Error = Infallible;
    type Future = Answering<<Router as Service<Request<Body>>>::Future>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.service.answer(request, Some(self.peer))
    }
}
