//! `/lam-viec/bo-chi-so/moi`: a new set, empty, copied from a version, or from a pasted table that is shown first.

use axum::body::Bytes;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use engine::{Group, IndicatorSet};
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::ids::{SetId, VersionId};
use tenants::indicator_sets::{self, OfficeTable, SetHead, SharedVersion, Work, label, sandbox};
use tenants::policy::{self, Action, Subject};
use tenants::{Error, Problem, paths};
use tower_sessions::Session;

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, ProblemList, Table, TextArea};
use crate::multipart::{allowed, whole};
use crate::render::Page;
use crate::session::{FlashKind, set_flash};
use crate::text::{t, t_with};
use crate::{App, AppError, Result, spelling, typed};

#[derive(Clone, Default)]
struct Typed {
    name: String,
    slug: String,
    /// "blank", "paste", or a version's id.
    start: String,
    table: String,
    /// "preview" or "create".
    act: String,
    /// How the file was read.
    notes: Vec<String>,
}

/// `GET /lam-viec/bo-chi-so/moi`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Html<String>> {
    policy::allow(&signed.caller, Action::EditSet, Subject::Tenant)?;
    page(&app, &signed, Typed { start: "paste".into(), ..Typed::default() }, None, Vec::new()).await
}

/// `POST /lam-viec/bo-chi-so/moi`: shows what a pasted table would become, or makes the set.
pub async fn create(State(app): State<App>, signed: Signed, session: Session, form: Multipart) -> Result<Response> {
    let form = allowed(&signed, Action::EditSet, form).await?;
    let (mut typed, file) = whole(form, receive).await?;
    if typed.slug.trim().is_empty() {
        typed.slug = engine::table::slug_of(&typed.name);
    }
    if let Some(file) = file.filter(|_| typed.start == "paste") {
        match unpacked(&app, &signed, &file).await {
            Ok(table) => (typed.table, typed.notes) = (engine::table::join(&table.rows), table.notes),
            Err(Error::Invalid(problems)) => {
                let shown = page(&app, &signed, typed, None, problems).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
            }
            Err(error) => return Err(error.into()),
        }
    }
    let made = match started(&app, &signed, &typed).await {
        Ok(start) if typed.act == "preview" => {
            return Ok(page(&app, &signed, typed, Some(start.set.groups), Vec::new()).await?.into_response());
        }
        Ok(start) => make(&app, &signed, start).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => {
            set_flash(&session, FlashKind::Done, t("set-created")).await?;
            Ok(Redirect::to(&paths::set(id)).into_response())
        }
        Err(Error::Invalid(problems)) => {
            let shown = page(&app, &signed, typed, None, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The form, and the file where one was chosen.
async fn receive(form: &mut Multipart) -> Result<(Typed, Option<Bytes>)> {
    let (mut typed, mut file) = (Typed::default(), None);
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            file = Some(field.bytes().await.map_err(|_| AppError::Malformed)?).filter(|bytes| !bytes.is_empty());
            continue;
        }
        let text = spelling::text(&field.bytes().await.map_err(|_| AppError::Malformed)?)?;
        typed::note(&name, &text);
        match name.as_str() {
            "name" => typed.name = text,
            "slug" => typed.slug = text,
            "start" => typed.start = text,
            "table" => typed.table = text,
            "act" => typed.act = text,
            _ => (),
        }
    }
    Ok((typed, file))
}

/// A file's table as if it had been pasted, so that it can be seen and mended before anything is made of it.
async fn unpacked(app: &App, signed: &Signed, file: &[u8]) -> tenants::Result<OfficeTable> {
    let _turn = indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Check).await?;
    sandbox::table(&app.worker, file).await
}

/// A set that does not exist yet.
struct Start {
    set: IndicatorSet,
    /// The version it is a copy of.
    origin: Option<VersionId>,
}

/// What the form asks to begin with. `Err(Invalid)` names every row of a pasted table that cannot be read.
async fn started(app: &App, signed: &Signed, typed: &Typed) -> tenants::Result<Start> {
    let (name, slug) = (typed.name.trim(), typed.slug.trim());
    if let Ok(version) = typed.start.parse::<VersionId>() {
        let tx = app.db.read(&signed.caller).await?;
        let original = indicator_sets::original(&tx, version).await?;
        let set = IndicatorSet { slug: slug.into(), name: name.into(), ..original.set };
        return Ok(Start { set, origin: Some(version) });
    }
    let groups = if typed.start == "paste" { read(&typed.table).map_err(Error::Invalid)? } else { Vec::new() };
    Ok(Start { set: indicator_sets::begin(slug, name, groups), origin: None })
}

/// A pasted table as groups; every row that cannot be read is named with its number.
fn read(table: &str) -> std::result::Result<Vec<Group>, Vec<Problem>> {
    engine::table::read(&engine::table::split(table)).map_err(|errors| {
        let told = |error: &engine::table::RowError| {
            let message = error.message.clone();
            let place = t_with("import-row", [("row", error.row.into()), ("message", message.into())]);
            Problem::new("table", &place)
        };
        errors.iter().map(told).collect()
    })
}

async fn make(app: &App, signed: &Signed, start: Start) -> tenants::Result<SetId> {
    let Start { set, origin } = start;
    let tx = app.db.begin(&signed.caller).await?;
    let id = indicator_sets::create_from(&tx, &set.slug, &set.name, &engine::print(&set), origin).await?;
    tx.commit().await?;
    Ok(id)
}

async fn page(
    app: &App,
    signed: &Signed,
    typed: Typed,
    groups: Option<Vec<Group>>,
    problems: Vec<Problem>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let own = indicator_sets::list(&tx).await?;
    let shared = indicator_sets::shared_with_us(&tx).await?;
    drop(tx);
    Page::new(t("set-new")).staff(app, signed, || view! { <New typed own shared groups problems/> }).await
}

#[component]
fn New(
    typed: Typed,
    own: Vec<SetHead>,
    shared: Vec<SharedVersion>,
    groups: Option<Vec<Group>>,
    problems: Vec<Problem>,
) -> impl IntoView {
    let start = typed.start.clone();
    let option = move |value: String, text: String| {
        let selected = value == start;
        view! { <option value=value selected=selected>{text}</option> }
    };
    let mine = own.into_iter().flat_map(|set| {
        let name = set.name;
        set.versions
            .into_iter()
            .map(move |version| (version.id.to_string(), format!("{name} · {}", label(version.number))))
    });
    let mine: Vec<_> = mine.map(|(value, text)| option(value, text)).collect();
    let above = shared.into_iter().map(|version| {
        option(version.id.to_string(), format!("{}: {} · {}", version.owner, version.set_name, label(version.number)))
    });
    let above: Vec<_> = above.collect();
    let ready = groups.is_some();
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::sets::PATH.into(), t("nav-sets"))]/>
        <Lead title=t("set-new") about=t("set-new-about")/>
        <ProblemList problems=problems.clone()/>
        {(!typed.notes.is_empty()).then(|| view! {
            <ul class="notice" role="list">{typed.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
        })}
        <form class="stack" method="post" action=paths::set_new::PATH enctype="multipart/form-data">
            <div class="card card-padded form">
                <Field name="name" label=t("set-name") problems=problems.clone()>
                    <input id="name" name="name" value=typed.name.clone() required maxlength="500"/>
                </Field>
                <Field name="slug" label=t("set-slug") hint=t("set-slug-hint") problems=problems.clone()>
                    <input id="slug" name="slug" value=typed.slug.clone() maxlength="60"/>
                </Field>
                <Field name="start" label=t("set-start")>
                    <select id="start" name="start">
                        {option("paste".into(), t("set-start-paste"))}
                        {option("blank".into(), t("set-start-blank"))}
                        {(!mine.is_empty()).then(|| view! { <optgroup label=t("set-start-own")>{mine}</optgroup> })}
                        {(!above.is_empty()).then(|| view! { <optgroup label=t("set-start-shared")>{above}</optgroup> })}
                    </select>
                </Field>
            </div>
            <section class="card card-padded stack">
                <h2><label for="table">{t("import-title")}</label></h2>
                <p class="muted">{t("import-about")}</p>
                <Field name="file" label=t("import-file") hint=t("import-file-hint") problems=problems.clone()><input id="file" name="file" type="file" accept=".xlsx,.docx,.csv"/></Field>
                <TextArea id="table" name="table" rows=10 text=typed.table attr:class="paste" attr:placeholder=t("import-example")/>
            </section>
            {groups.map(|groups| view! { <Preview groups/> })}
            <div class="row">
                <Button kind=if ready { ButtonKind::Plain } else { ButtonKind::Primary } name="act" value="preview">{t("import-preview")}</Button>
                <Button kind=if ready { ButtonKind::Primary } else { ButtonKind::Plain } name="act" value="create">{t("set-create")}</Button>
            </div>
        </form>
    }
}

#[component]
fn Preview(groups: Vec<Group>) -> impl IntoView {
    let points = engine::number::trim;
    let mains = groups.iter().flat_map(|group| &group.main_indexes).count();
    let leaves: usize = groups.iter().flat_map(|group| &group.main_indexes).map(|main| main.indicators.len()).sum();
    let total: Decimal = groups.iter().map(|group| group.points).sum();
    let told = t_with(
        "import-told",
        [
            ("groups", groups.len().into()),
            ("mains", mains.into()),
            ("indicators", leaves.into()),
            ("total", points(total).into()),
        ],
    );
    let rows = groups.into_iter().map(|group| {
        let mains = group.main_indexes.into_iter().map(|main| {
            let leaves =
                main.indicators.into_iter().map(|leaf| preview_row("tree-leaf", leaf.code, leaf.name, leaf.max));
            let leaves = leaves.collect_view();
            view! { {preview_row("tree-main", main.code, main.name, main.points)}{leaves} }
        });
        let mains = mains.collect_view();
        view! { {preview_row("tree-group", String::new(), group.name, group.points)}{mains} }
    });
    view! {
        <section class="stack">
            <h2>{t("import-preview-title")}</h2>
            <p>{told}</p>
            <Table label=t("import-preview-title")>
                <thead><tr><th>{t("code")}</th><th>{t("indicator")}</th><th class="num">{t("set-max")}</th></tr></thead>
                <tbody class="tree">{rows.collect_view()}</tbody>
            </Table>
        </section>
    }
}

fn preview_row(class: &'static str, code: String, name: String, points: Decimal) -> impl IntoView {
    view! { <tr class=class><td>{code}</td><td>{name}</td><td class="num">{engine::number::trim(points)}</td></tr> }
}
