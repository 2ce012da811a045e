//! Whatever an author wrote is run in a child process with limits on memory and CPU, so that none of it can hurt the server:
//! definition scripts, the check of a set, its cases, trials of a formula.

use std::borrow::Cow;
use std::io::{BufRead, Read, Write};
use std::process::Stdio;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use engine::run::{CaseResult, Drafted};
use engine::{Diagnostic, IndicatorSet, Severity};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::OfficeTable;
use super::proof::{self, Asked, Proven};
use crate::files::MAX_FILE;
use crate::files::blobs::ByteStream;
use crate::files::look::{Look, look};
use crate::workbook::{self, Filled};
use crate::{Error, Problem, Result};

/// Everything a worker may write to: stack, heap, copies of its own data. The set of 68 indicators needs a third of it;
/// with the program itself mapped beside it, a worker stays under 64 MB.
const MEMORY: u64 = 40 << 20;
/// Addresses a worker may reserve, used or not.
const ADDRESSES: u64 = 512 << 20;
/// What the kernel ends a worker at that could not end itself.
const CPU_SECONDS: u64 = 2;
/// What a worker ends itself at, in processor time: the set of 68 indicators with its cases needs a thirtieth of it. Builds
/// without optimisation are many times slower.
const CPU: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1500 } else { 400 });
/// Longest wait for an answer, by the clock on the wall: a loaded machine does not make a hostile script any longer.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 4000 } else { 950 });
/// Stack of the compiling thread. The deepest nesting the sandbox lets through fits; see the hostile scripts.
const STACK: usize = 8 << 20;
/// Workers at once; further checks wait their turn.
static WORKERS: Semaphore = Semaphore::const_new(2);
/// What a worker may write to that looks into a document: the largest one, once more as it is read, and its own data.
const DOCUMENT_MEMORY: u64 = 2 * MAX_FILE + MEMORY;
const DOCUMENT_SECONDS: u64 = 4;
const DOCUMENT_TIMEOUT: Duration = Duration::from_secs(12);
/// Workers at once that look into documents.
static READERS: Semaphore = Semaphore::const_new(2);

/// The program that serves as the worker, e.g. this very binary with its hidden verb.
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    pub program: std::path::PathBuf,
    pub args: Vec<String>,
}

/// What a worker is asked for: what somebody else wrote is run or unpacked there and nowhere else.
#[derive(Debug, Serialize, Deserialize)]
enum Request<'a> {
    /// What the script declares, everything found wrong with it, and how its cases go.
    Draft(Cow<'a, str>),
    /// What an edited set, or one indicator of it, comes to.
    Prove(Box<Asked<'a>>),
    /// The script that declares this set instead, with what its author wrote kept.
    Rewrite(Cow<'a, str>, Box<Cow<'a, IndicatorSet>>),
    /// The table in an office file, in base 64.
    Table(String),
    /// The answers in a scorecard's workbook, in base 64.
    Workbook(String),
    /// Whether the document can be opened whose bytes, so many, follow the line of the request.
    Document(u64),
}

#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Draft(Box<Tried>),
    Prove(Box<Proven>),
    Rewrite(String),
    Table(std::result::Result<OfficeTable, String>),
    Workbook(std::result::Result<Box<Filled>, String>),
    Document(Look),
}

/// A draft and how its stored cases go; none of them while its formulas do not compile.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Tried {
    pub drafted: Drafted,
    pub results: Vec<CaseResult>,
}

/// Compiles a script in a worker. A worker that dies or takes too long is a diagnostic, not an error.
pub async fn draft(worker: &WorkerCommand, source: &str) -> Result<Drafted> {
    Ok(tried(worker, source).await?.drafted)
}

/// The same, and runs the script's cases.
pub(super) async fn tried(worker: &WorkerCommand, source: &str) -> Result<Tried> {
    match ask(worker, &Request::Draft(source.into())).await? {
        Ok(Answer::Draft(tried)) => Ok(*tried),
        Ok(_) => Err(Error::internal("the worker answered another question")),
        Err(told) => Ok(Tried { drafted: overrun(told), results: Vec::new() }),
    }
}

/// What an edited set comes to, with the same diagnostic for a worker that was lost.
pub(super) async fn proven(worker: &WorkerCommand, asked: Asked<'_>) -> Result<Proven> {
    match ask(worker, &Request::Prove(Box::new(asked))).await? {
        Ok(Answer::Prove(proven)) => Ok(*proven),
        Ok(_) => Err(Error::internal("the worker answered another question")),
        Err(told) => Ok(Proven { found: overrun(told).found, ..Proven::default() }),
    }
}

/// The script of an edited set. Where the worker cannot keep the author's text, the set is printed anew.
pub async fn rewrite(worker: &WorkerCommand, source: &str, set: &IndicatorSet) -> Result<String> {
    match ask(worker, &Request::Rewrite(source.into(), Box::new(Cow::Borrowed(set)))).await? {
        Ok(Answer::Rewrite(source)) => Ok(source),
        Ok(_) | Err(_) => Ok(engine::print(set)),
    }
}

/// The table of indicators in an Excel or Word file. `Err(Invalid)` says what is wrong with the file.
pub async fn table(worker: &WorkerCommand, file: &[u8]) -> Result<OfficeTable> {
    let refuse = |message: &str| Err(Error::Invalid(vec![Problem::new("file", message)]));
    match ask(worker, &Request::Table(BASE64_STANDARD.encode(file))).await? {
        Ok(Answer::Table(Ok(table))) => Ok(table),
        Ok(Answer::Table(Err(message))) => refuse(&message),
        Ok(_) => Err(Error::internal("the worker answered another question")),
        Err(_) => refuse("Tệp quá lớn hoặc quá phức tạp; hãy chép riêng bảng chỉ số sang một tệp mới."),
    }
}

/// What stands in a scorecard's workbook. `Err(Invalid)` says what is wrong with the file.
pub async fn workbook(worker: &WorkerCommand, file: &[u8]) -> Result<Filled> {
    let refuse = |message: &str| Err(Error::Invalid(vec![Problem::new("file", message)]));
    if file.len() > workbook::LARGEST {
        return refuse(
            "Tệp lớn hơn 2 MB nên không phải biểu tải từ hệ thống; hãy tải biểu mới và chỉ điền vào ô nền vàng.",
        );
    }
    match ask(worker, &Request::Workbook(BASE64_STANDARD.encode(file))).await? {
        Ok(Answer::Workbook(Ok(filled))) => Ok(*filled),
        Ok(Answer::Workbook(Err(message))) => refuse(&message),
        Ok(_) => Err(Error::internal("the worker answered another question")),
        Err(_) => refuse("Tệp quá phức tạp để đọc; hãy tải biểu mới rồi chép giá trị sang."),
    }
}

/// Whether a document can be opened. `None` when that could not be told within the limits.
pub async fn document(worker: &WorkerCommand, mut bytes: ByteStream, length: u64) -> Result<Option<Look>> {
    let mut question = serde_json::to_vec(&Request::Document(length)).map_err(Error::internal)?;
    question.push(b'\n');
    let _turn = READERS.acquire().await.map_err(Error::internal)?;
    let mut child = start(worker)?;
    let stdin = child.stdin.take();
    let fed = async move {
        let Some(mut stdin) = stdin else { return Ok(()) };
        stdin.write_all(&question).await?;
        while let Some(piece) = bytes.try_next().await? {
            stdin.write_all(&piece).await?;
        }
        stdin.shutdown().await
    };
    let looked = async {
        let (fed, answer) = tokio::join!(fed, answer(child));
        // A worker that ended early closes its end, and its answer says the rest.
        if let Err(error) = fed {
            tracing::debug!(%error, "a document was not read to its end");
        }
        answer
    };
    match tokio::time::timeout(DOCUMENT_TIMEOUT, looked).await {
        Ok(Ok(Ok(Answer::Document(look)))) => Ok(Some(look)),
        Ok(Ok(Ok(_))) => Err(Error::internal("the worker answered another question")),
        Ok(Err(error)) => Err(error),
        Ok(Ok(Err(_))) | Err(_) => Ok(None),
    }
}

fn start(worker: &WorkerCommand) -> Result<Child> {
    Command::new(&worker.program)
        .args(&worker.args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(Error::internal)
}

/// `Ok(Err)` says in words how the worker was lost.
async fn ask(worker: &WorkerCommand, request: &Request<'_>) -> Result<std::result::Result<Answer, &'static str>> {
    let question = serde_json::to_vec(request).map_err(Error::internal)?;
    let _turn = WORKERS.acquire().await.map_err(Error::internal)?;
    let mut child = start(worker)?;
    let stdin = child.stdin.take();
    let fed = async move {
        if let Some(mut stdin) = stdin {
            // A worker that died early closes its end; its answer, or the lack of one, says the rest.
            let _ = stdin.write_all(&question).await;
        }
    };
    let answered = tokio::time::timeout(ANSWER_TIMEOUT, async { tokio::join!(fed, answer(child)).1 }).await;
    match answered {
        Ok(answer) => answer,
        Err(_) => Ok(Err("Kịch bản chạy quá lâu; hãy bỏ vòng lặp hoặc viết gọn lại.")),
    }
}

async fn answer(child: Child) -> Result<std::result::Result<Answer, &'static str>> {
    let output = child.wait_with_output().await.map_err(Error::internal)?;
    if !output.status.success() {
        return Ok(Err("Kịch bản dùng quá nhiều bộ nhớ hoặc thời gian nên đã bị dừng."));
    }
    serde_json::from_slice(&output.stdout).map(Ok).map_err(Error::internal)
}

/// Code of the diagnostic for a script whose worker died or took too long.
pub const STOPPED: &str = "stopped";

fn overrun(message: &str) -> Drafted {
    let (code, message) = (STOPPED.into(), message.into());
    let found = Diagnostic { code, message, severity: Severity::Error, line: 0, column: 0, indicator: None };
    Drafted { set: None, found: vec![found] }
}

/// The worker's whole life: limit itself, read a request, run its script, write the answer.
pub fn serve_worker() -> std::io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::DATA, MEMORY, DOCUMENT_MEMORY)?;
    rlimit::setrlimit(rlimit::Resource::AS, ADDRESSES, ADDRESSES)?;
    rlimit::setrlimit(rlimit::Resource::CPU, CPU_SECONDS, DOCUMENT_SECONDS)?;
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    let mut question = String::new();
    std::io::stdin().lock().read_line(&mut question)?;
    if question.ends_with('\n')
        && let Request::Document(length) = serde_json::from_str(&question)?
    {
        return serve_document(length);
    }
    rlimit::setrlimit(rlimit::Resource::DATA, MEMORY, MEMORY)?;
    rlimit::setrlimit(rlimit::Resource::CPU, CPU_SECONDS, CPU_SECONDS)?;
    std::thread::Builder::new().stack_size(64 << 10).spawn(watch)?;
    let compiling = std::thread::Builder::new().stack_size(STACK).spawn(move || serve(&question))?;
    let answer = compiling.join().map_err(|_| std::io::Error::other("compiling failed"))??;
    let json = serde_json::to_vec(&answer)?;
    std::io::stdout().write_all(&json)
}

/// Ends the worker when it has used up its processor time. The kernel's own limit counts in whole seconds.
fn watch() {
    while processor_time().is_some_and(|used| used < CPU) {
        std::thread::sleep(Duration::from_millis(20));
    }
    if processor_time().is_some() {
        std::process::exit(1);
    }
}

/// Of the whole process; `None` where the system does not tell it so.
fn processor_time() -> Option<Duration> {
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u32>().ok();
    Some(TICK * (ticks(11)? + ticks(12)?))
}

/// A document takes as much memory as it is long, so it gets more than a script.
fn serve_document(length: u64) -> std::io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::DATA, DOCUMENT_MEMORY, DOCUMENT_MEMORY)?;
    rlimit::setrlimit(rlimit::Resource::CPU, DOCUMENT_SECONDS, DOCUMENT_SECONDS)?;
    let length = length.min(MAX_FILE);
    // All of it at once: growing would take the memory twice.
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_err(std::io::Error::other)? + 64);
    std::io::stdin().lock().take(length).read_to_end(&mut bytes)?;
    // The stack of the main thread may be smaller than what a deeply nested document takes.
    let looking = std::thread::Builder::new().stack_size(STACK).spawn(move || look(&bytes))?;
    let looked = looking.join().map_err(|_| std::io::Error::other("looking failed"))?;
    std::io::stdout().write_all(&serde_json::to_vec(&Answer::Document(looked))?)
}

fn serve(question: &str) -> std::io::Result<Answer> {
    Ok(match serde_json::from_str(question)? {
        Request::Draft(source) => Answer::Draft(Box::new(proof::try_draft(engine::run::draft(&source)))),
        Request::Prove(asked) => Answer::Prove(Box::new(proof::answer(&asked))),
        Request::Rewrite(source, set) => Answer::Rewrite(engine::run::rewrite(&source, &set)),
        Request::Table(file) => {
            let bytes = BASE64_STANDARD.decode(file).map_err(std::io::Error::other)?;
            Answer::Table(super::office::table(&bytes))
        }
        Request::Workbook(file) => {
            let bytes = BASE64_STANDARD.decode(file).map_err(std::io::Error::other)?;
            Answer::Workbook(workbook::read(&bytes).map(Box::new))
        }
        Request::Document(_) => return Err(std::io::Error::other("a document follows its request")),
    })
}
