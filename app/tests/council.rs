//! The council's page, who may write to it, and what somebody without a seat is told.
#![allow(clippy::unwrap_used)]

use crate::common;

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use common::authority::{Authority, PASSWORD, login};
use common::{Answer, Service, ours};
use tenants::Caller;
use tenants::caller::{Grant, Role};
use tenants::ids::AccountId;
use tenants::members::{self, NewMember};
use tenants::store::operator::{self, NewAccount};

/// Signs in somebody who holds a role and no seat.
async fn unseated(service: &Service, here: &Authority, role: Role) -> String {
    let new =
        NewAccount {
            login: "moi".into(), display_name: "Người mới".into(), email: None, password: PASSWORD.into()
        };
    let account = operator::create_account(&service.app.db, new).await.unwrap();
    let grants = vec![Grant { role: Role::TenantAdmin, unit: None }];
    let admin = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(here.tenant) };
    let tx = service.app.db.begin(&admin).await.unwrap();
    members::create(&tx, NewMember { account, role, unit: None }).await.unwrap();
    tx.commit().await.unwrap();
    service.sign_in("moi", PASSWORD).await
}

async fn get(service: &Service, path: &str, cookie: &str) -> Answer {
    service.send(ours(Method::GET, path, Some(cookie)).body(Body::empty()).unwrap()).await
}

async fn as_role(service: &Service, role: Role) -> String {
    service.sign_in(&login("mot", role), PASSWORD).await
}

#[tokio::test]
async fn whoever_has_no_seat_is_told_who_can_give_one() {
    let service = Service::start().await;
    let here = Authority::create(&service.app, "mot").await;
    let cookie = unseated(&service, &here, Role::Appraiser).await;
    let decide = format!("/lam-viec/tham-dinh/{}/chi-so/1.1", here.sheet);
    let answer = service.post(&decide, "decision=accept&revision=0", Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("không ghi tên bạn") && answer.body.contains("period_manager"), "{}", answer.body);
    let request = ours(Method::POST, &decide, Some(&cookie)).header(ACCEPT, "application/json");
    let told = service.send(request.body(Body::from("decision=accept&revision=0")).unwrap()).await;
    assert!(told.body.contains(r#""kind":"unseated""#), "{}", told.body);
    let page = get(&service, &format!("/lam-viec/tham-dinh/{}", here.sheet), &cookie).await;
    assert!(page.status.is_success() && page.body.contains("Bạn không có tên trong Hội đồng"));

    let seated = as_role(&service, Role::Appraiser).await;
    let answer = service.post(&decide, "decision=accept&revision=0", Some(&seated)).await;
    // Led back to the page, which says so.
    assert!(answer.location().ends_with("#can-sua"), "the stage is all that keeps a seated member");
}

#[tokio::test]
async fn the_manager_writes_and_the_others_read() {
    let service = Service::start().await;
    let here = Authority::create(&service.app, "mot").await;
    let path = format!("/lam-viec/ky/{}/hoi-dong", here.period);
    let manager = as_role(&service, Role::PeriodManager).await;
    let page = get(&service, &path, &manager).await;
    assert!(page.body.contains("Quyết định số 12/QĐ-UBND ngày 20/12/2025"), "{}", page.body);
    for form in ["/hoi-dong/quyet-dinh\"", "/hoi-dong/thoi\"", "/hoi-dong\""] {
        assert!(page.body.contains(&format!("action=\"/lam-viec/ky/{}{form}", here.period)), "{form}");
    }
    for role in [Role::Inspector, Role::CouncilChair, Role::Appraiser] {
        let page = get(&service, &path, &as_role(&service, role).await).await;
        assert!(page.body.contains("12/QĐ-UBND") && !page.body.contains("/hoi-dong/thoi"), "{role:?}");
    }
    let board = get(&service, &format!("/lam-viec/ky/{}", here.period), &manager).await;
    let duties = get(&service, &format!("/lam-viec/ky/{}/phan-cong", here.period), &manager).await;
    assert!(board.body.contains(&path) && duties.body.contains(&path), "one gets there from both");
}

#[tokio::test]
async fn a_decision_that_cannot_be_kept_comes_back_as_typed() {
    let service = Service::start().await;
    let here = Authority::create(&service.app, "mot").await;
    let manager = as_role(&service, Role::PeriodManager).await;
    let part =
        |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.exe\"\r\n\r\nMZ\r\n";
    let body = format!("{}{}{file}--x--\r\n", part("number", "45/QĐ-UBND"), part("date", "2026-01-02"));
    let mut request = ours(Method::POST, &format!("/lam-viec/ky/{}/hoi-dong/quyet-dinh", here.period), Some(&manager))
        .body(Body::from(body))
        .unwrap();
    request.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=x".parse().unwrap());
    let answer = service.send(request).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Chỉ nhận PDF") && answer.body.contains("value=\"45/QĐ-UBND\""), "{}", answer.body);
}
