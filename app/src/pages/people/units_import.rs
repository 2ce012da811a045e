//! `/lam-viec/don-vi/nhap`: many units at once, pasted from a spreadsheet: shown first with what is wrong in which cell, then
//! written whole or not at all.

use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::policy::{Action, Subject};
use tenants::units::{self, Row};
use tenants::{Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, Table, TextArea};
use crate::render::Page;
use crate::session::{self, FlashKind};
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct Pasted {
    text: String,
    /// "write", once it was looked at.
    act: String,
}

/// `GET /lam-viec/don-vi/nhap`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    app.db.read(&signed.caller).await?.allow(Action::ManageUnits, Subject::Tenant)?;
    page(&app, &signed, String::new(), Vec::new()).await
}

/// `POST /lam-viec/don-vi/nhap`: tries it out, and keeps it where that was asked and nothing is wrong.
pub async fn import(
    State(app): State<App>,
    signed: Signed,
    session: Session,
    Form(pasted): Form<Pasted>,
) -> Result<Response> {
    let tx = app.db.begin(&signed.caller).await?;
    tx.allow(Action::ManageUnits, Subject::Tenant)?;
    let today = tx.now().to_offset(format::HANOI).date();
    let rows = units::import(&tx, &engine::table::split(&pasted.text), today).await?;
    let clean = rows.iter().all(|row| row.problems.is_empty());
    if clean && pasted.act == "write" {
        tx.commit().await?;
        let said = t_with("units-imported", [("count", rows.len().into())]);
        session::set_flash(&session, FlashKind::Done, said).await?;
        return Ok(Redirect::to(paths::units::PATH).into_response());
    }
    drop(tx);
    Ok(page(&app, &signed, pasted.text, rows).await?.into_response())
}

async fn page(app: &App, signed: &Signed, text: String, rows: Vec<Row>) -> Result<Html<String>> {
    Page::new(t("units-import"))
        .staff(app, signed, || {
            view! {
                <Breadcrumb label=t("nav-units") steps=vec![(paths::units::PATH.to_owned(), t("nav-units"))]/>
                <Lead title=t("units-import") about=t("units-import-about")/>
                {(!rows.is_empty()).then(|| view! { <Preview text=text.clone() rows/> })}
                <form class="card form" method="post" action=paths::units_import::PATH>
                    <Field name="text" label=t("units-import-text") hint=t("units-import-hint")>
                        <TextArea id="text" name="text" rows=12 required=true text/>
                    </Field>
                    <Button name="act" value="look">{t("units-import-look")}</Button>
                </form>
            }
        })
        .await
}

#[component]
fn Preview(text: String, rows: Vec<Row>) -> impl IntoView {
    let wrong = rows.iter().filter(|row| !row.problems.is_empty()).count();
    let values = [("count", rows.len().into()), ("wrong", wrong.into())];
    let write = (wrong == 0).then(|| {
        view! {
            <form method="post" action=paths::units_import::PATH>
                <input type="hidden" name="text" value=text/>
                <Button kind=ButtonKind::Primary name="act" value="write">{t("units-import-write")}</Button>
            </form>
        }
    });
    view! {
        <section aria-labelledby="xem-truoc">
            <h2 id="xem-truoc">{t_with("units-import-preview", values)}</h2>
            <Table label=t("units-import")>
                <thead>
                    <tr>
                        <th class="num">"#"</th>
                        <th>{t("units-code")}</th>
                        <th>{t("units-name")}</th>
                        <th>{t("units-kind")}</th>
                        <th>{t("units-parent")}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| view! { <PreviewRow row/> }).collect_view()}</tbody>
            </Table>
            {write}
        </section>
    }
}

#[component]
fn PreviewRow(row: Row) -> impl IntoView {
    let Row { number, code, name, kind, parent, problems } = row;
    let cell = |text: String, field: &str| {
        let mine = problems.iter().filter(|problem: &&Problem| problem.field == field);
        let mine = mine.map(|problem| view! { <span class="field-problem block">{problem.message.clone()}</span> });
        view! { <td>{text}{mine.collect_view()}</td> }
    };
    view! {
        <tr>
            <td class="num">{number}</td>
            {cell(code, "official_code")}
            {cell(name, "name")}
            {cell(kind, "kind")}
            {cell(parent, "parent")}
        </tr>
    }
}
