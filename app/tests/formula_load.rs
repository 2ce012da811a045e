//! A formula somebody types is somebody's program: it holds up nobody else.
#![allow(clippy::unwrap_used)]

use crate::common;

use std::fmt::Write;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use common::Service;
use common::authority::{Authority, PASSWORD, login};
use tenants::caller::{Grant, Role};
use tenants::ids::{AccountId, SetId};
use tenants::{Caller, indicator_sets};

/// Sixty shared figures, each of which the formula compares with as many thresholds as fit.
fn hostile() -> String {
    let mut facts = String::new();
    for fact in 0..60 {
        writeln!(facts, "fact(\"f{fact}\", count(\"Số {fact}\"));").unwrap();
    }
    format!(
        "indicator_set(\"x\", #{{ name: \"Bộ thử\", total: 10 }});\n{facts}group(\"g\", \"Nhóm\", 10); main_index(\"1\", \"Một\", 10);\n\
         indicator(\"1.1\", \"A\", 10).formula(\"0\").expect(\"không\", #{{}}, 0);\n"
    )
}

/// Five kilobytes over all the figures.
fn formula() -> String {
    let term = |at: usize| {
        let (other, next) = ((at + 7) % 60, (at + 1) % 60);
        format!(
            "(if f{at} >= {} && f{other} < {} || f{next} > {} {{ ratio(f{at}, f{next}) }} else {{ 0.5 }})",
            at + 2,
            at * 3 + 40,
            at * 7 + 1000
        )
    };
    let mut terms: Vec<String> = (0..60).map(term).collect();
    while terms.len() > 1 {
        terms = terms.chunks(4).map(|four| format!("({})", four.join(" + "))).collect();
    }
    format!("min(1, {} / 100) * max", terms[0])
}

async fn set(service: &Service, authority: &Authority) -> SetId {
    let grants = vec![Grant { role: Role::RuleAdmin, unit: None }];
    let caller = Caller { account: Some(AccountId::new()), grants, ..Caller::citizen(authority.tenant) };
    let tx = service.app.db.begin(&caller).await.unwrap();
    let set = indicator_sets::create(&tx, "nang", "Bộ nặng", &hostile()).await.unwrap();
    tx.commit().await.unwrap();
    set
}

fn panel(formula: &str) -> String {
    let encoded: String = formula.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("act=leaf&at=leaf:1.1&revision=1&code=1.1&name=A&max=10&zero=error&formula={encoded}&try.f0=5&try.f1=6")
}

#[tokio::test]
async fn nobody_waits_for_a_hostile_formula() {
    let service = Service::start().await;
    let authorities = [Authority::create(&service.app, "mot").await, Authority::create(&service.app, "hai").await];
    let mut hostile = Vec::new();
    for authority in &authorities {
        let id = set(&service, authority).await;
        let cookie = service.sign_in(&login(authority.slug, Role::RuleAdmin), PASSWORD).await;
        hostile.push((id, cookie));
    }
    let form = panel(&formula());
    assert!((4_500..8_000).contains(&formula().len()), "{}", formula().len());
    // One runtime thread serves everything here: whatever works on it holds up all the rest.
    let attacks = hostile.iter().flat_map(|(id, cookie)| {
        let path = format!("/lam-viec/bo-chi-so/{id}/xem?manh=1");
        (0..3).map({
            let (service, form) = (&service, &form);
            move |_| {
                let path = path.clone();
                async move { service.post(&path, form, Some(cookie)).await }
            }
        })
    });
    let attacks = futures::future::join_all(attacks);
    let neighbour = async {
        let mut longest = Duration::ZERO;
        for _ in 0..40 {
            let began = Instant::now();
            assert_eq!(service.get("/healthz").await.status, StatusCode::OK);
            assert_eq!(service.get("/mot").await.status, StatusCode::OK);
            longest = longest.max(began.elapsed());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        longest
    };
    let began = Instant::now();
    let (answers, longest) = futures::future::join(attacks, neighbour).await;
    println!("six attacks took {:?}, the neighbour waited {longest:?} at the most", began.elapsed());
    assert!(longest < Duration::from_millis(700), "the neighbour waited {longest:?}");
    for answer in answers {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}
