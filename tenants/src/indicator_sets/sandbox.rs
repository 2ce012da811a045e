//! Definition scripts run in a child process with limits on memory and CPU, so no script can hurt the server.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

use engine::run::Drafted;
use engine::{Diagnostic, Severity};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// Everything a worker may write to: stack, heap, copies of its own data. The set of 68 indicators needs a third of it;
/// with the program itself mapped beside it, a worker stays under 64 MB.
const MEMORY: u64 = 40 << 20;
/// Addresses a worker may reserve, used or not.
const ADDRESSES: u64 = 512 << 20;
const CPU_SECONDS: u64 = 1;
/// On a loaded machine a second of work takes longer than a second.
const PATIENCE: Duration = Duration::from_secs(4);
/// Stack of the compiling thread. The deepest nesting the sandbox lets through fits; see the hostile scripts.
const STACK: usize = 8 << 20;
/// Workers at once; further checks wait their turn.
static WORKERS: Semaphore = Semaphore::const_new(2);

/// The program that serves as the worker, e.g. this very binary with its hidden verb.
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    pub program: std::path::PathBuf,
    pub args: Vec<String>,
}

/// Compiles a script in a worker. A worker that dies or takes too long is a diagnostic, not an error.
pub async fn draft(worker: &WorkerCommand, source: &str) -> Result<Drafted> {
    let _turn = WORKERS.acquire().await.map_err(Error::internal)?;
    let mut child = Command::new(&worker.program)
        .args(&worker.args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(Error::internal)?;
    let stdin = child.stdin.take();
    let fed = async move {
        if let Some(mut stdin) = stdin {
            // A worker that died early closes its end; its answer, or the lack of one, says the rest.
            let _ = stdin.write_all(source.as_bytes()).await;
        }
    };
    let answered = tokio::time::timeout(PATIENCE, async { tokio::join!(fed, answer(child)).1 }).await;
    match answered {
        Ok(answer) => answer,
        Err(_) => Ok(overrun("Kịch bản chạy quá lâu; hãy bỏ vòng lặp hoặc viết gọn lại.")),
    }
}

async fn answer(child: Child) -> Result<Drafted> {
    let output = child.wait_with_output().await.map_err(Error::internal)?;
    if !output.status.success() {
        return Ok(overrun("Kịch bản dùng quá nhiều bộ nhớ hoặc thời gian nên đã bị dừng."));
    }
    serde_json::from_slice(&output.stdout).map_err(Error::internal)
}

fn overrun(message: &str) -> Drafted {
    let (code, message) = ("stopped".into(), message.into());
    let found = Diagnostic { code, message, severity: Severity::Error, line: 0, column: 0, indicator: None };
    Drafted { set: None, found: vec![found] }
}

/// The worker's whole life: limit itself, read a script, compile it, write the outcome.
pub fn serve_worker() -> std::io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::DATA, MEMORY, MEMORY)?;
    rlimit::setrlimit(rlimit::Resource::AS, ADDRESSES, ADDRESSES)?;
    rlimit::setrlimit(rlimit::Resource::CPU, CPU_SECONDS, CPU_SECONDS)?;
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    let mut source = String::new();
    std::io::stdin().read_to_string(&mut source)?;
    let compiling = std::thread::Builder::new().stack_size(STACK).spawn(move || engine::run::draft(&source))?;
    let drafted: Drafted = compiling.join().map_err(|_| std::io::Error::other("compiling failed"))?;
    let json = serde_json::to_vec(&drafted)?;
    std::io::stdout().write_all(&json)
}
