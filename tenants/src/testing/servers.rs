//! Redis, an S3-compatible store and a virus scanner, each for one test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{printed, script};
use crate::files::blobs::S3Settings;
use crate::files::scanner::Scanner;
use crate::store::sha256_hex;

/// A running server; ended when it is dropped.
pub struct Server {
    pub url: String,
    child: Child,
    /// Its data, removed with it.
    _folder: TempDir,
}

impl Server {
    fn start(command: &mut Command, url: String, folder: TempDir, answers: impl Fn() -> bool) -> Server {
        let quiet = command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = quiet.spawn().unwrap();
        let server = Server { url, child, _folder: folder };
        let started = Instant::now();
        while !answers() {
            assert!(started.elapsed() < Duration::from_secs(30), "{command:?} does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Stops it in its tracks: connections stay open and nothing answers.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Kills it, as a fault would.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// An empty Redis on a unix socket.
pub fn redis() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let mut command = Command::new("redis-server");
    command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]).arg(&socket);
    let url = format!("redis+unix://{}", socket.display());
    Server::start(&mut command, url, folder, || UnixStream::connect(&socket).is_ok())
}

/// What a real client does to a Redis.
pub fn redis_cli(server: &Server, arguments: &[&str]) {
    let socket = server.url.strip_prefix("redis+unix://").unwrap();
    let done = Command::new("redis-cli").args(["-s", socket]).args(arguments).output().unwrap();
    assert!(done.status.success() && !done.stdout.starts_with(b"ERR"), "{arguments:?}: {done:?}");
}

/// A document of one blank page.
pub const PDF: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
";

/// A file that `clamd` takes for infected: its only signature is this content's.
pub const INFECTED: &[u8] = b"%PDF-1.4
% the virus of the tests, which harms nobody
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
";

/// A virus scanner that knows one signature and takes at most a megabyte.
pub fn clamd() -> (Server, Scanner) {
    let folder = tempfile::tempdir().unwrap();
    let (socket, signatures) = (folder.path().join("socket"), folder.path().join("signatures"));
    std::fs::create_dir(&signatures).unwrap();
    let signature = format!("{}:{}:Thuoc.Test\n", sha256_hex(INFECTED), INFECTED.len());
    std::fs::write(signatures.join("thuoc.hsb"), signature).unwrap();
    let settings = format!(
        "LocalSocket {}\nDatabaseDirectory {}\nTemporaryDirectory {}\nForeground yes\nStreamMaxLength 1M\n",
        socket.display(),
        signatures.display(),
        folder.path().display(),
    );
    let file = folder.path().join("clamd.conf");
    std::fs::write(&file, settings).unwrap();
    let mut command = Command::new("clamd");
    command.arg("--config-file").arg(&file);
    let url = socket.display().to_string();
    let server = Server::start(&mut command, url, folder, || UnixStream::connect(&socket).is_ok());
    (server, Scanner::Socket(socket))
}

/// An S3-compatible store with one empty bucket.
pub fn s3() -> (Server, S3Settings) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = Command::new(printed(script("test-servers").arg("moto")));
    command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
    let answers = || TcpStream::connect(address).is_ok();
    let server = Server::start(&mut command, format!("http://{address}"), tempfile::tempdir().unwrap(), answers);
    let settings = S3Settings {
        endpoint: server.url.clone(),
        region: "us-east-1".into(),
        bucket: "evidence".into(),
        access_key: "test".into(),
        secret_key: "test".into(),
    };
    let mut http = TcpStream::connect(address).unwrap();
    let make = format!("PUT /{} HTTP/1.0\r\nHost: {address}\r\nContent-Length: 0\r\n\r\n", settings.bucket);
    http.write_all(make.as_bytes()).unwrap();
    let mut answer = String::new();
    http.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(" 200 "), "{answer}");
    (server, settings)
}
