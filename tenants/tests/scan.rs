//! The quality scan: each rule finds what it looks for, and everybody sees what is theirs to see.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, SET, answer};
use tenants::assessments::{self, Rule, SaveAnswer, Scan};
use tenants::caller::Role;
use tenants::documents::DocumentCard;
use tenants::evidence::{self, Attach, Source};
use tenants::testing::on_both;
use tenants::{Caller, Error, Result};
use time::macros::date;

/// 1.1 reads a percentage too, and the set warns of a part above its whole.
fn set() -> String {
    SET.replace(
        ".formula(\"ratio(a, tong) * max\")",
        ".input(\"p\", percent(\"Tỷ lệ P\")).formula(\"ratio(a, tong) * max * (p + 100) / (p + 100)\")\
         .warn(\"a <= tong\", \"Số A lớn hơn tổng số.\")",
    )
}

async fn scanned(here: &Authority<'_>, who: &Caller) -> Result<Scan> {
    let tx = here.test.db.read(who).await?;
    assessments::scan(&tx, here.period).await
}

fn found(scan: &Scan, rule: Rule) -> Vec<(String, String)> {
    let of_rule = scan.findings.iter().filter(|finding| finding.rule == rule);
    of_rule.map(|finding| (finding.unit_name.clone(), finding.code.clone())).collect()
}

fn one(code: &str) -> Vec<(String, String)> {
    vec![("Đơn vị một".into(), code.into())]
}

#[tokio::test]
async fn every_rule_finds_what_it_looks_for() {
    on_both(async |test| {
        let here = Authority::open_with(&test, "ra-soat", false, &set()).await;
        here.save(0, answer("1.1", &[("a", "12"), ("tong", "10"), ("p", "0,85")])).await.unwrap();
        here.save(0, SaveAnswer { explanation: "Có".into(), ..answer("1.2", &[("b", "5")]) }).await.unwrap();
        here.save(0, answer("2.1", &[("c", "false")])).await.unwrap();
        let tx = test.db.begin(&here.editor(0)).await.unwrap();
        let source = Source::Link { title: "Báo cáo".into(), url: "https://example.com/bc".into() };
        let card = DocumentCard { issued_on: Some(date!(2023 - 01 - 05)), ..DocumentCard::default() };
        evidence::attach(&tx, here.sheets[0], "1.1", Attach { card, ..Attach::of(source) }).await.unwrap();
        tx.commit().await.unwrap();

        let scan = scanned(&here, &here.as_role(Role::PeriodManager)).await.unwrap();
        assert_eq!(found(&scan, Rule::Fraction), one("1.1"));
        assert_eq!(found(&scan, Rule::OtherYear), one("1.1"));
        assert!(found(&scan, Rule::Ratio).contains(&one("1.1")[0]), "{:?}", scan.findings);
        assert_eq!(found(&scan, Rule::NoEvidence), one("1.2"), "no points at 2.1, a document at 1.1");
        assert_eq!((found(&scan, Rule::SharedFile), found(&scan, Rule::LastYear)), (Vec::new(), Vec::new()));
        assert_eq!(scan.units.len(), 2);
        let told = scan.findings.iter().find(|finding| finding.rule == Rule::NoEvidence).unwrap();
        assert_eq!((told.section.as_str(), told.sheet), ("1", here.sheets[0]));
        assert!(told.text.contains("chỉ có giải trình"), "{}", told.text);
    })
    .await;
}

#[tokio::test]
async fn a_unit_scans_its_own_sheet_alone() {
    on_both(async |test| {
        let here = Authority::open_with(&test, "ra-soat-2", false, &set()).await;
        for unit in [0, 1] {
            here.save(unit, answer("1.1", &[("a", "5"), ("tong", "10"), ("p", "1")])).await.unwrap();
        }
        let all = scanned(&here, &here.as_role(Role::Appraiser)).await.unwrap();
        let own = scanned(&here, &here.of_unit(Role::UnitApprover, 0)).await.unwrap();
        assert_eq!((found(&all, Rule::Fraction).len(), found(&own, Rule::Fraction)), (2, one("1.1")));
        assert_eq!(own.units.len(), 1);
        let nobody = scanned(&here, &here.as_role(Role::RuleAdmin)).await;
        assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    })
    .await;
}
