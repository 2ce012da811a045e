//! A change of rules in a running period: it moves what the formula gives, never what a head signed or the council decided.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, SET, adjust, answer, decision, issue};
use tenants::appraisal::{self, AppraisalSheet, Decide};
use tenants::assessments::{self, Reopen, SaveAnswer};
use tenants::caller::Role;
use tenants::decisions::Decision;
use tenants::desk::{self, Sheet};
use tenants::ids::VersionId;
use tenants::indicator_sets::{self, Draft};
use tenants::minutes::{self, Claimed};
use tenants::notices::{self, Kind};
use tenants::publication::{self, Publish};
use tenants::testing::{TestDb, count, on_both};
use tenants::year::{self, RuleChange};
use tenants::{Caller, Error, Result, sheets};
use time::macros::{date, datetime};

const ADMIN: &[Role] = &[Role::RuleAdmin, Role::PeriodManager];

/// Two units that have signed: 20 and 40 points of 40 at 1.1.
async fn signed(test: &TestDb) -> Authority<'_> {
    let here = Authority::open(test, "tinh", false).await;
    for (unit, a) in [(0, 5), (1, 10)] {
        here.complete(unit, a, None).await;
        here.submit(unit).await.unwrap();
    }
    here
}

/// The set with another formula at 1.1, in force from now on.
async fn change(here: &Authority<'_>, formula: &str) -> Result<VersionId> {
    let tx = here.test.db.begin(&here.as_roles(ADMIN)).await?;
    let rules = year::rules_in_force(&tx, here.period).await?.1.remove(0);
    let draft = indicator_sets::draft(&tx, rules.version.set_id).await?;
    let source = SET.replace("ratio(a, tong) * max", formula);
    let revision = indicator_sets::save_draft(&tx, &Draft { source, ..draft }).await?;
    let to = issue(&tx, rules.version.set_id, revision).await;
    let (period, group, from) = (here.period, rules.group, rules.version.id);
    year::change_rules(&tx, &RuleChange { period, group, from, to, reason: "Hướng dẫn mới".into() }).await?;
    tx.commit().await?;
    Ok(to)
}

async fn sheet(here: &Authority<'_>, unit: usize) -> Sheet {
    let tx = here.test.db.read(&here.editor(unit)).await.unwrap();
    desk::sheet(&tx, here.sheets[unit]).await.unwrap()
}

async fn judged(here: &Authority<'_>, unit: usize) -> AppraisalSheet {
    let tx = here.test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
    appraisal::sheet(&tx, here.sheets[unit]).await.unwrap()
}

fn plain(points: Option<rust_decimal::Decimal>) -> String {
    points.map_or_else(|| "–".into(), |points| points.normalize().to_string())
}

#[tokio::test]
async fn a_second_signature_leaves_the_rest_as_it_was_signed() {
    on_both(async |test| {
        let here = signed(&test).await;
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::PeriodManager)).await.unwrap();
        let until = datetime!(2026-02-04 17:00 +7);
        let codes = vec!["1.1".into(), "1.2".into()];
        assessments::reopen(&tx, here.sheets[0], &Reopen { codes, until, reason: "Nhập nhầm".into() }).await.unwrap();
        tx.commit().await.unwrap();

        here.save(0, SaveAnswer { revision: 1, ..answer("1.2", &[("b", "8")]) }).await.unwrap();
        let rows = judged(&here, 0).await.sections.remove(0).rows;
        let shown = |at: usize| (plain(rows[at].self_points), plain(rows[at].signed_points), rows[at].to_sign);
        assert_eq!(shown(0), ("10".into(), "20".into(), false), "moved by the rules alone");
        assert_eq!(shown(1), ("10".into(), "–".into(), true), "as it was signed, until it is signed again");
        here.submit(0).await.unwrap();
        let again = sheet(&here, 0).await;
        assert_eq!(plain(again.head.signature.unwrap().points), "76", "20 and 40 as signed, 16 signed now");
        let signed: Vec<String> = again.rows.iter().map(|row| plain(row.signed_points)).collect();
        assert_eq!(signed, ["20", "–", "–"]);

        here.save(0, SaveAnswer { revision: 1, ..answer("1.1", &[("a", "8")]) }).await.unwrap();
        let row = judged(&here, 0).await.sections.remove(0).rows.remove(0);
        assert_eq!((plain(row.self_points), plain(row.signed_points), row.to_sign), ("10".into(), "20".into(), true));
        here.submit(0).await.unwrap();
        let row = judged(&here, 0).await.sections.remove(0).rows.remove(0);
        assert_eq!((plain(row.self_points), plain(row.signed_points), row.to_sign), ("16".into(), "–".into(), false));
    })
    .await;
}

#[tokio::test]
async fn what_a_head_signed_stays_beside_what_the_new_rules_give() {
    on_both(async |test| {
        let here = signed(&test).await;
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        let shown = sheet(&here, 0).await;
        assert_eq!(plain(shown.head.signature.clone().unwrap().points), "70", "the sum as it was signed");
        assert_eq!(shown.totals.points.normalize().to_string(), "60", "the sum under the rules in force");
        let both: Vec<_> = shown.rows.iter().map(|row| (plain(row.points), plain(row.signed_points))).collect();
        let as_texts: Vec<_> = both.iter().map(|(now, signed)| (now.as_str(), signed.as_str())).collect();
        assert_eq!(as_texts, [("10", "20"), ("10", "–"), ("40", "–")]);
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert_eq!(plain(sheets::mine(&tx).await.unwrap()[0].self_points), "70");
        drop(tx);
        change(&here, "ratio(a, tong) * max").await.unwrap();
        assert!(sheet(&here, 0).await.rows.iter().all(|row| row.signed_points.is_none()), "nothing differs any more");
    })
    .await;
}

#[tokio::test]
async fn a_sheet_nobody_signed_is_simply_scored_again() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        here.complete(0, 5, None).await;
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        let shown = sheet(&here, 0).await;
        assert_eq!((plain(shown.rows[0].points), shown.rows[0].signed_points), ("10".into(), None));
        here.submit(0).await.unwrap();
        let shown = sheet(&here, 0).await;
        assert_eq!((plain(shown.head.signature.unwrap().points), shown.rows[0].signed_points), ("60".into(), None));
    })
    .await;
}

#[tokio::test]
async fn a_signature_taken_back_is_no_longer_kept() {
    on_both(async |test| {
        let here = signed(&test).await;
        let tx = test.db.begin(&here.of_unit(Role::UnitApprover, 0)).await.unwrap();
        assessments::withdraw(&tx, here.sheets[0]).await.unwrap();
        tx.commit().await.unwrap();
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        assert!(sheet(&here, 0).await.rows.iter().all(|row| row.signed_points.is_none()));
        here.submit(0).await.unwrap();
        change(&here, "ratio(a, tong) * max").await.unwrap();
        assert_eq!(plain(sheet(&here, 0).await.rows[0].signed_points), "10", "the second signature");
    })
    .await;
}

#[tokio::test]
async fn what_the_council_decided_stays_and_is_to_be_seen_again() {
    on_both(async |test| {
        let here = signed(&test).await;
        here.start_appraisal().await.unwrap();
        here.accept_all(0).await;
        let judge = here.as_role(Role::Appraiser);
        here.decide(&judge, 1, adjust("1.1", "7", "Thiếu biên bản", 0)).await.unwrap();
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        for (unit, decided) in [(0, "20"), (1, "7")] {
            let row = judged(&here, unit).await.sections.remove(0).rows.remove(0);
            let standing = row.decided.clone().unwrap();
            assert_eq!((plain(standing.points).as_str(), standing.stale), (decided, true));
            assert_eq!(row.history.len(), 1, "nobody spoke in the council's name");
            assert_eq!(
                plain(row.signed_points),
                if unit == 0 { "20" } else { "40" },
                "the council sees what was signed"
            );
        }
        assert!(!judged(&here, 0).await.sections[0].rows[1].decided.clone().unwrap().stale, "1.2 did not move");
        let tx = test.db.read(&judge).await.unwrap();
        assert_eq!(count(&tx, "SELECT count(*) FROM appraisals").await, 4, "three acceptances and one adjustment");
        drop(tx);
        assert!(matches!(here.conclude().await, Err(Error::Conflict(_))), "open rows keep the period open");
        let again = Decide { revision: 1, ..decision("1.1", Decision::Accept, "") };
        here.decide(&judge, 0, again).await.unwrap();
        let row = judged(&here, 0).await.sections.remove(0).rows.remove(0);
        assert_eq!((plain(row.decided.unwrap().points).as_str(), row.history.len()), ("10", 2));
    })
    .await;
}

#[tokio::test]
async fn everybody_concerned_is_told() {
    on_both(async |test| {
        let here = signed(&test).await;
        let manager = here.person("quanly", Role::PeriodManager, None).await;
        let head = here.person("lanhdao", Role::UnitApprover, Some(0)).await;
        here.start_appraisal().await.unwrap();
        here.accept_all(0).await;
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        let told = async |who: &Caller, kind: Kind| {
            let tx = test.db.read(who).await.unwrap();
            let inbox = notices::inbox(&tx).await.unwrap();
            inbox.into_iter().filter(|notice| notice.kind == kind).collect::<Vec<_>>()
        };
        assert_eq!(told(&head, Kind::Rules).await.len(), 1);
        for who in [manager, here.as_role(Role::CouncilChair), here.as_role(Role::CouncilSecretary)] {
            let told = told(&who, Kind::RulesChanged).await;
            assert_eq!(told.len(), 1, "{who:?}");
            assert_eq!((told[0].detail["units"].as_str(), told[0].detail["rows"].as_str()), ("2", "1"));
            let link = if who.has(Role::PeriodManager) {
                format!("/lam-viec/ky/{}/quy-tac", here.period)
            } else {
                "/lam-viec/tham-dinh".into()
            };
            assert_eq!(told[0].link, link, "a page they may open");
        }
        assert!(told(&here.as_role(Role::Appraiser), Kind::RulesChanged).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_published_as_the_self_score_is_what_was_signed() {
    on_both(async |test| {
        let here = signed(&test).await;
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        here.conclude().await.unwrap();
        let tx = test.db.begin(&here.as_role(Role::Publisher)).await.unwrap();
        let decree =
            Publish { decision_number: "9/QĐ".into(), decision_date: date!(2026 - 02 - 02), note: String::new() };
        publication::publish(&tx, here.period, &decree).await.unwrap();
        let tenant = here.tenant;
        tx.commit().await.unwrap();
        let tx = test.db.read(&Caller::citizen(tenant)).await.unwrap();
        let year = publication::read(&tx, 2025, None).await.unwrap();
        let unit = year.snapshot.groups[0].units.iter().find(|unit| unit.code == "mot").unwrap();
        assert_eq!((plain(unit.self_points), plain(unit.scores[0].self_points)), ("70".into(), "20".into()));
        assert_eq!(plain(unit.scores[0].points), "10", "the official score follows the rules in force");
    })
    .await;
}

#[tokio::test]
async fn what_only_the_rules_moved_is_accepted_in_bulk_again() {
    on_both(async |test| {
        let here = signed(&test).await;
        here.start_appraisal().await.unwrap();
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
        let judge = here.as_role(Role::Appraiser);
        let adjusted = Decide { revision: 1, ..adjust("1.1", "7", "Thiếu biên bản", 0) };
        here.decide(&judge, 1, adjusted).await.unwrap();
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        let in_bulk = async |unit: usize| {
            let sheet = judged(&here, unit).await;
            let rows = sheet.sections.iter().flat_map(|section| &section.rows).filter(|row| row.bulk);
            (sheet.decided, rows.map(|row| row.code.clone()).collect::<Vec<_>>())
        };
        assert_eq!(in_bulk(0).await, (2, vec!["1.1".to_owned()]), "one to see again, accepted before");
        assert_eq!(in_bulk(1).await, (2, vec![]), "what was adjusted is looked at");
        let tx = test.db.read(&judge).await.unwrap();
        let group = appraisal::list(&tx).await.unwrap()[0].line.group;
        let column = appraisal::column(&tx, group, Some("1.1"), appraisal::Spot::Page(0)).await.unwrap();
        assert_eq!((column.open, column.in_bulk), (2, 1));
        drop(tx);
        assert_eq!(here.accept_all(0).await, 1, "as many as the page said");
        let row = judged(&here, 0).await.sections.remove(0).rows.remove(0);
        assert!(!row.bulk && row.is_settled());
        assert_eq!((plain(row.decided.unwrap().points).as_str(), row.history.len()), ("10", 2));
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (0, 0), "nothing is accepted twice");
    })
    .await;
}

#[tokio::test]
async fn a_new_document_is_accepted_in_bulk_where_the_score_stands_and_an_answer_is_read() {
    on_both(async |test| {
        let here = signed(&test).await;
        here.start_appraisal().await.unwrap();
        assert_eq!(here.accept_all(0).await, 3);
        let judge = here.as_role(Role::Appraiser);
        let tx = test.db.begin(&judge).await.unwrap();
        appraisal::ask(&tx, here.sheets[0], "2.1", "Văn bản nào?", date!(2026 - 02 - 20)).await.unwrap();
        tx.commit().await.unwrap();
        test.db.clock.set(test.db.clock.now() + time::Duration::hours(1));
        here.prove_by(&here.editor(0), 0, "1.2", "https://example.com/bo-sung").await.unwrap();
        let tx = test.db.begin(&here.editor(0)).await.unwrap();
        appraisal::reply(&tx, here.sheets[0], "2.1", "Văn bản số 5.").await.unwrap();
        tx.commit().await.unwrap();
        let sheet = judged(&here, 0).await;
        let stale = sheet.sections.iter().flat_map(|section| &section.rows).filter(|row| !row.is_settled());
        let stale: Vec<_> = stale.map(|row| (row.code.as_str(), row.bulk)).collect();
        assert_eq!(stale, [("1.2", true), ("2.1", false)]);
        assert_eq!(here.accept_all(0).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_told_outside_is_what_was_signed() {
    on_both(async |test| {
        let here = signed(&test).await;
        here.start_appraisal().await.unwrap();
        change(&here, "half(ratio(a, tong) * max)").await.unwrap();
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
        let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
        let record = minutes::record(&tx, here.period).await.unwrap();
        assert_eq!((record.accepted, record.accepted_anew), (6, 2));
        let changed: Vec<_> =
            record.changed.iter().map(|one| (one.claimed, plain(one.appraised), one.by_rules)).collect();
        let points = |points: i64| Claimed::Points(points.into());
        assert_eq!(changed, [(points(40), "20".into(), true), (points(20), "10".into(), true)]);
        let told = assessments::explain(&tx, here.sheets[0], "1.1").await.unwrap();
        assert_eq!(
            (plain(told.signed_points), plain(told.score.points), told.draft),
            ("20".into(), "10".into(), false)
        );
        drop(tx);
        here.conclude().await.unwrap();
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        let tx = test.db.begin(&here.as_role(Role::Publisher)).await.unwrap();
        let publish =
            Publish { decision_number: "1/QĐ".into(), decision_date: date!(2026 - 02 - 02), note: String::new() };
        publication::publish(&tx, here.period, &publish).await.unwrap();
        let told = publication::explain(&tx, 2025, "thu", "mot", "1.1").await.unwrap();
        assert_eq!((plain(told.signed_points), plain(told.score.points)), ("20".into(), "10".into()));
    })
    .await;
}
