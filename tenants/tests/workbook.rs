//! A scorecard as an Excel workbook, through the use cases and the worker, on both databases.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use common::{Authority, DEADLINE, answer, worker};
use tenants::assessments::{self, SaveAnswer};
use tenants::caller::{Grant, Role};
use tenants::indicator_sets::sandbox;
use tenants::sheets::{ClaimGround, RowState};
use tenants::testing::on_both;
use tenants::workbook::{self, Choice, Filled, Outcome};
use tenants::{Caller, Error, Result, desk};
use time::Duration;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

async fn download(here: &Authority<'_>, caller: &Caller, unit: usize) -> Vec<u8> {
    let tx = here.test.db.read(caller).await.unwrap();
    workbook::write(&workbook::blank(&tx, here.sheets[unit]).await.unwrap()).unwrap()
}

/// The workbook with some cells of its table replaced, as an office program would write them.
fn with(book: &[u8], cells: &[(&str, &str)]) -> Vec<u8> {
    rewritten(book, |name, text| match name {
        "xl/worksheets/sheet1.xml" => cells.iter().fold(text, |text, (at, content)| replace(&text, at, content)),
        _ => text,
    })
}

/// The archive with its files passed through `change`.
fn rewritten(book: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        copy.start_file(name.clone(), SimpleFileOptions::default()).unwrap();
        copy.write_all(change(&name, text).as_bytes()).unwrap();
    }
    copy.finish().unwrap().into_inner()
}

/// `content` is a number, `=formula|value`, `=formula`, or a text behind a quote.
fn replace(xml: &str, at: &str, content: &str) -> String {
    let start = xml.find(&format!("<c r=\"{at}\"")).unwrap_or_else(|| panic!("no cell {at}"));
    let rest = &xml[start..];
    let open = rest.find('>').unwrap();
    let end = if rest[..open].ends_with('/') { open + 1 } else { rest.find("</c>").unwrap() + 4 };
    let cell = match (content.strip_prefix('\''), content.strip_prefix('=')) {
        (Some(text), _) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        (_, Some(formula)) => match formula.split_once('|') {
            Some((formula, value)) => format!("<c r=\"{at}\"><f>{formula}</f><v>{value}</v></c>"),
            None => format!("<c r=\"{at}\"><f>{formula}</f></c>"),
        },
        _ => format!("<c r=\"{at}\"><v>{content}</v></c>"),
    };
    format!("{}{cell}{}", &xml[..start], &rest[end..])
}

/// Rows of the small set's table: the shared figure, then 1.1, 1.2 and 2.1 below the names of their main indexes.
const TONG: &str = "F6";
const A: &str = "F8";
const B: &str = "F9";
const C: &str = "F11";

async fn send(here: &Authority<'_>, caller: &Caller, unit: usize, book: &[u8]) -> Result<Outcome> {
    send_with(here, caller, unit, sandbox::workbook(&worker(), book).await?, &HashMap::new()).await
}

async fn send_with(
    here: &Authority<'_>,
    caller: &Caller,
    unit: usize,
    filled: Filled,
    choices: &HashMap<String, Choice>,
) -> Result<Outcome> {
    let tx = here.test.db.begin(caller).await?;
    let seen = workbook::preview(tx, here.sheets[unit], filled.clone(), choices).await?;
    let tx = here.test.db.begin(caller).await?;
    let done = workbook::take_in(tx, here.sheets[unit], filled, choices).await?;
    assert_eq!(seen.after, done.after, "what is shown is what is written");
    Ok(done)
}

async fn row(here: &Authority<'_>, code: &str) -> desk::Row {
    let tx = here.test.db.read(&here.editor(0)).await.unwrap();
    desk::row(&tx, here.sheets[0], code).await.unwrap()
}

fn told(outcome: &Outcome) -> Vec<String> {
    outcome.problems.iter().map(|problem| format!("{} {}", problem.field, problem.message)).collect()
}

#[tokio::test]
async fn a_filled_workbook_is_written_whole_and_says_the_same_afterwards() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let editor = here.editor(0);
        let empty = download(&here, &editor, 0).await;
        let cells = [(TONG, "'1.000"), (A, "=400+100|500"), (B, "250"), (C, "'có"), ("K8", "'Theo báo cáo 12/BC")];
        let book = with(&empty, &cells);
        let outcome = send(&here, &editor, 0, &book).await.unwrap();
        assert!(outcome.written && outcome.problems.is_empty(), "{outcome:?}");
        let changed: Vec<String> =
            outcome.rows.iter().map(|row| format!("{} {:?}", row.code, row.new_points)).collect();
        assert_eq!(changed, ["1.1 Some(20.00)", "1.2 Some(5.00)", "2.1 Some(40.00)"]);
        assert_eq!((outcome.after.points.to_string(), outcome.facts[0].new.as_str()), ("65.00".into(), "1.000"));
        assert_eq!((row(&here, "1.1").await.state, row(&here, "1.1").await.revision), (RowState::Done, 1));

        let again = send(&here, &editor, 0, &book).await.unwrap();
        assert!(again.is_empty() && !again.written, "the same workbook once more changes nothing: {again:?}");
        let after = download(&here, &editor, 0).await;
        let nothing = send(&here, &editor, 0, &after).await.unwrap();
        assert!(nothing.is_empty() && nothing.problems.is_empty());
        assert_eq!(download(&here, &editor, 0).await, after, "byte by byte");
        let (sent, back) = (sandbox::workbook(&worker(), &book).await, sandbox::workbook(&worker(), &after).await);
        let slots = |filled: Filled| filled.cells.into_keys().collect::<Vec<_>>();
        assert_eq!(slots(sent.unwrap()), slots(back.unwrap()));
    })
    .await;
}

#[tokio::test]
async fn one_bad_cell_writes_nothing_and_is_named() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let editor = here.editor(0);
        let empty = download(&here, &editor, 0).await;
        let bad = [
            ("'ba mươi", "không phải là một số"),
            ("-1", "không được âm"),
            ("2.5", "số nguyên"),
            ("=1/0", "Công thức chưa có kết quả"),
        ];
        for (content, message) in bad {
            let book = with(&empty, &[(TONG, "10"), (A, content), (C, "'có")]);
            let outcome = send(&here, &editor, 0, &book).await.unwrap();
            assert!(!outcome.written && told(&outcome).len() == 1, "{:?}", told(&outcome));
            assert!(told(&outcome)[0].starts_with(A) && told(&outcome)[0].contains(message), "{:?}", told(&outcome));
            assert_eq!(row(&here, "2.1").await.revision, 0, "nothing is written");
        }
        let two = with(&empty, &[("K8", &format!("'{}", "x".repeat(8_001))), ("M11", "'vì thế"), (B, "'x")]);
        let outcome = send(&here, &editor, 0, &two).await.unwrap();
        let cells: Vec<&str> = outcome.problems.iter().map(|problem| problem.field.as_str()).collect();
        assert!(["K8", "M11", B].iter().all(|cell| cells.contains(cell)), "{:?}", told(&outcome));
        let claim = with(&empty, &[("L11", "'Đơn vị không có chức năng, nhiệm vụ này"), ("M11", "'Không có C")]);
        assert!(send(&here, &editor, 0, &claim).await.unwrap().written);
        let claimed = row(&here, "2.1").await;
        assert_eq!((claimed.state, claimed.claim.unwrap().ground), (RowState::Claimed, ClaimGround::NoFunction));
    })
    .await;
}

/// "Không" and an explanation as a Mac spells them, in pieces, behind marks that nobody sees.
#[tokio::test]
async fn text_from_a_mac_is_the_same_text() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let editor = here.editor(0);
        let empty = download(&here, &editor, 0).await;
        let (no, why) = ("'\u{feff}Kho\u{302}ng\u{200b}", "'Theo ba\u{301}o ca\u{301}o so\u{302}\u{301} 12");
        let sent = with(&empty, &[(C, no), ("K11", why)]);
        let outcome = send(&here, &editor, 0, &sent).await.unwrap();
        assert!(outcome.written && outcome.problems.is_empty(), "{:?}", told(&outcome));
        let row = row(&here, "2.1").await;
        assert_eq!((row.fields[0].value.as_str(), row.explanation.as_str()), ("false", "Theo báo cáo số 12"));
        let old = with(&empty, &[("K8", "'Theo b¸o c¸o cña Së T\u{ad} ph¸p")]);
        let outcome = send(&here, &editor, 0, &old).await.unwrap();
        assert!(!outcome.written && told(&outcome)[0].starts_with("K8 "), "{:?}", told(&outcome));
        assert!(told(&outcome)[0].contains("TCVN3"), "{:?}", told(&outcome));
    })
    .await;
}

#[tokio::test]
async fn what_moved_meanwhile_is_shown_side_by_side_and_chosen() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let editor = here.editor(0);
        here.save(0, answer("1.1", &[("a", "5"), ("tong", "10")])).await.unwrap();
        let book = with(&download(&here, &editor, 0).await, &[(A, "7"), (B, "3"), (TONG, "20")]);
        here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "6"), ("tong", "12")]) }).await.unwrap();
        let filled = sandbox::workbook(&worker(), &book).await.unwrap();
        let none = HashMap::new();
        let outcome = send_with(&here, &editor, 0, filled.clone(), &none).await.unwrap();
        assert!(!outcome.written && outcome.problems.is_empty());
        let sides: Vec<String> = outcome
            .conflicts
            .iter()
            .flat_map(|conflict| &conflict.cells)
            .map(|cell| format!("{}: {} / {}", cell.at, cell.old, cell.new))
            .collect();
        assert_eq!(sides, [format!("{A}: 6 / 7"), format!("{TONG}: 12 / 20")]);
        assert_eq!(row(&here, "1.2").await.fields[0].value, "", "the other row waits too");

        let of_workbook = |seen: &str| Choice::Workbook { seen: seen.into() };
        let stale = [("1.1".to_owned(), of_workbook("1")), ("fact/tong".to_owned(), Choice::Desk)].into();
        let outcome = send_with(&here, &editor, 0, outcome.filled, &stale).await.unwrap();
        assert!(!outcome.written, "chosen before the desk moved once more");
        let fresh = [("1.1".to_owned(), of_workbook("2")), ("fact/tong".to_owned(), Choice::Desk)].into();
        let outcome = send_with(&here, &editor, 0, outcome.filled, &fresh).await.unwrap();
        assert!(outcome.written, "{outcome:?}");
        let (first, second) = (row(&here, "1.1").await, row(&here, "1.2").await);
        assert_eq!((first.fields[0].value.as_str(), first.fields[1].value.as_str()), ("7", "12"));
        assert_eq!(second.fields[0].value, "3");
    })
    .await;
}

#[tokio::test]
async fn evidence_attached_meanwhile_is_no_conflict() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let editor = here.editor(0);
        let book = with(&download(&here, &editor, 0).await, &[(C, "'có")]);
        here.prove(&editor, 0, "2.1").await.unwrap();
        assert!(send(&here, &editor, 0, &book).await.unwrap().written);
        assert_eq!(row(&here, "2.1").await.state, RowState::Done);
    })
    .await;
}

#[tokio::test]
async fn a_workbook_of_something_else_or_out_of_time_is_refused() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let (mine, theirs) = (here.editor(0), here.editor(1));
        let book = with(&download(&here, &mine, 0).await, &[(C, "'có")]);
        let Err(Error::Invalid(told)) = send(&here, &theirs, 1, &book).await else { panic!("another unit's") };
        assert!(told[0].message.contains("Đơn vị một, Năm 2025"), "{told:?}");
        assert!(matches!(send(&here, &theirs, 0, &book).await, Err(Error::NotFound)));
        let head = here.of_unit(Role::UnitApprover, 0);
        assert!(matches!(send(&here, &head, 0, &book).await, Err(Error::Forbidden)), "heads do not fill in");
        let mut filled = sandbox::workbook(&worker(), &book).await.unwrap();
        filled.rules = "another".into();
        let changed = send_with(&here, &mine, 0, filled, &HashMap::new()).await;
        assert!(matches!(changed, Err(Error::Invalid(told)) if told[0].message.contains("Bộ chỉ số")), "other rules");
        test.db.clock.set(DEADLINE + Duration::seconds(1));
        assert!(matches!(send(&here, &mine, 0, &book).await, Err(Error::Closed { .. })));
        let council = test.db.read(&here.as_role(Role::Appraiser)).await.unwrap();
        assert!(matches!(workbook::blank(&council, here.sheets[0]).await, Err(Error::Forbidden)));
    })
    .await;
}

#[tokio::test]
async fn what_a_colleague_fills_in_is_not_changed_by_workbook() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let account = test.account("van-thu").await;
        test.member(here.tenant, account, Role::UnitEditor, Some(here.units[0])).await;
        let grants = vec![Grant { role: Role::UnitEditor, unit: Some(here.units[0]) }];
        let clerk = Caller { tenant: here.tenant, account: Some(account), name: "Văn thư".into(), grants };
        let tx = test.db.begin(&clerk).await.unwrap();
        assessments::split(&tx, here.sheets[0], &["1.1".into()], Some(account)).await.unwrap();
        tx.commit().await.unwrap();
        let book = with(&download(&here, &here.editor(0), 0).await, &[(A, "5"), (TONG, "10"), (C, "'có")]);
        let outcome = send(&here, &here.editor(0), 0, &book).await.unwrap();
        assert!(!outcome.written && told(&outcome)[0].starts_with(A), "{:?}", told(&outcome));
        assert!(told(&outcome)[0].contains("Văn thư") || told(&outcome)[0].contains("van-thu"), "{:?}", told(&outcome));
        let own = with(&download(&here, &clerk, 0).await, &[(A, "5"), (TONG, "10")]);
        assert!(send(&here, &clerk, 0, &own).await.unwrap().written);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_swells_ends_in_words() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in ["Phiếu", "thuoc"] {
        book.add_worksheet().set_name(name).unwrap().write_string(0, 0, "format").unwrap();
    }
    let long = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(64 << 20));
    let bytes = rewritten(&book.save_to_buffer().unwrap(), |name, text| match name {
        "xl/sharedStrings.xml" => long.clone(),
        _ => text,
    });
    assert!(bytes.len() < workbook::LARGEST, "{}", bytes.len());
    let Err(Error::Invalid(told)) = sandbox::workbook(&worker(), &bytes).await else { panic!("it was read") };
    assert!(told[0].message.contains("quá phức tạp"), "{told:?}");
    let large = vec![0; workbook::LARGEST + 1];
    assert!(matches!(sandbox::workbook(&worker(), &large).await, Err(Error::Invalid(_))));
}
