//! Evidence on its way in and after: once at an indicator, with an address that leads somewhere, its card corrected until
//! the head signs.
#![allow(clippy::unwrap_used)]

use crate::common;

use common::Authority;
use tenants::desk::Row;
use tenants::documents::{DocumentCard, EvidenceItem};
use tenants::evidence::{self, Attach, Source};
use tenants::files::{MAX_FILE, Scan, StoredFile};
use tenants::history::{self, Deed};
use tenants::ids::EvidenceId;
use tenants::testing::{TestDb, on_both};
use tenants::{Error, Result};
use time::macros::date;

fn file(content: char, name: &str) -> Source {
    let sha256 = content.to_string().repeat(64);
    let media_type = "application/pdf".into();
    Source::File(StoredFile { sha256, length: 1000, media_type, name: name.into(), scan: Scan::Unasked })
}

fn link(url: &str) -> Source {
    Source::Link { title: "Văn bản".into(), url: url.into() }
}

async fn attach(here: &Authority<'_>, unit: usize, code: &str, source: Source) -> Result<Row> {
    let tx = here.test.db.begin(&here.editor(unit)).await?;
    let row = evidence::attach(&tx, here.sheets[unit], code, Attach::of(source)).await?;
    tx.commit().await?;
    Ok(row)
}

async fn correct(here: &Authority<'_>, code: &str, id: EvidenceId, number: &str, page: &str) -> Result<Row> {
    let card = DocumentCard { number: number.into(), issued_on: Some(date!(2025 - 12 - 31)), ..Default::default() };
    let tx = here.test.db.begin(&here.editor(0)).await?;
    let row = evidence::correct_card(&tx, here.sheets[0], code, id, (card, page)).await?;
    tx.commit().await?;
    Ok(row)
}

fn problems(refused: Result<Row>) -> String {
    match refused {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| problem.message).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_same_document_stands_once_at_an_indicator() {
    on_both(async |test| {
        let here = Authority::open(&test, "mot-lan", false).await;
        attach(&here, 0, "1.1", file('a', "a.pdf")).await.unwrap();
        let told = problems(attach(&here, 0, "1.1", file('a', "b.pdf")).await);
        assert!(told.contains("đã đính kèm") && told.contains("a.pdf"), "{told}");
        let row = attach(&here, 0, "1.2", file('a', "a.pdf")).await.unwrap();
        assert_eq!(row.evidence.len(), 1, "another indicator may be proved by it");
        let again = problems(attach(&here, 0, "1.1", Source::Known(row.evidence[0].id)).await);
        assert!(again.contains("đã đính kèm"), "{again}");
        attach(&here, 0, "1.1", link("https://dienbien.gov.vn/a")).await.unwrap();
        assert!(problems(attach(&here, 0, "1.1", link(" HTTPS://dienbien.gov.vn/a")).await).contains("đã đính kèm"));
        assert_eq!(shown(&here, &test, "1.1").await.len(), 2);
    })
    .await;
}

async fn shown(here: &Authority<'_>, test: &TestDb, code: &str) -> Vec<EvidenceItem> {
    let tx = test.db.read(&here.editor(0)).await.unwrap();
    tenants::desk::row(&tx, here.sheets[0], code).await.unwrap().evidence
}

#[tokio::test]
async fn two_who_send_one_file_at_once_attach_it_once() {
    on_both(async |test| {
        let here = Authority::open(&test, "cung-luc", false).await;
        let (one, two) =
            futures::join!(attach(&here, 0, "1.1", file('a', "a.pdf")), attach(&here, 0, "1.1", file('a', "a.pdf")));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(shown(&here, &test, "1.1").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_address_leads_somewhere() {
    on_both(async |test| {
        let here = Authority::open(&test, "dia-chi", false).await;
        for wrong in ["http://", "dienbien.gov.vn", "javascript:alert(1)", "https://gov.vn@xau.example/"] {
            assert!(problems(attach(&here, 0, "1.1", link(wrong)).await).contains("địa chỉ đầy đủ"), "{wrong}");
        }
        attach(&here, 0, "1.1", link("HTTPS://DIENBIEN.GOV.VN/A")).await.unwrap();
        attach(&here, 0, "1.1", link(" https://dienbien.gov.vn/a ")).await.unwrap();
        let links = shown(&here, &test, "1.1").await.into_iter().map(|item| item.link.unwrap()).collect::<Vec<_>>();
        assert_eq!(links, ["https://dienbien.gov.vn/A", "https://dienbien.gov.vn/a"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_may_be_as_long_as_what_is_left() {
    on_both(async |test| {
        let here = Authority::open(&test, "con-lai", false).await;
        let tx = test.db.begin(&here.as_role(tenants::caller::Role::PeriodManager)).await.unwrap();
        evidence::set_quota(&tx, 64 << 20).await.unwrap();
        tx.commit().await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert_eq!(evidence::may_attach(&tx, here.sheets[0], "1.1", 1).await.unwrap(), MAX_FILE);
        drop(tx);
        attach(&here, 0, "1.1", file('a', "a.pdf")).await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        assert_eq!(evidence::may_attach(&tx, here.sheets[0], "1.1", 1).await.unwrap(), MAX_FILE - 1000);
        let beyond = evidence::may_attach(&tx, here.sheets[0], "1.1", MAX_FILE).await;
        assert!(matches!(beyond, Err(Error::Invalid(_))), "{beyond:?}");
    })
    .await;
}

#[tokio::test]
async fn a_card_is_corrected_until_the_head_signs_and_the_log_keeps_what_it_said() {
    on_both(async |test| {
        let here = Authority::open(&test, "the", false).await;
        here.complete(0, 8, None).await;
        let row = attach(&here, 0, "1.1", file('b', "bao-cao.pdf")).await.unwrap();
        let id = row.evidence.iter().find(|item| item.name == "bao-cao.pdf").unwrap().id;
        let row = correct(&here, "1.1", id, " 12/BC ", "trang 3").await.unwrap();
        let item = row.evidence.iter().find(|item| item.id == id).unwrap();
        assert_eq!((item.card.number.as_str(), item.page.as_str()), ("12/BC", "trang 3"));
        assert_eq!(item.card.issued_on, Some(date!(2025 - 12 - 31)));
        correct(&here, "1.1", id, "12/BC", "trang 3").await.unwrap();
        let tx = test.db.read(&here.editor(0)).await.unwrap();
        let course = history::of_indicator(&tx, here.sheets[0], "1.1").await.unwrap().events;
        drop(tx);
        let told = course.iter().filter_map(|event| match &event.deed {
            Deed::Corrected { name, parts } => Some((name.as_str(), parts.len())),
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>(), [("bao-cao.pdf", 3)], "the same again is no correction");
        let tx = test.db.begin(&here.editor(1)).await.unwrap();
        let strange = evidence::correct_card(&tx, here.sheets[0], "1.1", id, (DocumentCard::default(), "")).await;
        assert!(matches!(strange, Err(Error::NotFound)), "{strange:?}");
        drop(tx);
        here.submit(0).await.unwrap();
        assert!(correct(&here, "1.1", id, "13/BC", "").await.is_err(), "the head has signed what it says");
    })
    .await;
}
