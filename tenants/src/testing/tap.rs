//! A way to a database on a unix socket that can be cut, held up and opened again under whoever uses it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Open,
    /// Connections end, new ones are not taken: the server was killed.
    Cut,
    /// Connections stay open and nothing comes through: the server, or the way to it, hangs.
    Held,
}

/// Runs as long as it lives.
pub struct Tap {
    folder: TempDir,
    flow: watch::Sender<Flow>,
}

const SOCKET: &str = ".s.PGSQL.5432";

impl Tap {
    /// Before the server whose socket is in `server`; needs a runtime.
    pub fn before(server: &Path) -> Tap {
        let folder = tempfile::tempdir().unwrap();
        let flow = watch::Sender::new(Flow::Open);
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        tokio::spawn(take(listener, server.join(SOCKET), flow.subscribe()));
        Tap { folder, flow }
    }

    /// The folder of its socket.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn cut(&self) {
        self.flow.send_replace(Flow::Cut);
    }

    pub fn hold(&self) {
        self.flow.send_replace(Flow::Held);
    }

    pub fn open(&self) {
        self.flow.send_replace(Flow::Open);
    }
}

async fn take(listener: UnixListener, server: PathBuf, flow: watch::Receiver<Flow>) {
    while let Ok((client, _)) = listener.accept().await {
        if *flow.borrow() == Flow::Cut {
            continue;
        }
        let (server, flow) = (server.clone(), flow.clone());
        tokio::spawn(async move {
            let Ok(server) = UnixStream::connect(server).await else { return };
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            let mut cut = flow.clone();
            tokio::select! {
                () = carry(from_client, to_server, flow.clone()) => (),
                () = carry(from_server, to_client, flow) => (),
                _ = cut.wait_for(|flow| *flow == Flow::Cut) => (),
            }
        });
    }
}

async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut flow: watch::Receiver<Flow>,
) {
    let mut piece = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        let passed = flow.wait_for(|flow| *flow != Flow::Held).await.is_ok();
        if !passed || to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}
