//! Every legal act is done once, however often its form is sent: by a double click, through two servers, or again because
//! the answer was lost on the way.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::engine_one::of_the_first_engine;
use common::{Authority, adjust, answer, decision_file, worker};
use tenants::assessments::{self, SaveAnswer};
use tenants::caller::{Grant, Role};
use tenants::council::{self, NewDecision};
use tenants::indicator_sets::{self, Issue, Issued};
use tenants::minutes::{self, Vote, Written};
use tenants::notices::Kind;
use tenants::samples::{self, Draw, Drawn, Per};
use tenants::store::{Db, Tx};
use tenants::testing::{TestDb, count, on_both};
use tenants::year::{self, EngineChange};
use tenants::{Caller, Error, Result, appraisal, notices, petitions};
use time::macros::{date, datetime};

/// Sends an act three times: twice at once through two servers, and once more later.
async fn thrice<T>(test: &TestDb, caller: &Caller, act: impl AsyncFn(&Tx) -> Result<T>) -> Vec<Result<T>> {
    let other = Db::connect(test.settings()).await.unwrap();
    other.clock.set(test.db.clock.now());
    let send = async |db: &Db| {
        let tx = db.begin(caller).await?;
        let done = act(&tx).await?;
        tx.commit().await?;
        Ok(done)
    };
    let (one, two) = tokio::join!(send(&test.db), send(&other));
    let three = send(&test.db).await;
    other.close().await.unwrap();
    vec![one, two, three]
}

async fn number_of(test: &TestDb, caller: &Caller, what: &str) -> i64 {
    count(&test.db.read(caller).await.unwrap(), &format!("SELECT count(*) FROM {what}")).await
}

#[tokio::test]
async fn a_draft_is_issued_once_under_a_decision() {
    on_both(async |test| {
        let tenant = test.tenant("a").await;
        let admin = tenants::testing::caller(tenant, &[Role::RuleAdmin]);
        let tx = test.db.begin(&admin).await.unwrap();
        let set_id = indicator_sets::create(&tx, "thu", "Bộ thử", common::SET).await.unwrap();
        tx.commit().await.unwrap();
        let issue = |number: &str| {
            let (decision_number, decision_date) = (number.to_owned(), date!(2025 - 12 - 01));
            Issue { set_id, revision: 1, decision_number, decision_date, file: Some(decision_file()) }
        };
        let first = issue("1/QĐ");
        let sent = thrice(&test, &admin, async |tx| indicator_sets::issue(tx, &worker(), &first).await).await;
        let versions: Vec<_> = sent.into_iter().map(|one| one.unwrap().version().unwrap()).collect();
        assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");
        assert_eq!(number_of(&test, &admin, "set_versions").await, 1);
        let tx = test.db.begin(&admin).await.unwrap();
        let other = indicator_sets::issue(&tx, &worker(), &issue("2/QĐ")).await.unwrap().version().unwrap();
        assert_ne!(other, versions[0], "another decision is another act");
        tx.commit().await.unwrap();
        let copy = "INSERT INTO set_versions (tenant_id, id, set_id, number, source, compiled, content_hash, decision_number, \
                    decision_date, engine, issued_by, issued_at, draft_revision) \
                    SELECT tenant_id, set_id, set_id, 9, source, compiled, content_hash, decision_number, decision_date, \
                    engine, issued_by, issued_at, draft_revision FROM set_versions WHERE number = 1";
        let tx = test.db.begin(&admin).await.unwrap();
        assert!(tenants::testing::execute(&tx, copy).await.is_err(), "the database refuses it too");
    })
    .await;
}

#[tokio::test]
async fn a_proposal_and_its_approval_are_one_each() {
    on_both(async |test| {
        let tenant = test.tenant("a").await;
        let person = async |login: &str, role: Role| {
            let account = test.account(login).await;
            let grants = vec![Grant { role, unit: None }];
            Caller { tenant, account: Some(account), name: login.into(), grants }
        };
        let (one, two) = (person("mot", Role::RuleAdmin).await, person("hai", Role::RuleAdmin).await);
        let tx = test.db.begin(&tenants::testing::caller(tenant, &[Role::TenantAdmin])).await.unwrap();
        indicator_sets::want_four_eyes(&tx, true).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.begin(&one).await.unwrap();
        let set_id = indicator_sets::create(&tx, "thu", "Bộ thử", common::SET).await.unwrap();
        tx.commit().await.unwrap();
        let (decision_number, decision_date) = ("1/QĐ".to_owned(), date!(2025 - 12 - 01));
        let issue = Issue { set_id, revision: 1, decision_number, decision_date, file: Some(decision_file()) };
        for sent in thrice(&test, &one, async |tx| indicator_sets::issue(tx, &worker(), &issue).await).await {
            assert!(matches!(sent.unwrap(), Issued::Proposed));
        }
        assert_eq!(number_of(&test, &one, "audit_entries WHERE action = 'set.propose'").await, 1);
        let sent = thrice(&test, &two, async |tx| indicator_sets::approve(tx, &worker(), set_id).await).await;
        let versions: Vec<_> = sent.into_iter().map(Result::unwrap).collect();
        assert!(versions.iter().all(|version| *version == versions[0]));
        assert_eq!(number_of(&test, &one, "set_versions").await, 1);
    })
    .await;
}

/// Two units before the council, the second with a question to answer.
async fn judged<'a>(test: &'a TestDb) -> Authority<'a> {
    let here = Authority::open(test, "tinh", false).await;
    for unit in 0..2 {
        here.complete(unit, 5, None).await;
        here.submit(unit).await.unwrap();
    }
    test.db.clock.set(datetime!(2026-02-02 09:00 +7));
    here.start_appraisal().await.unwrap();
    here
}

#[tokio::test]
async fn decisions_questions_and_answers_sent_again_are_one() {
    on_both(async |test| {
        let here = judged(&test).await;
        let judge = here.as_role(Role::Appraiser);
        let decide = adjust("1.1", "7", "Thiếu biên bản", 0);
        for sent in thrice(&test, &judge, async |tx| appraisal::decide(tx, here.sheets[0], &decide).await).await {
            sent.unwrap();
        }
        let tx = test.db.read(&judge).await.unwrap();
        assert_eq!(appraisal::sheet(&tx, here.sheets[0]).await.unwrap().sections[0].rows[0].history.len(), 1);
        drop(tx);
        let other = adjust("1.1", "8", "Thiếu biên bản", 0);
        assert!(matches!(here.decide(&judge, 0, other).await, Err(Error::Stale)), "another decision is another");
        let due = date!(2026 - 02 - 20);
        let ask = async |tx: &Tx| appraisal::ask(tx, here.sheets[0], "1.2", "Cần làm rõ", due).await;
        thrice(&test, &judge, ask).await.into_iter().for_each(|sent| sent.unwrap());
        let reply = async |tx: &Tx| appraisal::reply(tx, here.sheets[0], "1.2", "Đã gửi").await;
        let clerk = here.person("vanthu", Role::UnitEditor, Some(0)).await;
        thrice(&test, &clerk, reply).await.into_iter().for_each(|sent| sent.unwrap());
        assert_eq!(number_of(&test, &judge, "talks").await, 2);
        assert_eq!(number_of(&test, &judge, "appraisals").await, 1);
        let tx = test.db.read(&clerk).await.unwrap();
        assert!(notices::inbox(&tx).await.unwrap().len() <= 1, "and told once");
    })
    .await;
}

#[tokio::test]
async fn a_draw_of_rows_sent_again_is_one() {
    on_both(async |test| {
        let here = judged(&test).await;
        for unit in 0..2 {
            here.accept_all(unit).await;
        }
        let second = here.person("uy-vien-2", Role::Appraiser, None).await;
        let chair = here.as_role(Role::CouncilChair);
        let first = Draw { per: Per::Indicator, count: 1, drawn: 0 };
        for sent in thrice(&test, &chair, async |tx| samples::draw(tx, here.period, &first).await).await {
            assert_eq!(sent.unwrap(), Drawn { rows: 3, without: 0 });
        }
        assert_eq!(number_of(&test, &chair, "second_samples").await, 3);
        assert_eq!(number_of(&test, &chair, "audit_entries WHERE action = 'sample.draw'").await, 1);
        let tx = test.db.read(&second).await.unwrap();
        let told = notices::inbox(&tx).await.unwrap().into_iter().filter(|notice| notice.kind == Kind::Sampled);
        assert_eq!(told.count(), 1);
        drop(tx);
        let other = Draw { count: 2, ..first };
        let tx = test.db.begin(&chair).await.unwrap();
        assert!(matches!(samples::draw(&tx, here.period, &other).await, Err(Error::Stale)), "another draw is another");
        let more = Draw { drawn: 3, ..first };
        assert_eq!(samples::draw(&tx, here.period, &more).await.unwrap(), Drawn { rows: 3, without: 0 });
    })
    .await;
}

#[tokio::test]
async fn a_period_moves_to_the_current_engine_once() {
    on_both(async |test| {
        let here = of_the_first_engine(&test).await;
        let manager = here.person("quanly", Role::PeriodManager, None).await;
        let change = EngineChange { period: here.period, from: "1".into(), reason: "Tính đúng phân số".into() };
        let renew = async |tx: &Tx| year::renew_engine(tx, &change).await;
        thrice(&test, &manager, renew).await.into_iter().for_each(|sent| sent.unwrap());
        assert_eq!(number_of(&test, &manager, "rule_changes").await, 1);
        assert_eq!(number_of(&test, &manager, "audit_entries WHERE action = 'period.renew_engine'").await, 1);
        let tx = test.db.read(&here.as_role(Role::CouncilChair)).await.unwrap();
        let told = notices::inbox(&tx).await.unwrap().into_iter().filter(|notice| notice.kind == Kind::EngineRenewed);
        assert_eq!(told.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn petitions_and_their_answers_sent_again_are_one() {
    on_both(async |test| {
        let here = judged(&test).await;
        for unit in 0..2 {
            here.accept_all(unit).await;
        }
        let chair = here.as_role(Role::CouncilChair);
        let tx = test.db.begin(&chair).await.unwrap();
        petitions::announce(&tx, here.period, datetime!(2026-02-10 17:00 +7)).await.unwrap();
        tx.commit().await.unwrap();
        let head = here.person("lanhdao", Role::UnitApprover, Some(0)).await;
        let make = async |tx: &Tx| petitions::make(tx, here.sheets[0], "1.1", "Đề nghị xem lại").await;
        thrice(&test, &head, make).await.into_iter().for_each(|sent| sent.unwrap());
        let tx = test.db.begin(&head).await.unwrap();
        let second = petitions::make(&tx, here.sheets[0], "1.1", "Một kiến nghị khác").await;
        assert!(matches!(second, Err(Error::Conflict(_))));
        drop(tx);
        let answer = async |tx: &Tx| petitions::answer(tx, here.sheets[0], "1.1", "Giữ nguyên điểm").await;
        thrice(&test, &chair, answer).await.into_iter().for_each(|sent| sent.unwrap());
        assert_eq!(number_of(&test, &chair, "petitions").await, 1);
        assert_eq!(number_of(&test, &chair, "petition_answers").await, 1);
    })
    .await;
}

#[tokio::test]
async fn minutes_votes_and_council_decisions_sent_again_are_one() {
    on_both(async |test| {
        let here = judged(&test).await;
        let secretary = here.as_role(Role::CouncilSecretary);
        let written = Written { held_on: date!(2026 - 02 - 02), ..minutes_of() };
        let sent = thrice(&test, &secretary, async |tx| minutes::open(tx, here.period, &written).await).await;
        let sessions: Vec<_> = sent.into_iter().map(Result::unwrap).collect();
        assert!(sessions.iter().all(|session| *session == sessions[0]));
        let later = Written { conclusion: "Nhất trí".into(), ..written };
        let write = async |tx: &Tx| minutes::write(tx, sessions[0], &later, 1).await;
        thrice(&test, &secretary, write).await.into_iter().for_each(|sent| sent.unwrap());
        let vote = Vote { question: "Thông qua".into(), in_favour: 2, against: 0, abstained: 1 };
        let cast = async |tx: &Tx| minutes::vote(tx, sessions[0], &vote).await;
        thrice(&test, &secretary, cast).await.into_iter().for_each(|sent| sent.unwrap());
        assert_eq!(number_of(&test, &secretary, "votes").await, 1);
        let manager = here.person("quanly", Role::PeriodManager, None).await;
        let decision = NewDecision { number: "99/QĐ-UBND".into(), date: date!(2026 - 01 - 20), file: None };
        let record = async |tx: &Tx| council::record_decision(tx, here.period, &decision).await;
        thrice(&test, &manager, record).await.into_iter().for_each(|sent| sent.unwrap());
        assert_eq!(number_of(&test, &manager, "council_decisions").await, 2, "the first and this one");
    })
    .await;
}

fn minutes_of() -> Written {
    Written {
        held_on: date!(2026 - 02 - 02),
        place: "Phòng họp".into(),
        chair: "Chủ tịch".into(),
        secretary: "Thư ký".into(),
        present: "Đủ".into(),
        absent: String::new(),
        proceedings: "Thẩm định".into(),
        conclusion: String::new(),
    }
}

#[tokio::test]
async fn remarks_sent_again_are_one() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let clerk = here.person("vanthu", Role::UnitEditor, Some(0)).await;
        let remark = async |tx: &Tx| assessments::remark(tx, here.sheets[0], "1.1", "Chờ số của phòng tài chính").await;
        thrice(&test, &clerk, remark).await.into_iter().for_each(|sent| sent.unwrap());
        assert_eq!(number_of(&test, &clerk, "remarks").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_save_whose_answer_was_lost_counts_as_done_when_it_is_sent_again() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let save =
            SaveAnswer { explanation: " theo báo cáo ".into(), ..answer("1.1", &[("a", "5"), ("tong", "10")]) };
        let clerk = here.editor(0);
        let send = async |tx: &Tx| assessments::save_answer(tx, here.sheets[0], &save).await;
        for saved in thrice(&test, &clerk, send).await {
            let saved = saved.unwrap();
            assert_eq!(saved.rows[0].revision, 1, "written once");
            assert_eq!(saved.rows.len(), 2, "with the row that reads the shared figure");
        }
        let clearing = SaveAnswer { revision: 1, ..answer("1.1", &[("a", "")]) };
        here.save(0, clearing.clone()).await.unwrap();
        assert_eq!(here.save(0, clearing).await.unwrap().rows[0].revision, 2);
        let differs = SaveAnswer { revision: 1, ..answer("1.1", &[("a", "6")]) };
        assert!(matches!(here.save(0, differs).await, Err(Error::Stale)), "another figure is another save");
    })
    .await;
}
