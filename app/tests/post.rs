//! Reminders and mail, sent to a real mail server.
#![allow(clippy::unwrap_used)]

use crate::common;

use app::config::Mail;
use app::mailer;
use common::Service;
use common::authority::{Authority, PASSWORD, login};
use common::mail::Sink;
use tenants::calendar::Calendar;
use tenants::caller::{Grant, Role};
use tenants::ids::AccountId;
use tenants::members::{self, NewMember};
use tenants::store::operator::{self, NewAccount};
use tenants::{Caller, notices, periods, year};
use time::{Duration, OffsetDateTime, UtcOffset};

struct Office {
    service: Service,
    authority: Authority,
    sink: Sink,
    /// The clerk's.
    account: AccountId,
}

impl Office {
    /// An authority whose unit has one clerk with an address.
    async fn open() -> Office {
        let (sink, url) = Sink::start();
        let from = "Chuyển đổi số <cds@example.vn>".to_owned();
        let service = Service::with(|config| {
            config.mail = Some(Mail { url, from });
            config.public_url = Some("https://cds.example.vn".into());
        });
        let service = service.await;
        let authority = Authority::create(&service.app, "mot").await;
        let clerk = NewAccount {
            login: "van-thu".into(),
            display_name: "Nguyễn Thị Bưởi".into(),
            email: Some("buoi@example.vn".into()),
            password: PASSWORD.into(),
        };
        let account = operator::create_account(&service.app.db, clerk).await.unwrap();
        let office = Office { service, authority, sink, account };
        let tx = office.service.app.db.begin(&office.caller(Role::TenantAdmin)).await.unwrap();
        let new = NewMember { account, role: Role::UnitEditor, unit: Some(office.authority.unit) };
        members::create(&tx, new).await.unwrap();
        tx.commit().await.unwrap();
        office
    }

    fn caller(&self, role: Role) -> Caller {
        let grants = vec![Grant { role, unit: None }];
        Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(self.authority.tenant) }
    }

    /// The period's deadline: thirty days from when the authority was created.
    async fn deadline(&self) -> OffsetDateTime {
        let tx = self.service.app.db.read(&self.caller(Role::PeriodManager)).await.unwrap();
        periods::list(&tx).await.unwrap()[0].self_deadline
    }

    /// One round at an hour of the working day, so many days from the deadline.
    async fn round(&self, from_deadline: i64) -> Vec<String> {
        self.round_at(self.day(from_deadline).await).await
    }

    async fn day(&self, from_deadline: i64) -> OffsetDateTime {
        let local = self.deadline().await.to_offset(UtcOffset::from_hms(7, 0, 0).unwrap());
        local.replace_hour(10).unwrap() + Duration::days(from_deadline)
    }

    async fn round_at(&self, at: OffsetDateTime) -> Vec<String> {
        self.service.app.db.clock.set(at);
        mailer::round(&self.service.app).await.unwrap();
        self.sink.taken()
    }

    /// So many days after the deadline, or on the next working day: nothing is due on a Sunday. Answers how many days later.
    async fn extend_by(&self, days: i64) -> i64 {
        let wished = self.deadline().await + Duration::days(days);
        let day = wished.to_offset(UtcOffset::from_hms(7, 0, 0).unwrap()).date();
        let shift = (Calendar::default().working(day) - day).whole_days();
        self.extend(wished + Duration::days(shift)).await;
        shift
    }

    async fn extend(&self, until: OffsetDateTime) {
        let tx = self.service.app.db.begin(&self.caller(Role::PeriodManager)).await.unwrap();
        year::extend(&tx, self.authority.sheet, until, "Lũ quét").await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_unit_is_reminded_once_for_each_mark_and_a_moved_deadline_forgets_the_old_one() {
    let office = Office::open().await;
    let letters = office.round(-7).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].contains("buoi@example.vn"), "{}", letters[0]);
    assert_eq!(office.round(-7).await.len(), 0, "told once");
    let shift = office.extend_by(20).await;
    assert_eq!(office.round(-6).await.len(), 1, "the extension, and thirty days before the new limit, in one letter");
    assert_eq!(office.round(-1).await.len(), 0, "one day before the old limit is no occasion any more");
    assert_eq!(office.round(1).await.len(), 0, "nothing is overdue");
    assert_eq!(office.round(13 + shift).await.len(), 1, "seven days before the new limit");
    assert_eq!(office.round(21 + shift).await.len(), 1, "overdue");
    assert_eq!(office.round(22 + shift).await.len(), 0);
}

#[tokio::test]
async fn mail_waits_for_the_morning_and_for_the_mail_server() {
    let office = Office::open().await;
    let night = office.day(-7).await.replace_hour(22).unwrap();
    assert_eq!(office.round_at(night).await.len(), 0, "quiet hours");
    office.sink.refuse(true);
    let morning = night + Duration::hours(10);
    assert_eq!(office.round_at(morning).await.len(), 0);
    office.sink.refuse(false);
    assert_eq!(office.round_at(morning + Duration::seconds(30)).await.len(), 0, "it waits before it tries again");
    let letters = office.round_at(morning + Duration::minutes(3)).await;
    assert_eq!(letters.len(), 1, "nothing was lost");
}

#[tokio::test]
async fn what_one_server_has_taken_no_other_sends() {
    let office = Office::open().await;
    office.extend_by(20).await;
    let system = Caller::system(office.authority.tenant);
    let mut counts = Vec::new();
    for _ in 0..2 {
        let tx = office.service.app.db.begin(&system).await.unwrap();
        counts.push(notices::letters(&tx).await.unwrap().len());
        tx.commit().await.unwrap();
    }
    assert_eq!(counts, [1, 0]);
    let clerk = office.caller(Role::UnitEditor);
    let tx = office.service.app.db.begin(&clerk).await.unwrap();
    assert!(notices::letters(&tx).await.is_err(), "a person does not deliver");
}

#[tokio::test]
async fn the_inbox_holds_what_mail_tells_and_is_read_by_its_owner_alone() {
    let office = Office::open().await;
    office.extend_by(20).await;
    let cookie = office.service.sign_in(&login("mot", Role::UnitEditor), PASSWORD).await;
    let inbox = office.read(&cookie).await;
    assert!(inbox.contains("Lũ quét"), "{inbox}");
    assert!(inbox.contains("class=\"count\""), "the bell counts it");
    let id = inbox.split("name=\"notice\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = office.service.post("/lam-viec/thong-bao", &format!("notice={id}"), Some(&cookie)).await;
    assert_eq!(answer.location(), format!("/lam-viec/phieu/{}", office.authority.sheet));
    assert!(!office.read(&cookie).await.contains("class=\"count\""));
    let other = office.service.sign_in(&login("mot", Role::UnitApprover), PASSWORD).await;
    assert!(office.read(&other).await.contains("class=\"count\""), "one's own reading is one's own");
    let outsider = office.service.sign_in(&login("mot", Role::Appraiser), PASSWORD).await;
    assert!(!office.read(&outsider).await.contains("Lũ quét"));
}

impl Office {
    async fn read(&self, cookie: &str) -> String {
        let request = common::ours(axum::http::Method::GET, "/lam-viec/thong-bao", Some(cookie));
        self.service.send(request.body(axum::body::Body::empty()).unwrap()).await.body
    }
}

#[tokio::test]
async fn whoever_wishes_so_gets_one_letter_each_morning() {
    let office = Office::open().await;
    let noon = office.day(-20).await.replace_hour(12).unwrap();
    office.service.app.db.clock.set(noon);
    let clerk = Caller { account: Some(office.account), ..office.caller(Role::UnitEditor) };
    let tx = office.service.app.db.begin(&clerk).await.unwrap();
    notices::set_daily(&tx, true).await.unwrap();
    assert!(notices::wants_daily(&tx).await.unwrap());
    tx.commit().await.unwrap();
    office.extend_by(20).await;
    assert_eq!(office.round_at(noon + Duration::minutes(5)).await.len(), 0, "not at once");
    assert_eq!(office.round_at(noon + Duration::hours(18)).await.len(), 0, "six in the morning");
    assert_eq!(office.round_at(noon + Duration::hours(19)).await.len(), 1, "seven");
}
