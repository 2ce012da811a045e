//! Whatever is altered past the application, `verify` names it: the thing, and what differs.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, adjust, answer};
use tenants::Error;
use tenants::caller::Role;
use tenants::files::blobs::BlobStore;
use tenants::integrity::{self, Checked, Fault};
use tenants::publication::{self, Publish};
use tenants::testing::{TestDb, on_both};
use time::macros::date;

/// A year from the first figure to its publication.
async fn published<'a>(test: &'a TestDb, slug: &str) -> Authority<'a> {
    let here = Authority::open(test, slug, false).await;
    for unit in 0..2 {
        here.complete(unit, 4, None).await;
        here.submit(unit).await.unwrap();
    }
    test.db.clock.set(time::macros::datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    for unit in 0..2 {
        here.accept_all(unit).await;
    }
    let by = here.as_role(Role::CouncilChair);
    here.decide(&by, 0, adjust("1.1", "8", "Theo hồ sơ kiểm chứng", 1)).await.unwrap();
    here.conclude().await.unwrap();
    test.db.clock.set(time::macros::datetime!(2026-03-20 09:00 +7));
    let tx = test.db.begin(&here.as_role(Role::Publisher)).await.unwrap();
    let decision =
        Publish { decision_number: "90/QĐ-UBND".into(), decision_date: date!(2026 - 03 - 20), note: String::new() };
    publication::publish(&tx, here.period, &decision).await.unwrap();
    tx.commit().await.unwrap();
    here
}

async fn look(here: &Authority<'_>, earlier: &BTreeMap<i64, String>) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::folder(folder.path());
    let mut checked = integrity::verify(&here.test.db, &blobs, here.tenant, earlier).await.unwrap();
    // The decision of a test has no file.
    checked.faults.retain(|fault| !matches!(fault, Fault::Missing { .. }));
    checked
}

/// One alteration, and the words by which its faults are to be known: each must be found in what is told.
type Kind = (&'static str, &'static [&'static str]);

const SEALED: &[Kind] = &[
    (
        "UPDATE publications SET content = replace(content, 'Đơn vị một', 'Đơn vị ba')",
        &["Hash", "publication 1", "content"],
    ),
    ("UPDATE publications SET decision_number = '91/QĐ-UBND'", &["Altered", "publication 1", "decision_number"]),
    ("DELETE FROM publications", &["Gone", "publication", "of Năm 2025"]),
    (
        "UPDATE set_versions SET compiled = REPLACED(compiled, 'Bộ thử', 'Bộ khác')",
        &["Hash", "version 1 of Bộ thử", "compiled"],
    ),
    ("UPDATE set_versions SET source = source || ' '", &["Altered", "version 1 of Bộ thử", "source"]),
    ("UPDATE set_versions SET content_hash = 'ab'", &["Hash", "version 1 of Bộ thử", "content_hash"]),
];

const FIGURES: &[Kind] = &[
    (
        "UPDATE assessment_rows SET self_points = 400000 WHERE code = '1.1'",
        &["Score", "Altered", "1.1 of Đơn vị một, Năm 2025", "self_points"],
    ),
    (
        "UPDATE assessment_rows SET score = REPLACED(score, '16.00', '17.00') WHERE code = '1.1'",
        &["Score", "Altered", "1.1 of Đơn vị một, Năm 2025", "score"],
    ),
    (
        "UPDATE assessment_rows SET inputs = REPLACED(inputs, '4', '7') WHERE code = '1.1'",
        &["Score", "Altered", "1.1 of Đơn vị một, Năm 2025", "inputs"],
    ),
    (
        "UPDATE assessment_rows SET explanation = 'Khác' WHERE code = '1.2'",
        &["Altered", "row 1.2 of Đơn vị hai, Năm 2025", "explanation"],
    ),
    (
        "UPDATE assessment_rows SET updated_by = 'Người khác' WHERE code = '1.2'",
        &["Altered", "row 1.2 of Đơn vị một, Năm 2025", "updated_by"],
    ),
    ("DELETE FROM assessment_rows WHERE code = '2.1'", &["Gone", "row 2.1 of Đơn vị một, Năm 2025"]),
    (
        "UPDATE assessment_facts SET value = '\"20\"'",
        &["Score", "Altered", "shared figure tong of Đơn vị một, Năm 2025", "value"],
    ),
    ("DELETE FROM assessment_facts", &["Gone", "shared figure tong of Đơn vị hai, Năm 2025"]),
];

const ACTS: &[Kind] = &[
    (
        "UPDATE assessments SET self_points = 1 WHERE unit_code = 'mot'",
        &["Altered", "sheet Đơn vị một, Năm 2025", "self_points"],
    ),
    (
        "UPDATE assessments SET signed_name = 'Ai đó' WHERE unit_code = 'hai'",
        &["Altered", "sheet Đơn vị hai, Năm 2025", "signed_name"],
    ),
    (
        "UPDATE appraisals SET reason = 'Khác' WHERE decision = 'adjust'",
        &["Altered", "decision on 1.1 of Đơn vị một, Năm 2025", "reason"],
    ),
    (
        "DELETE FROM appraisals WHERE decision = 'adjust'",
        &["Gone", "decision on", "of Đơn vị một, Năm 2025", "Ranking"],
    ),
    ("UPDATE evidence SET name = 'Khác'", &["Altered", "document Khác", "name"]),
    ("DELETE FROM evidence_links WHERE code = '1.1'", &["Gone", "document of 1.1 of Đơn vị một, Năm 2025"]),
    ("UPDATE council_seats SET name = 'Ai đó' WHERE kind = 'chair'", &["Altered", "seat Ai đó of Năm 2025", "name"]),
    ("UPDATE rankings SET points = points + 1", &["Ranking", "Năm 2025"]),
    ("UPDATE periods SET publish_deadline = created_at", &["Altered", "Năm 2025", "publish_deadline"]),
    (
        "UPDATE audit_entries SET detail = REPLACED(detail, 'Đơn vị một', 'Đơn vị ba') WHERE action = 'sheet.submit'",
        &["Chain"],
    ),
    ("DELETE FROM audit_entries WHERE seq = 5", &["Chain"]),
];

/// JSON is text here and binary there.
fn spelt(test: &TestDb, sql: &str) -> String {
    let Some((before, rest)) = sql.split_once("REPLACED(") else { return sql.to_owned() };
    let (column, rest) = rest.split_once(',').unwrap();
    match test.is_postgres() {
        true => {
            let (parts, after) = rest.split_once(')').unwrap();
            format!("{before}replace({column}::text,{parts})::jsonb{after}")
        }
        false => format!("{before}replace({column},{rest}"),
    }
}

async fn each_is_named(kinds: &[Kind]) {
    let mut unnamed = Vec::new();
    for (sql, words) in kinds {
        let unnamed = std::sync::Mutex::new(&mut unnamed);
        on_both(async |test| {
            let here = published(&test, "tinh").await;
            let whole = look(&here, &BTreeMap::new()).await;
            assert_eq!(whole.faults, [], "before: {sql}");
            assert!(whole.rows > 20 && whole.scores == 6, "{whole:?}");
            test.tamper(&spelt(&test, sql)).await;
            let found = format!("{:#?}", look(&here, &BTreeMap::new()).await.faults);
            let missing: Vec<_> = words.iter().filter(|word| !found.contains(**word)).collect();
            if !missing.is_empty() {
                unnamed.lock().unwrap().push(format!("{sql}: {missing:?} not in {found}"));
            }
        })
        .await;
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}

#[tokio::test]
async fn what_was_published_or_issued_and_altered_is_named() {
    each_is_named(SEALED).await;
}

#[tokio::test]
async fn a_figure_a_score_or_a_text_that_was_altered_is_named() {
    each_is_named(FIGURES).await;
}

#[tokio::test]
async fn an_act_or_an_entry_of_the_log_that_was_altered_is_named() {
    each_is_named(ACTS).await;
}

/// Cut off together with the head that counted it, the end of a log is missed by whoever kept the head elsewhere; what the
/// lost entries had vouched for is missed by anybody.
#[tokio::test]
async fn a_missing_end_of_the_log_is_found() {
    on_both(async |test| {
        let here = published(&test, "tinh").await;
        let whole = look(&here, &BTreeMap::new()).await;
        let (seq, hash) = whole.head.clone().unwrap();
        let earlier = BTreeMap::from([(seq, hash)]);
        assert_eq!(look(&here, &earlier).await.faults, []);
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        tenants::calendar::add(&tx, date!(2026 - 05 - 04), "Nghỉ bù").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(look(&here, &earlier).await.faults, [], "a log goes on");
        let cut = |from: i64| {
            [
                format!("DELETE FROM audit_entries WHERE seq >= {from}"),
                format!(
                    "UPDATE audit_heads SET seq = {}, hash = (SELECT hash FROM audit_entries WHERE seq = {})",
                    from - 1,
                    from - 1
                ),
            ]
        };
        for sql in cut(seq) {
            test.tamper(&sql).await;
        }
        let told = look(&here, &earlier).await.faults;
        assert!(told.contains(&Fault::Rewritten { seq }), "{told:?}");
        assert!(
            told.iter().any(|fault| matches!(fault, Fault::Unknown { what } if what.contains("publication 1"))),
            "{told:?}"
        );
        assert!(!told.iter().any(|fault| matches!(fault, Fault::Chain { .. })), "the chain by itself looks whole");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_match_its_hash_is_not_shown() {
    on_both(async |test| {
        let here = published(&test, "tinh").await;
        let read = async || {
            let tx = test.db.read(&tenants::Caller::citizen(here.tenant)).await.unwrap();
            publication::read(&tx, 2025, None).await
        };
        let explain = async || {
            let tx = test.db.read(&tenants::Caller::citizen(here.tenant)).await.unwrap();
            publication::explain(&tx, 2025, "thu", "mot", "1.1").await
        };
        let edition = read().await.unwrap();
        assert_eq!(tenants::store::sha256_hex(edition.content.as_bytes()), edition.content_hash);
        assert_eq!(explain().await.unwrap().score.points, Some(rust_decimal::Decimal::from(16)));
        let inputs = match test.is_postgres() {
            true => "replace(inputs::text, '4', '7')::jsonb",
            false => "replace(inputs, '4', '7')",
        };
        test.tamper(&format!("UPDATE assessment_rows SET inputs = {inputs} WHERE code = '1.1'")).await;
        assert!(matches!(explain().await, Err(Error::Mismatch(what)) if what.contains("1.1 of mot")));
        // An edition from before its text was kept is proven by its stored JSON.
        test.tamper("UPDATE publications SET content = NULL").await;
        assert_eq!(read().await.unwrap().content, edition.content);
        test.tamper("UPDATE publications SET content_hash = 'ab'").await;
        assert!(matches!(read().await, Err(Error::Mismatch(what)) if what.contains("of 2025")));
    })
    .await;
}

/// A database from before rows were vouched for is taken as it stands when it is brought up to date, once.
#[tokio::test]
async fn what_was_there_before_is_vouched_for_once() {
    on_both(async |test| {
        let here = published(&test, "tinh").await;
        test.tamper("UPDATE audit_entries SET vouched = NULL").await;
        let told = look(&here, &BTreeMap::new()).await.faults;
        assert!(told.iter().any(|fault| matches!(fault, Fault::Unvouched { rows } if *rows > 20)), "{told:?}");
        test.db.migrate().await.unwrap();
        let ground = |fault: &Fault| matches!(fault, Fault::Chain { .. });
        let told = look(&here, &BTreeMap::new()).await.faults;
        assert!(told.iter().all(ground), "only the chain, whose entries this test has altered: {told:?}");
        test.tamper("UPDATE assessment_rows SET explanation = 'Khác' WHERE code = '1.2'").await;
        test.db.migrate().await.unwrap();
        let told = look(&here, &BTreeMap::new()).await.faults;
        assert!(told.iter().any(|fault| matches!(fault, Fault::Altered { .. })), "not twice: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_figure_taken_back_is_no_fault() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.save(0, answer("1.1", &[("a", "4"), ("tong", "10")])).await.unwrap();
        let emptied = tenants::assessments::SaveAnswer { revision: 1, ..answer("1.1", &[("a", ""), ("tong", "")]) };
        here.save(0, emptied).await.unwrap();
        assert_eq!(look(&here, &BTreeMap::new()).await.faults, []);
    })
    .await;
}
