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
    let mut checked =
        integrity::verify(&here.test.db, (&blobs, &common::worker()), here.tenant, earlier).await.unwrap();
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
    ("UPDATE set_versions SET source = source || ' '", &["Hash", "Altered", "version 1 of Bộ thử", "source"]),
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

/// What the year rests on: who takes part, under which rules and calendar, who may do what.
const GROUND: &[Kind] = &[
    (
        "UPDATE units SET official_code = 'khac' WHERE official_code = 'hai'",
        &["Altered", "unit khac of Đơn vị hai", "official_code"],
    ),
    (
        "UPDATE unit_names SET name = 'Đơn vị khác' WHERE name = 'Đơn vị hai'",
        &["Altered", "name Đơn vị khác", "\"name\""],
    ),
    ("UPDATE members SET role = 'publisher' WHERE role = 'appraiser'", &["Altered", "role publisher", "\"role\""]),
    (
        "UPDATE members SET valid_to = valid_from WHERE role = 'council_chair'",
        &["Altered", "role council_chair", "valid_to"],
    ),
    ("DELETE FROM members WHERE role = 'council_secretary'", &["Gone", "role"]),
    ("UPDATE ranking_groups SET name = 'Nhóm khác'", &["Altered", "group Nhóm khác of Năm 2025", "\"name\""]),
    ("UPDATE indicator_sets SET slug = 'khac'", &["Altered", "set Bộ thử", "slug"]),
    ("UPDATE days_off SET name = 'Ngày khác'", &["Altered", "day off Ngày khác", "\"name\""]),
    ("DELETE FROM days_off", &["Gone", "day off 2026-04-30"]),
    ("UPDATE duties SET main_code = '2'", &["Altered", "duty Năm 2025", "main_code"]),
    ("DELETE FROM duties", &["Gone", "duty"]),
    (
        "UPDATE row_clerks SET assigned_by = 'Ai đó'",
        &["Altered", "clerk of 1.1 of Đơn vị một, Năm 2025", "assigned_by"],
    ),
    ("UPDATE tasks SET due_on = '2027-01-01'", &["Altered", "task 1.1 of Đơn vị một, Năm 2025", "due_on"]),
    ("UPDATE tasks SET done_at = NULL", &["Altered", "task 1.1 of Đơn vị một, Năm 2025", "done_at"]),
    ("DELETE FROM tasks", &["Gone", "task"]),
    ("UPDATE evidence_files SET scan = 'clean'", &["Altered", "file 0000", "scan"]),
    ("DELETE FROM evidence_files", &["Gone", "file 0000"]),
    ("UPDATE shared_versions SET source = source || ' '", &["Altered", "shared version 1 of Bộ thử", "source"]),
];

/// One of everything a year rests on, and one of what was taken away again.
async fn grounded(here: &Authority<'_>) {
    use tenants::appraisal::{self, NewDuty};
    use tenants::decisions::Part;
    use tenants::improvement::{self, NewTask};
    use tenants::{assessments, calendar, indicator_sets, simulation};
    let tx = here.test.db.begin(&here.as_roles(&[Role::PeriodManager, Role::RuleAdmin])).await.unwrap();
    calendar::add(&tx, date!(2026 - 04 - 30), "Giải phóng miền Nam").await.unwrap();
    calendar::add(&tx, date!(2026 - 05 - 01), "Quốc tế lao động").await.unwrap();
    calendar::remove(&tx, date!(2026 - 05 - 01)).await.unwrap();
    let set = indicator_sets::list(&tx).await.unwrap().remove(0);
    indicator_sets::share(&tx, set.versions[0].id).await.unwrap();
    let group = simulation::grounds(&tx, set.id).await.unwrap().remove(0).group;
    let account = appraisal::judges(&tx, here.period).await.unwrap()[0].account;
    for main in ["1", "2"] {
        let duty = NewDuty { period: here.period, group, account, part: Part::Main(main.into()), sheet: None };
        appraisal::assign(&tx, &duty).await.unwrap();
    }
    let given = appraisal::duties(&tx, here.period).await.unwrap();
    let second = given.iter().find(|duty| duty.part == Part::Main("2".into())).unwrap().id;
    appraisal::unassign(&tx, here.period, second).await.unwrap();
    tx.commit().await.unwrap();
    let clerk = here.test.account("chuyen-vien").await;
    here.test.member(here.tenant, clerk, Role::UnitEditor, Some(here.units[0])).await;
    let tx = here.test.db.begin(&here.of_unit(Role::UnitApprover, 0)).await.unwrap();
    assessments::split(&tx, here.sheets[0], &["1.1".into(), "1.2".into()], Some(clerk)).await.unwrap();
    assessments::split(&tx, here.sheets[0], &["1.2".into()], None).await.unwrap();
    let due = Some(date!(2026 - 12 - 01));
    let new = NewTask { code: "1.1".into(), text: "Số hóa".into(), owner: String::new(), due };
    improvement::add(&tx, here.sheets[0], &new).await.unwrap();
    let task = improvement::improvement(&tx, here.sheets[0]).await.unwrap().tasks[0].id;
    improvement::finish(&tx, here.sheets[0], task, true).await.unwrap();
    tx.commit().await.unwrap();
}

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

async fn each_is_named(kinds: &[Kind], prepared: impl AsyncFn(&Authority<'_>)) {
    let mut unnamed = Vec::new();
    for (sql, words) in kinds {
        let unnamed = std::sync::Mutex::new(&mut unnamed);
        on_both(async |test| {
            let here = published(&test, "tinh").await;
            prepared(&here).await;
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
    each_is_named(SEALED, async |_| ()).await;
}

#[tokio::test]
async fn a_figure_a_score_or_a_text_that_was_altered_is_named() {
    each_is_named(FIGURES, async |_| ()).await;
}

#[tokio::test]
async fn an_act_or_an_entry_of_the_log_that_was_altered_is_named() {
    each_is_named(ACTS, async |_| ()).await;
}

#[tokio::test]
async fn what_a_year_rests_on_and_was_altered_is_named() {
    each_is_named(GROUND, grounded).await;
}

/// Of a version issued before the log said what its script was, the script must still declare the rules that were hashed.
#[tokio::test]
async fn a_script_that_declares_other_rules_is_named() {
    on_both(async |test| {
        let here = published(&test, "tinh").await;
        test.tamper(match test.is_postgres() {
            true => "UPDATE audit_entries SET vouched = NULL, detail = detail - 'source'",
            false => "UPDATE audit_entries SET vouched = NULL, detail = json_remove(detail, '$.source')",
        })
        .await;
        let of_script = async || {
            let faults = look(&here, &BTreeMap::new()).await.faults;
            let named =
                |fault: &&Fault| matches!(fault, Fault::Hash { what, .. } if what.contains("script of version 1"));
            faults.iter().filter(named).count()
        };
        assert_eq!(of_script().await, 0);
        test.tamper("UPDATE set_versions SET source = replace(source, '40)', '39)')").await;
        assert_eq!(of_script().await, 1);
        test.tamper("UPDATE set_versions SET source = 'no rules'").await;
        assert_eq!(of_script().await, 1);
    })
    .await;
}

/// A log that vouches for other tables takes those that came later as they stand when the database is brought up to date.
#[tokio::test]
async fn a_table_that_is_vouched_for_later_is_taken_as_it_stands_once() {
    on_both(async |test| {
        let here = published(&test, "tinh").await;
        let without_units = match test.is_postgres() {
            true => "UPDATE audit_entries SET vouched = NULL WHERE vouched::text LIKE '%\"units/%'",
            false => "UPDATE audit_entries SET vouched = NULL WHERE vouched LIKE '%\"units/%'",
        };
        test.tamper(without_units).await;
        let of_units = async || {
            let faults = look(&here, &BTreeMap::new()).await.faults;
            faults.into_iter().filter(|fault| format!("{fault:?}").contains("\"unit ")).collect::<Vec<_>>()
        };
        assert!(matches!(of_units().await[..], [Fault::Unknown { .. }, Fault::Unknown { .. }]));
        test.db.migrate().await.unwrap();
        assert_eq!(of_units().await, []);
        test.tamper("UPDATE units SET official_code = 'khac' WHERE official_code = 'hai'").await;
        test.db.migrate().await.unwrap();
        assert!(matches!(of_units().await[..], [Fault::Altered { .. }]), "not twice");
    })
    .await;
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
