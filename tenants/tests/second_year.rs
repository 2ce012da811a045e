//! What a second year and a long appraisal bring: last year's figures, documents used again and replaced, indicators
//! re-opened, figures corrected by the council.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, answer, decision};
use tenants::appraisal::{self, Decide};
use tenants::assessments::{self, Reopen, Rule, SaveAnswer};
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::documents::{self, DocumentCard};
use tenants::evidence::{self, Attach, Replaces, Source};
use tenants::ids::{AssessmentId, EvidenceId, VersionId};
use tenants::indicator_sets::Draft;
use tenants::sheets::{self, RowState};
use tenants::testing::{TestDb, on_both};
use tenants::year::{self, NewGroup, NewPeriod};
use tenants::{Error, desk};
use time::macros::{date, datetime};

/// The year after: the same set and units, open for self-assessment. Answers the first unit's sheet.
async fn next_year(here: &Authority<'_>) -> AssessmentId {
    let tx = here.test.db.read(&here.as_role(Role::RuleAdmin)).await.unwrap();
    let set = tenants::indicator_sets::list(&tx).await.unwrap().remove(0);
    drop(tx);
    next_year_by(here, set.versions[0].id).await
}

/// The same, scored by a version of some set.
async fn next_year_by(here: &Authority<'_>, version: VersionId) -> AssessmentId {
    here.test.db.clock.set(datetime!(2027-01-05 08:00 +7));
    let tx = here.test.db.begin(&here.as_roles(&[Role::RuleAdmin, Role::PeriodManager])).await.unwrap();
    let group = NewGroup { slug: "thu".into(), name: "Nhóm thử".into(), version, units: here.units.to_vec() };
    let new = NewPeriod {
        year: 2026,
        name: "Năm 2026".into(),
        self_deadline: datetime!(2027-01-30 23:59:59 +7),
        publish_deadline: datetime!(2027-03-31 23:59:59 +7),
        managing_unit: None,
        is_sample: false,
        groups: vec![group],
    };
    let period = year::create(&tx, new).await.unwrap();
    year::open(&tx, period).await.unwrap();
    tx.commit().await.unwrap();
    let tx = here.test.db.read(&here.editor(0)).await.unwrap();
    sheets::mine(&tx).await.unwrap().into_iter().find(|line| line.period.id == period).unwrap().id
}

async fn to_council(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    for (unit, a) in [(0, 10), (1, 5)] {
        here.complete(unit, a, None).await;
        here.submit(unit).await.unwrap();
    }
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    here
}

#[tokio::test]
async fn last_years_figures_count_only_once_confirmed() {
    on_both(async |test| {
        let here = to_council(&test).await;
        here.accept_all(0).await;
        here.accept_all(1).await;
        here.conclude().await.unwrap();
        let sheet = next_year(&here).await;
        let tx = test.db.begin(&here.editor(0)).await.unwrap();
        let desk = desk::desk(&tx, sheet, "1").await.unwrap();
        let last = desk.last.unwrap();
        assert_eq!((last.year, last.rows["1.1"].values["a"].as_str()), (2025, "10"));
        assert_eq!(last.rows["1.1"].points, Some(40.into()));
        assert_eq!(assessments::prefill(&tx, sheet).await.unwrap(), 3);
        let row = desk::row(&tx, sheet, "2.1").await.unwrap();
        assert_eq!((row.state, row.score.points, row.fields[0].value.as_str()), (RowState::Unconfirmed, None, "true"));
        assert_eq!(assessments::prefill(&tx, sheet).await.unwrap(), 0, "nothing is taken twice");

        let touched = SaveAnswer { revision: row.revision, ..answer("2.1", &[("c", "false")]) };
        let saved = assessments::save_answer(&tx, sheet, &touched).await.unwrap();
        assert_eq!(saved.rows[0].state, RowState::Unconfirmed, "typing is not confirming");
        let confirmed = SaveAnswer { revision: 2, confirm: true, ..answer("2.1", &[]) };
        let saved = assessments::save_answer(&tx, sheet, &confirmed).await.unwrap();
        assert_eq!((saved.rows[0].state, saved.rows[0].score.points), (RowState::Done, Some(0.into())));
        let more = SaveAnswer { revision: 1, confirm: true, ..answer("1.1", &[("a", "14"), ("tong", "20")]) };
        assessments::save_answer(&tx, sheet, &more).await.unwrap();
        let overview = desk::sheet(&tx, sheet).await.unwrap();
        assert_eq!(overview.prefill_from, Some(2025));
        let told = &overview.rows.iter().find(|row| row.code == "1.1").unwrap().warnings;
        assert_eq!(told.len(), 2, "the own figure and the shared one moved by more than 30 %: {told:?}");
        let scan = assessments::scan(&tx, overview.head.period.id).await.unwrap();
        let moved: Vec<_> = scan.findings.iter().filter(|finding| finding.rule == Rule::LastYear).collect();
        assert_eq!(moved.len(), 3, "1.1 with both, 1.2 with the shared one: {moved:?}");
        tx.commit().await.unwrap();
        let refused = {
            let tx = test.db.begin(&here.of_unit(Role::UnitApprover, 0)).await.unwrap();
            common::sign(&tx, sheet).await
        };
        let Err(Error::Invalid(gaps)) = refused else { panic!("{refused:?}") };
        assert!(gaps.iter().any(|gap| gap.field == "1.2" && gap.message.contains("chưa xác nhận")), "{gaps:?}");
    })
    .await;
}

async fn concluded(test: &TestDb) -> Authority<'_> {
    let here = to_council(test).await;
    here.accept_all(0).await;
    here.accept_all(1).await;
    here.conclude().await.unwrap();
    here
}

/// Codes at which last year stands beside this one, and the warnings that come of it.
async fn compared(here: &Authority<'_>, sheet: AssessmentId) -> (Vec<String>, usize, Option<i32>) {
    let tx = here.test.db.begin(&here.editor(0)).await.unwrap();
    let figures = answer("1.1", &[("a", "1"), ("tong", "100")]);
    assessments::save_answer(&tx, sheet, &figures).await.unwrap();
    let desk = desk::desk(&tx, sheet, "1").await.unwrap();
    let overview = desk::sheet(&tx, sheet).await.unwrap();
    let told = overview.rows.iter().flat_map(|row| &row.warnings).filter(|told| told.contains("30 %")).count();
    let scan = assessments::scan(&tx, overview.head.period.id).await.unwrap();
    let moved = scan.findings.iter().filter(|finding| finding.rule == Rule::LastYear).count();
    assert_eq!(told, moved, "the scan asks the desk's own warnings");
    let last: Vec<String> = overview.rows.iter().filter(|row| row.last.is_some()).map(|row| row.code.clone()).collect();
    let beside: Vec<String> = desk.last.map(|last| last.rows.into_keys().collect()).unwrap_or_default();
    assert_eq!(beside, last, "the desk and the overview say the same");
    (beside, told, overview.prefill_from)
}

#[tokio::test]
async fn years_of_unrelated_sets_are_not_compared() {
    on_both(async |test| {
        let here = concluded(&test).await;
        let tx = test.db.begin(&here.as_role(Role::RuleAdmin)).await.unwrap();
        // The same codes and names, another set.
        let script = common::SET.replace("indicator_set(\"thu\"", "indicator_set(\"khac\"");
        let other = tenants::indicator_sets::create(&tx, "khac", "Bộ khác", &script).await.unwrap();
        let version = common::issue(&tx, other, 1).await;
        tx.commit().await.unwrap();
        let sheet = next_year_by(&here, version).await;
        assert_eq!(compared(&here, sheet).await, (Vec::new(), 0, None));
    })
    .await;
}

#[tokio::test]
async fn an_indicator_under_another_rule_is_not_compared() {
    on_both(async |test| {
        let here = concluded(&test).await;
        let tx = test.db.begin(&here.as_role(Role::RuleAdmin)).await.unwrap();
        let set = tenants::indicator_sets::list(&tx).await.unwrap().remove(0).id;
        let script = common::SET.replace("ratio(b, tong) * max", "ratio(b, tong * 2) * max");
        let draft = tenants::indicator_sets::draft(&tx, set).await.unwrap();
        let draft = Draft { source: script, ..draft };
        let revision = tenants::indicator_sets::save_draft(&tx, &draft).await.unwrap();
        let version = common::issue(&tx, set, revision).await;
        tx.commit().await.unwrap();
        let sheet = next_year_by(&here, version).await;
        let (beside, told, prefill) = compared(&here, sheet).await;
        assert_eq!((beside, prefill), (vec!["1.1".to_owned(), "2.1".to_owned()], Some(2025)));
        assert_eq!(told, 2, "the own figure and the shared one of 1.1; 1.2 says nothing");
    })
    .await;
}

#[tokio::test]
async fn last_years_objections_stand_beside_its_figures() {
    on_both(async |test| {
        let here = to_council(&test).await;
        let chair = here.as_role(Role::CouncilChair);
        here.decide(&chair, 0, common::adjust("1.1", "30", "Thiếu biên bản", 0)).await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        let tx = test.db.begin(&chair).await.unwrap();
        tenants::petitions::announce(&tx, here.period, datetime!(2026-02-10 17:00 +7)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&here.of_unit(Role::UnitApprover, 0)).await.unwrap();
        tenants::petitions::make(&tx, here.sheets[0], "1.1", "Biên bản có đủ").await.unwrap();
        tx.commit().await.unwrap();
        let sheet = next_year(&here).await;
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let last = desk::desk(&tx, sheet, "1").await.unwrap().last.unwrap();
        assert_eq!((&last.rows["1.1"].changed, &last.rows["1.1"].petition), (&None, &None), "that year is not over");
        drop(tx);
        let tx = test.db.begin(&chair).await.unwrap();
        tenants::petitions::answer(&tx, here.sheets[0], "1.1", "Giữ nguyên").await.unwrap();
        tx.commit().await.unwrap();
        here.conclude().await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let last = desk::desk(&tx, sheet, "1").await.unwrap().last.unwrap();
        let changed = last.rows["1.1"].changed.clone().unwrap();
        assert_eq!((changed.claimed, changed.decided.points), (Some(40.into()), Some(30.into())));
        assert_eq!(changed.decided.reason, "Thiếu biên bản");
        let petition = last.rows["1.1"].petition.clone().unwrap();
        assert_eq!((petition.text.as_str(), petition.answer.unwrap().text.as_str()), ("Biên bản có đủ", "Giữ nguyên"));
        assert_eq!((&last.rows["1.2"].changed, &last.rows["1.2"].petition), (&None, &None), "accepted as it was");
    })
    .await;
}

async fn attach(
    here: &Authority<'_>,
    sheet: AssessmentId,
    code: &str,
    what: Attach,
) -> tenants::Result<Vec<documents::EvidenceItem>> {
    let tx = here.test.db.begin(&here.editor(0)).await?;
    let row = evidence::attach(&tx, sheet, code, what).await?;
    tx.commit().await?;
    Ok(row.evidence)
}

fn replacing(old: EvidenceId, reason: &str) -> Attach {
    let source = Source::Link { title: "Bản đúng".into(), url: "https://example.com/dung".into() };
    let card = DocumentCard { issued_on: Some(date!(2024 - 12 - 30)), ..DocumentCard::default() };
    let replaces = Some(Replaces { old, reason: reason.into() });
    Attach { source, card, page: String::new(), replaces }
}

#[tokio::test]
async fn after_submission_documents_are_replaced_and_never_removed() {
    on_both(async |test| {
        let here = to_council(&test).await;
        let member = here.as_role(Role::Appraiser);
        let first = desk::row(&test.db.read(&member).await.unwrap(), here.sheets[0], "1.1").await.unwrap();
        let old = first.evidence[0].id;
        here.decide(&member, 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        test.db.clock.set(datetime!(2026-02-03 09:00 +7));
        let refused = attach(&here, here.sheets[0], "1.1", replacing(old, " ")).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "a reason is asked for");
        let items = attach(&here, here.sheets[0], "1.1", replacing(old, "Bản trước thiếu trang")).await.unwrap();
        let [was, now] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(was.replaced.as_ref().map(|replaced| replaced.reason.as_str()), Some("Bản trước thiếu trang"));
        assert!(now.after_submission && was.id == old, "the old one stays readable");
        let link = Source::Link { title: "Bản khác".into(), url: "https://example.com/khac".into() };
        let other = Attach { source: link, ..replacing(old, "Lần nữa") };
        let again = attach(&here, here.sheets[0], "1.1", other).await;
        assert!(matches!(again, Err(Error::NotFound)), "replaced once");
        let tx = test.db.read(&member).await.unwrap();
        let row = appraisal::sheet(&tx, here.sheets[0]).await.unwrap().sections.remove(0).rows.remove(0);
        assert!(row.decided.unwrap().stale, "the council looks again");
        assert!(row.warnings.iter().any(|told| told.contains("ngoài năm đánh giá 2025")), "{:?}", row.warnings);
        let removed =
            evidence::detach(&test.db.begin(&here.editor(0)).await.unwrap(), here.sheets[0], "1.1", old).await;
        assert!(removed.is_err(), "nothing is deleted after submission");
    })
    .await;
}

#[tokio::test]
async fn a_document_is_used_again_by_its_own_unit_only() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.complete(0, 10, None).await;
        here.complete(1, 5, None).await;
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let known = evidence::known(&tx, here.sheets[0]).await.unwrap();
        assert_eq!(known.len(), 1, "the same link three times is one document");
        assert!(matches!(evidence::known(&tx, here.sheets[1]).await, Err(Error::NotFound)));
        let of_other = desk::row(&test.db.read(&here.editor(1)).await.unwrap(), here.sheets[1], "1.1").await;
        drop(tx);
        let theirs = of_other.unwrap().evidence[0].id;
        let stolen = attach(&here, here.sheets[0], "1.1", Attach::of(Source::Known(theirs))).await;
        assert!(matches!(stolen, Err(Error::NotFound)));
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let same = desk::row(&tx, here.sheets[0], "2.1").await.unwrap().evidence[0].id;
        drop(tx);
        let same = attach(&here, here.sheets[0], "1.1", Attach::of(Source::Known(same))).await;
        assert!(matches!(same, Err(Error::Invalid(_))), "the same link is attached there");
        let link = Source::Link { title: "Phụ lục".into(), url: "https://example.com/phu-luc".into() };
        let own = attach(&here, here.sheets[0], "2.1", Attach::of(link)).await.unwrap().last().unwrap().id;
        let items = attach(&here, here.sheets[0], "1.1", Attach::of(Source::Known(own))).await.unwrap();
        assert_eq!(items.len(), 2);
        let twice = attach(&here, here.sheets[0], "1.1", Attach::of(Source::Known(own))).await;
        assert!(matches!(twice, Err(Error::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn a_reopened_indicator_is_corrected_until_its_second() {
    on_both(async |test| {
        let here = to_council(&test).await;
        let manager = here.as_role(Role::PeriodManager);
        let until = datetime!(2026-02-05 23:59:59 +7);
        let closed = here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "9")]) }).await;
        assert!(matches!(closed, Err(Error::Closed { .. })));
        here.decide(&here.as_role(Role::Appraiser), 0, decision("1.1", Decision::Accept, "")).await.unwrap();
        let tx = test.db.begin(&manager).await.unwrap();
        let wanted = Reopen { codes: vec!["1.1".into()], until, reason: "Số liệu nhập nhầm".into() };
        let none = Reopen { codes: Vec::new(), ..wanted.clone() };
        assert!(matches!(assessments::reopen(&tx, here.sheets[0], &none).await, Err(Error::Invalid(_))));
        assessments::reopen(&tx, here.sheets[0], &wanted).await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(until);
        let saved = here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "9")]) }).await.unwrap();
        assert_eq!(saved.rows[0].score.points, Some(36.into()));
        let other = here.save(0, SaveAnswer { revision: 1, ..answer("1.2", &[("b", "9")]) }).await;
        assert!(matches!(other, Err(Error::Closed { .. })), "only what was named");
        let claimed = async || {
            let tx = test.db.read(&here.editor(0)).await.unwrap();
            sheets::mine(&tx).await.unwrap().remove(0).self_points
        };
        assert_eq!(claimed().await, Some("90".parse().unwrap()), "what the head signed");
        here.submit(0).await.unwrap();
        assert_eq!(claimed().await, Some("86".parse().unwrap()), "and signed again");
        let tx = test.db.read(&manager).await.unwrap();
        let row = appraisal::sheet(&tx, here.sheets[0]).await.unwrap().sections.remove(0).rows.remove(0);
        assert!(row.decided.unwrap().stale);
        drop(tx);
        test.db.clock.set(until + time::Duration::seconds(1));
        let late = here.save(0, SaveAnswer { revision: 2, ..answer("1.1", &[("a", "8")]) }).await;
        assert!(matches!(late, Err(Error::Closed { .. })));
    })
    .await;
}

fn correct(code: &str, figures: &[(&str, &str)], reason: &str) -> Decide {
    let figures: BTreeMap<String, String> =
        figures.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    Decide { figures, ..decision(code, Decision::Correct, reason) }
}

#[tokio::test]
async fn the_council_corrects_a_figure_and_the_formula_gives_the_points() {
    on_both(async |test| {
        let here = to_council(&test).await;
        let member = here.as_role(Role::Appraiser);
        for (figures, reason) in [(&[("a", "10")][..], "Như cũ"), (&[("a", "chín")], "Sai"), (&[("a", "9")], " ")] {
            let refused = here.decide(&member, 0, correct("1.1", figures, reason)).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{figures:?} {reason}");
        }
        let row = here.decide(&member, 0, correct("1.1", &[("a", "9"), ("tong", "12")], "Theo báo cáo")).await.unwrap();
        let decided = row.decided.unwrap();
        assert_eq!((decided.points, row.self_points), (Some(30.into()), Some(40.into())), "the self score never moves");
        let told: Vec<String> =
            decided.corrections.iter().map(|one| format!("{}: {} → {}", one.label, one.from, one.to)).collect();
        assert_eq!(told, ["Số A: 10 → 9", "Tổng số: 10 → 12"]);
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let unit = desk::row(&tx, here.sheets[0], "1.1").await.unwrap();
        assert_eq!(unit.fields[0].value, "10", "the unit's figure stays as it was signed");
    })
    .await;
}
