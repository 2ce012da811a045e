//! A person with roles in two authorities.
#![allow(clippy::unwrap_used)]

use crate::common;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use common::authority::{Authority, PASSWORD};
use common::{Answer, Service, ours};
use tenants::Caller;
use tenants::caller::{Grant, Role};
use tenants::ids::AccountId;
use tenants::members::{self, NewMember};
use tenants::store::operator::{self, NewAccount};

/// Somebody who inspects both authorities, and a third authority that is none of their business.
async fn with_two_roles() -> (Service, [Authority; 3], String) {
    let service = Service::start().await;
    let app = &service.app;
    let all =
        [Authority::create(app, "mot").await, Authority::create(app, "hai").await, Authority::create(app, "ba").await];
    let new = NewAccount {
        login: "thanh.tra".into(),
        display_name: "Thanh tra".into(),
        email: None,
        password: PASSWORD.into(),
    };
    let account = operator::create_account(&app.db, new).await.unwrap();
    for authority in &all[..2] {
        let grants = vec![Grant { role: Role::TenantAdmin, unit: None }];
        let admin = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(authority.tenant) };
        let tx = app.db.begin(&admin).await.unwrap();
        members::create(&tx, NewMember { account, role: Role::Inspector, unit: None }).await.unwrap();
        tx.commit().await.unwrap();
    }
    let cookie = service.sign_in("thanh.tra", PASSWORD).await;
    (service, all, cookie)
}

async fn get(service: &Service, path: &str, cookie: &str) -> Answer {
    service.send(ours(Method::GET, path, Some(cookie)).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_choice_leads_to_the_other_authority_and_to_no_third_one() {
    let (service, [one, two, three], cookie) = with_two_roles().await;
    let first = get(&service, "/lam-viec", &cookie).await;
    let offered = |answer: &Answer, authority: &Authority| answer.body.contains(&authority.tenant.to_string());
    assert!(offered(&first, &one) && offered(&first, &two) && !offered(&first, &three), "{}", first.body);
    // "Tỉnh hai" comes before "Tỉnh mot".
    let period = format!("/lam-viec/ky/{}", one.period);
    assert_eq!(get(&service, &period, &cookie).await.status, StatusCode::NOT_FOUND);

    let moved = service.post("/lam-viec/co-quan", &format!("tenant={}", one.tenant), Some(&cookie)).await;
    assert_eq!(moved.location(), "/lam-viec");
    assert_eq!(get(&service, &period, &cookie).await.status, StatusCode::OK);
    let other = format!("/lam-viec/ky/{}", two.period);
    assert_eq!(get(&service, &other, &cookie).await.status, StatusCode::NOT_FOUND);

    let refused = service.post("/lam-viec/co-quan", &format!("tenant={}", three.tenant), Some(&cookie)).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&service, &period, &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_works_for_one_authority_is_offered_no_choice() {
    let (service, _, _) = with_two_roles().await;
    let cookie = service.sign_in("mot.inspector", PASSWORD).await;
    let page = get(&service, "/lam-viec", &cookie).await;
    assert!(page.status.is_success() && !page.body.contains("/lam-viec/co-quan"));
}
