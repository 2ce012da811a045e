//! `/`: the only authority's portal, or the list of authorities.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tenants::store::operator;
use tenants::tenant::TenantHead;
use tenants::{Error, paths};

use crate::components::{EmptyState, Lead};
use crate::render::Page;
use crate::text::t;
use crate::{App, Result};

pub async fn show(State(app): State<App>) -> Result<Response> {
    let top = top(&app).await?;
    match top.as_slice() {
        [only] => Ok(Redirect::to(&paths::portal(&only.slug)).into_response()),
        _ => Ok(list(&app, top).into_response()),
    }
}

/// The authorities at the top; while the database is away, as they were last.
async fn top(app: &App) -> Result<Vec<TenantHead>> {
    let all = match operator::list_tenants(&app.db).await {
        Ok(all) => all,
        Err(error @ Error::Away { .. }) => return app.pages.top.get(&()).ok_or_else(|| error.into()),
        Err(error) => return Err(error.into()),
    };
    let top: Vec<TenantHead> = all.into_iter().filter(|(_, parent)| parent.is_none()).map(|(head, _)| head).collect();
    app.pages.top.insert((), top.clone());
    Ok(top)
}

fn list(app: &App, tenants: Vec<TenantHead>) -> Html<String> {
    Page::new(t("home-title")).entrance(app, None, || view! { <Tenants tenants/> })
}

#[component]
fn Tenants(tenants: Vec<TenantHead>) -> impl IntoView {
    let empty = tenants.is_empty();
    let tenant = |tenant: TenantHead| {
        view! {
            <li>
                <a class="card" href=paths::portal(&tenant.slug)>
                    <strong>{tenant.name}</strong>
                </a>
            </li>
        }
    };
    view! {
        <Lead title=t("home-title")/>
        {empty.then(|| view! { <EmptyState title=t("home-empty") text=t("home-empty-text")/> })}
        <ul class="tenants" role="list">{tenants.into_iter().map(tenant).collect_view()}</ul>
    }
}
