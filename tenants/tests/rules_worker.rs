//! Definition scripts in the worker process: a set comes back as data, and whatever a script does to the worker comes
//! back as a diagnostic.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use engine::{Diagnostic, IndicatorSet};
use tenants::indicator_sets::sandbox::{self, WorkerCommand};

/// What a hostile script may take, here and on a loaded machine. Without optimisation everything is many times slower.
const A_SECOND: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5000 } else { 1000 });

fn worker(program: &str, args: &[&str]) -> WorkerCommand {
    WorkerCommand { program: program.into(), args: args.iter().map(ToString::to_string).collect() }
}

fn real() -> WorkerCommand {
    worker(env!("CARGO_BIN_EXE_rules-worker"), &[])
}

async fn compile(worker: &WorkerCommand, source: &str) -> Result<IndicatorSet, Vec<Diagnostic>> {
    sandbox::draft(worker, source).await.unwrap().usable().map(|compiled| compiled.set)
}

/// The code of the first diagnostic.
async fn refused(worker: &WorkerCommand, source: &str) -> String {
    compile(worker, source).await.unwrap_err().remove(0).code
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

#[tokio::test]
async fn a_set_comes_back_as_it_would_in_process() {
    let source = read("seeds/sets/huyen-2022.rhai");
    let set = compile(&real(), &source).await.unwrap();
    assert_eq!(set, engine::run::compile(&source).unwrap().set);
}

#[tokio::test]
async fn mistakes_come_back_with_their_place() {
    let found = compile(&real(), "indicator_set(\"x\", #{ name: \"x\", total: 1 });\n\nthing();").await.unwrap_err();
    assert_eq!((found[0].code.as_str(), found[0].line, found[0].column), ("unknown-function", 3, 1));
}

#[tokio::test]
async fn every_hostile_script_comes_back_as_a_diagnostic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/tests/hostile");
    let (mut scripts, mut longest) = (0, (Duration::ZERO, String::new()));
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let began = Instant::now();
        let found = compile(&real(), &std::fs::read_to_string(&path).unwrap()).await;
        longest = longest.max((began.elapsed(), path.display().to_string()));
        assert!(!found.expect_err(&path.display().to_string()).is_empty());
        scripts += 1;
    }
    assert!(scripts >= 40, "{scripts}");
    println!("the longest: {longest:?}");
    assert!(longest.0 < A_SECOND, "{longest:?}");
}

#[tokio::test]
async fn a_script_that_eats_memory_is_stopped_by_the_kernel() {
    // Inside the sandbox's limits each text is small and each map short; only together are they too much.
    let source = "let long = \"x\"; for i in 0..11 { long += long; } let m = #{};\n\
                  for i in 0..1000000 { m[`${long}${i}`] = `${long}${i}`; }";
    assert_eq!(refused(&real(), source).await, "stopped");
}

#[tokio::test]
async fn a_script_that_burns_the_processor_is_stopped_on_a_loaded_machine_too() {
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let load = (0..8).map(|_| {
        let stop = stop.clone();
        std::thread::spawn(move || while !stop.load(std::sync::atomic::Ordering::Relaxed) {})
    });
    let load: Vec<_> = load.collect();
    // Within the operations a script may have, each of them long.
    let source = "let all = []; for i in 0..500 { all.push(i); } for i in 0..150000 { all.sort(); }";
    let began = Instant::now();
    let found = compile(&real(), source).await;
    let took = began.elapsed();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    load.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(found.is_err());
    assert!(took < A_SECOND, "{took:?}");
}

#[tokio::test]
async fn a_worker_that_never_answers_is_given_up() {
    assert_eq!(refused(&worker("/bin/sleep", &["60"]), "").await, "stopped");
}

#[tokio::test]
async fn a_worker_that_dies_is_a_diagnostic() {
    assert_eq!(refused(&worker("/bin/false", &[]), &"x".repeat(1 << 20)).await, "stopped");
}

#[tokio::test]
async fn a_worker_that_is_missing_or_talks_nonsense_is_our_failure() {
    assert!(sandbox::draft(&worker("/nonexistent/worker", &[]), "").await.is_err());
    assert!(sandbox::draft(&worker("/bin/echo", &["nonsense"]), "").await.is_err());
}

#[tokio::test]
async fn many_at_once_wait_for_their_turn() {
    let source = read("seeds/sets/xa-vi-du.rhai");
    let worker = real();
    let all = futures::future::join_all((0..12).map(|_| compile(&worker, &source))).await;
    assert!(all.iter().all(Result::is_ok));
}

#[tokio::test]
async fn the_worker_sees_nothing_of_our_environment() {
    let shell = worker(
        "/bin/sh",
        &["-c", "test -z \"$HOME$DATABASE_URL\" && echo '{\"Draft\":{\"drafted\":{\"found\":[]},\"results\":[]}}'"],
    );
    assert_eq!(sandbox::draft(&shell, "").await.unwrap(), engine::run::Drafted::default());
}

#[tokio::test]
async fn an_archive_that_swells_is_refused_and_a_table_is_read() {
    use std::io::{Cursor, Write};
    use zip::write::{SimpleFileOptions, ZipWriter};
    let archive = |text: &[u8], times: usize| {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
        for _ in 0..times {
            writer.write_all(text).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let worker = worker(env!("CARGO_BIN_EXE_rules-worker"), &[]);
    let row = b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1.1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    assert_eq!(sandbox::table(&worker, &archive(row, 1)).await.unwrap().rows, [["1.1", "A"]]);
    let cell = b"<w:tr><w:tc><w:tc><w:tc><w:tc><w:tc><w:tc><w:tc><w:tc><w:tc>";
    let bomb = archive(&cell.repeat(1000), 2000);
    assert!(bomb.len() < 1 << 20, "{} bytes unpack to a hundred megabytes", bomb.len());
    let refused = sandbox::table(&worker, &bomb).await;
    assert!(matches!(refused, Err(tenants::Error::Invalid(_))), "{refused:?}");
    assert!(sandbox::table(&worker, b"%PDF").await.is_err());
}
