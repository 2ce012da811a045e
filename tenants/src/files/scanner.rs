//! A virus scanner: clamd, given a file piece by piece (its command INSTREAM) and never holding it whole.

use futures::StreamExt;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::blobs::ByteStream;

/// Longest wait for a connection, or for the answer to a ping.
const CONNECT: Duration = Duration::from_secs(3);

/// Longest time for a whole file.
const SCAN: Duration = Duration::from_secs(120);

/// Longest answer read.
const ANSWER: u64 = 4 * 1024;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Host and port.
    Tcp(String),
    Socket(PathBuf),
}

/// What the scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// The name of what was found.
    Infected(String),
    /// Larger than the scanner takes (its setting `StreamMaxLength`).
    TooLarge,
}

/// A connection of either kind.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl Scanner {
    /// Reads `tcp://host:port`, or the path of a socket; `None` for anything else.
    pub fn parse(address: &str) -> Option<Scanner> {
        match address.strip_prefix("tcp://") {
            Some(place) => {
                let (host, port) = place.rsplit_once(':')?;
                let whole = !host.is_empty() && port.parse::<u16>().is_ok();
                whole.then(|| Scanner::Tcp(place.to_owned()))
            }
            None => address.starts_with('/').then(|| Scanner::Socket(address.into())),
        }
    }

    /// Whether it answers.
    pub async fn ping(&self) -> bool {
        let asked = async {
            let mut wire = self.connect().await?;
            wire.write_all(b"zPING\0").await?;
            answer(&mut wire).await
        };
        matches!(timeout(CONNECT, asked).await, Ok(Ok(answer)) if answer == "PONG")
    }

    /// Sends a file through. `Err` when the scanner cannot be reached, or the file not be read, to its end.
    pub async fn scan(&self, bytes: ByteStream) -> io::Result<Verdict> {
        let (mut ear, mut mouth) = tokio::io::split(self.connect().await?);
        // It says in the middle of a file that this is too large, and hangs up: whoever only listens afterwards may hear
        // nothing but the line going dead.
        let told = async {
            let mut told = pin!(answer(&mut ear));
            tokio::select! {
                told = &mut told => told,
                sent = send(&mut mouth, bytes) => match sent {
                    Ok(()) => told.await,
                    Err(cause) => told.await.map_err(|_| cause),
                },
            }
        };
        let told = timeout(SCAN, told).await.map_err(|_| late())??;
        verdict(&told).ok_or_else(|| io::Error::other(format!("the scanner says “{told}”")))
    }

    async fn connect(&self) -> io::Result<Box<dyn Wire>> {
        let connected = async {
            Ok(match self {
                Scanner::Tcp(place) => Box::new(TcpStream::connect(place).await?) as Box<dyn Wire>,
                Scanner::Socket(path) => Box::new(UnixStream::connect(path).await?),
            })
        };
        timeout(CONNECT, connected).await.map_err(|_| late())?
    }
}

/// Each piece with its length before it, and a piece of no length at the end.
async fn send(wire: &mut (impl AsyncWrite + Unpin), mut bytes: ByteStream) -> io::Result<()> {
    wire.write_all(b"zINSTREAM\0").await?;
    while let Some(piece) = bytes.next().await {
        let piece = piece?;
        if piece.is_empty() {
            continue;
        }
        wire.write_all(&u32::try_from(piece.len()).map_err(io::Error::other)?.to_be_bytes()).await?;
        wire.write_all(&piece).await?;
    }
    wire.write_all(&[0; 4]).await?;
    wire.flush().await
}

async fn answer(wire: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut bytes = Vec::new();
    let read = wire.take(ANSWER).read_to_end(&mut bytes).await;
    match read {
        Err(cause) if bytes.is_empty() => Err(cause),
        _ => Ok(String::from_utf8_lossy(&bytes).trim_matches(['\0', '\n', ' ']).to_owned()),
    }
}

fn verdict(told: &str) -> Option<Verdict> {
    if told.contains("size limit exceeded") {
        return Some(Verdict::TooLarge);
    }
    match told.strip_prefix("stream: ")? {
        "OK" => Some(Verdict::Clean),
        found => found.strip_suffix(" FOUND").map(|name| Verdict::Infected(name.to_owned())),
    }
}

fn late() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "the scanner takes too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        assert_eq!(Scanner::parse("tcp://clamav:3310"), Some(Scanner::Tcp("clamav:3310".into())));
        assert_eq!(Scanner::parse("/run/clamav/clamd.ctl"), Some(Scanner::Socket("/run/clamav/clamd.ctl".into())));
        for wrong in ["clamav:3310", "tcp://clamav", "tcp://:3310", "http://clamav:3310", ""] {
            assert_eq!(Scanner::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn answers_are_understood() {
        assert_eq!(verdict("stream: OK"), Some(Verdict::Clean));
        assert_eq!(verdict("stream: Thu.Vo.Hai FOUND"), Some(Verdict::Infected("Thu.Vo.Hai".into())));
        assert_eq!(verdict("INSTREAM size limit exceeded. ERROR"), Some(Verdict::TooLarge));
        assert_eq!(verdict("stream: NOT OK FOUND OUT"), None);
        assert_eq!(verdict("UNKNOWN COMMAND"), None);
    }
}
