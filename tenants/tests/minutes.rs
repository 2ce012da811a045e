//! The council in session.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::{Authority, adjust};
use tenants::Error;
use tenants::caller::Role;
use tenants::minutes::{self, Claimed, Vote, Written};
use tenants::testing::on_both;
use time::macros::{date, datetime};

fn written(conclusion: &str) -> Written {
    Written {
        held_on: date!(2026 - 02 - 02),
        place: "Điện Biên Phủ".into(),
        chair: "Chủ tịch".into(),
        secretary: "Thư ký".into(),
        present: "Người một\nNgười hai".into(),
        absent: String::new(),
        proceedings: "Xem xét từng chỉ số.".into(),
        conclusion: conclusion.into(),
    }
}

#[tokio::test]
async fn minutes_are_written_voted_and_sealed() {
    on_both(async |test| {
        let here = Authority::open(&test, "tinh", false).await;
        for (unit, a) in [(0, 5), (1, 10)] {
            here.complete(unit, a, None).await;
            here.submit(unit).await.unwrap();
        }
        let secretary = here.as_role(Role::CouncilSecretary);
        let tx = test.db.begin(&secretary).await.unwrap();
        let early = minutes::open(&tx, here.period, &written("")).await;
        assert!(matches!(early, Err(Error::Conflict(_))), "nothing to appraise yet");
        drop(tx);
        test.db.clock.set(datetime!(2026-02-02 09:00 +7));
        here.start_appraisal().await.unwrap();
        here.decide(&here.as_role(Role::Appraiser), 0, adjust("2.1", "30", "Thiếu", 0)).await.unwrap();
        here.accept_all(0).await;

        let tx = test.db.begin(&secretary).await.unwrap();
        let nobody = Written { present: " ".into(), ..written("") };
        assert!(matches!(minutes::open(&tx, here.period, &nobody).await, Err(Error::Invalid(_))));
        let id = minutes::open(&tx, here.period, &written("")).await.unwrap();
        let cast = Vote { question: "Giữ điểm 2.1".into(), in_favour: 1, against: 1, abstained: 0 };
        minutes::vote(&tx, id, &cast).await.unwrap();
        let none = Vote { in_favour: 0, against: 0, abstained: 0, ..cast.clone() };
        assert!(matches!(minutes::vote(&tx, id, &none).await, Err(Error::Invalid(_))));
        let many = Vote { in_favour: 500, ..cast.clone() };
        assert!(matches!(minutes::vote(&tx, id, &many).await, Err(Error::Invalid(_))), "more than sit there");
        assert!(!cast.is_carried(), "half is not more than half");
        assert!(matches!(minutes::seal(&tx, id).await, Err(Error::Conflict(_))), "without a conclusion");
        minutes::write(&tx, id, &written("Thống nhất."), 1).await.unwrap();
        assert!(matches!(minutes::write(&tx, id, &written("Khác."), 1).await, Err(Error::Stale)));
        minutes::seal(&tx, id).await.unwrap();
        assert!(matches!(minutes::write(&tx, id, &written("Khác."), 2).await, Err(Error::Conflict(_))));
        assert!(matches!(minutes::vote(&tx, id, &cast).await, Err(Error::Conflict(_))));
        let kept = minutes::session(&tx, id).await.unwrap();
        assert_eq!((kept.votes, kept.written.conclusion.as_str(), kept.may_write), (vec![cast], "Thống nhất.", false));

        let record = minutes::record(&tx, here.period).await.unwrap();
        assert_eq!((record.accepted, record.open, record.changed.len()), (2, 3, 1));
        assert_eq!(
            (record.changed[0].claimed, record.changed[0].appraised),
            (Claimed::Points(40.into()), Some(30.into()))
        );
        assert_eq!(record.groups[0].rows.len(), 2);
        tx.commit().await.unwrap();
        let member = test.db.begin(&here.as_role(Role::Appraiser)).await.unwrap();
        assert!(matches!(minutes::open(&member, here.period, &written("")).await, Err(Error::Forbidden)));
        drop(member);
        let unit = test.db.read(&here.editor(0)).await.unwrap();
        assert!(matches!(minutes::list(&unit, here.period).await, Err(Error::Forbidden)));
    })
    .await;
}
