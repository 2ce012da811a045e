//! What a unit learns from its result.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::collections::BTreeMap;

use common::{Authority, adjust};
use rust_decimal::Decimal;
use tenants::caller::Role;
use tenants::decisions::ReasonCode;
use tenants::improvement::{self, Cause, NewTask};
use tenants::points::median;
use tenants::testing::on_both;
use tenants::{Error, petitions};
use time::macros::datetime;

#[tokio::test]
async fn a_unit_compares_itself_only_once_results_are_announced() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        for (unit, a) in [(0, 5), (1, 10)] {
            here.complete(unit, a, None).await;
            here.submit(unit).await.unwrap();
        }
        let editor = here.editor(0);
        let before = improvement::improvement(&test.db.read(&editor).await.unwrap(), here.sheets[0]).await.unwrap();
        assert!(!before.appraised && before.median_index.is_none() && before.rank.is_none());
        assert_eq!((before.points, before.lost), (70.into(), vec![(Cause::Figures, 30.into())]));
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        here.decide(&here.as_role(Role::Appraiser), 0, adjust("2.1", "30", "Thiếu", 0)).await.unwrap();
        here.accept_all(0).await;
        here.accept_all(1).await;
        let tx = test.db.begin(&here.as_role(Role::CouncilChair)).await.unwrap();
        petitions::announce(&tx, here.period, datetime!(2026-02-10 23:59:59 +7)).await.unwrap();
        tx.commit().await.unwrap();

        let tx = test.db.read(&editor).await.unwrap();
        let view = improvement::improvement(&tx, here.sheets[0]).await.unwrap();
        let index = |figure: u32| Some(Decimal::from(figure));
        assert_eq!((view.index, view.best_index, view.median_index), (index(60), index(90), index(75)));
        assert_eq!((view.rank, view.ranked), (Some(2), 2));
        let council = Cause::Council(ReasonCode::Other);
        assert_eq!(view.lost, [(Cause::Figures, 30.into()), (council, 10.into())]);
        assert_eq!(view.lifts[0], ("1.1".to_owned(), 20.into()));

        let figures = BTreeMap::from([("a".to_owned(), "10".to_owned())]);
        let tried = improvement::what_if(&tx, here.sheets[0], "1.1", &figures).await.unwrap().outcome.unwrap();
        assert_eq!(tried.points, (20.into(), 40.into()));
        assert_eq!((tried.index, tried.rank), ((index(60), index(80)), (Some(2), Some(2))));
        let wrong = BTreeMap::from([("a".to_owned(), "mười".to_owned())]);
        assert!(matches!(improvement::what_if(&tx, here.sheets[0], "1.1", &wrong).await, Err(Error::Invalid(_))));
        assert!(matches!(improvement::what_if(&tx, here.sheets[0], "9", &figures).await, Err(Error::NotFound)));
        let stranger = test.db.read(&here.editor(1)).await.unwrap();
        assert!(matches!(improvement::improvement(&stranger, here.sheets[0]).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_unit_keeps_its_own_list_of_what_to_do() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        let new =
            |text: &str| NewTask { code: "1.1".into(), text: text.into(), owner: "Văn phòng".into(), due: None };
        let tx = test.db.begin(&here.editor(0)).await.unwrap();
        assert!(matches!(improvement::add(&tx, here.sheets[0], &new(" ")).await, Err(Error::Invalid(_))));
        improvement::add(&tx, here.sheets[0], &new("Họp hằng quý")).await.unwrap();
        let task = improvement::improvement(&tx, here.sheets[0]).await.unwrap().tasks.remove(0);
        improvement::finish(&tx, here.sheets[0], task.id, true).await.unwrap();
        let task = improvement::improvement(&tx, here.sheets[0]).await.unwrap().tasks.remove(0);
        assert!(task.done_at.is_some());
        tx.commit().await.unwrap();
        let council = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        assert!(matches!(improvement::add(&council, here.sheets[0], &new("x")).await, Err(Error::Forbidden)));
        drop(council);
        let other = test.db.begin(&here.editor(1)).await.unwrap();
        let foreign = improvement::finish(&other, here.sheets[1], task.id, false).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "another unit's task");
    })
    .await;
}

#[test]
fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
    let of = |figures: &[u32]| median(figures.iter().map(|figure| Decimal::from(*figure)).collect(), 2);
    assert_eq!(
        (of(&[]), of(&[3]), of(&[9, 1]), of(&[9, 1, 5]), of(&[1, 2])),
        (None, Some(3.into()), Some(5.into()), Some(5.into()), Some(Decimal::new(15, 1)))
    );
}
