//! A period keeps the engine it was opened under: scores of a concluded year never move because the program was renewed.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::engine_one::fifteen;
use common::{Authority, answer};
use tenants::assessments;
use tenants::caller::Role;
use tenants::ranking;
use tenants::testing::on_both;

async fn five_of_24(here: &Authority<'_>) -> String {
    let saved = here.save(0, answer("1.1", &[("a", "5"), ("tong", "24")])).await.unwrap();
    saved.rows[0].score.points.unwrap().to_string()
}

#[tokio::test]
async fn a_new_period_is_exact() {
    on_both(async |test| {
        let here = Authority::open_with(&test, "dung", false, &fifteen()).await;
        assert_eq!(five_of_24(&here).await, "3.13");
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let told = assessments::explain(&tx, here.sheets[0], "1.1").await.unwrap();
        assert_eq!((told.rules.engine.as_str(), told.score.explanation.unwrap().engine.as_str()), ("2", "2"));
    })
    .await;
}

#[tokio::test]
async fn a_period_of_the_first_engine_is_calculated_as_it_was() {
    on_both(async |test| {
        let here = Authority::open_with(&test, "truoc", false, &fifteen()).await;
        test.tamper("UPDATE periods SET engine = '1'").await;
        assert_eq!(five_of_24(&here).await, "3.12", "the engine it was opened under");
        for unit in 0..2 {
            if unit == 1 {
                here.save(unit, answer("1.1", &[("a", "24"), ("tong", "24")])).await.unwrap();
            }
            here.save(unit, answer("1.2", &[("b", "12")])).await.unwrap();
            here.save(unit, answer("2.1", &[("c", "true")])).await.unwrap();
            for code in ["1.1", "1.2", "2.1"] {
                here.prove(&here.editor(unit), unit, code).await.unwrap();
            }
            here.submit(unit).await.unwrap();
        }
        here.start_appraisal().await.unwrap();
        assert_eq!((here.accept_all(0).await, here.accept_all(1).await), (3, 3));
        here.conclude().await.unwrap();
        let tx = test.db.read(&here.as_role(Role::Inspector)).await.unwrap();
        ranking::verify(&tx, here.period).await.unwrap();
        let told = assessments::explain(&tx, here.sheets[0], "1.1").await.unwrap();
        let stored = told.appraised.unwrap().points.unwrap();
        assert_eq!((stored, told.score.points), ("3.12".parse().unwrap(), Some(stored)));
        assert_eq!((told.rules.engine.as_str(), told.score.explanation.unwrap().engine.as_str()), ("1", "1"));
    })
    .await;
}
