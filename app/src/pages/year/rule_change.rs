//! `/lam-viec/ky/{id}/quy-tac`: other rules for a running period: the effect first, then a reason and a confirmation.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use leptos::prelude::*;
use serde::Deserialize;
use tenants::ids::{GroupId, PeriodId, VersionId};
use tenants::indicator_sets::{self, VersionHead, Work, label};
use tenants::policy::{self, Action, Subject};
use tenants::simulation::Report;
use tenants::year::{self, GroupRules, RuleChange, RuleChangeHead};
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, ButtonKind, Field, Lead, ProblemList, TextArea};
use crate::form::Submission;
use crate::pages::sets::Effects;
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result, format};

#[derive(Deserialize)]
pub struct Wanted {
    nhom: Option<GroupId>,
    ban: Option<VersionId>,
}

/// A group and the versions its rules could come from.
struct Choice {
    group: GroupRules,
    versions: Vec<VersionHead>,
}

/// `GET /lam-viec/ky/{id}/quy-tac`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PeriodId>,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>> {
    let change = wanted.nhom.zip(wanted.ban);
    // Waiting for a turn never holds a connection.
    let _turn = match change {
        Some(_) => Some(indicator_sets::turn(&app.cache, signed.caller.tenant, Work::Simulation).await?),
        None => None,
    };
    let tx = app.db.read(&signed.caller).await?;
    let (period, groups) = year::rules_in_force(&tx, id).await?;
    let change = change.and_then(|(group, to)| {
        let from = groups.iter().find(|rules| rules.group == group)?.version.id;
        Some(RuleChange { period: id, group, from, to, reason: String::new() })
    });
    let sets = indicator_sets::list(&tx).await?;
    let history = year::rule_changes(&tx, id).await?;
    let choice = |group: GroupRules| {
        let set = sets.iter().find(|set| set.id == group.version.set_id);
        Choice { versions: set.map(|set| set.versions.clone()).unwrap_or_default(), group }
    };
    let choices: Vec<Choice> = groups.into_iter().map(choice).collect();
    let preview = match &change {
        Some(change) => Some(year::preview_rules(&tx, change).await),
        None => None,
    };
    drop(tx);
    let (report, problems) = match preview {
        None => (None, Vec::new()),
        Some(Ok(report)) => (Some(report), Vec::new()),
        Some(Err(Error::Invalid(problems))) => (None, problems),
        Some(Err(error)) => return Err(error.into()),
    };
    let may = policy::allows(&signed.caller, Action::ChangeRules, Subject::Tenant);
    let title = t_with("rules-title", [("period", period.name.clone().into())]);
    let board = policy::allows(&signed.caller, Action::ViewBoard, Subject::Tenant);
    let page = Rules { period: id, period_name: period.name, choices, change, report, history, may, board };
    Page::new(title.clone()).staff(&app, &signed, || view! { {page.view(title, problems)} }).await
}

#[derive(Deserialize)]
pub struct Confirmed {
    group: GroupId,
    from: VersionId,
    version: VersionId,
    reason: String,
    #[serde(default)]
    seen: String,
}

/// `POST /lam-viec/ky/{id}/quy-tac`
pub async fn change(submission: Submission, Path(id): Path<PeriodId>, Form(form): Form<Confirmed>) -> Result<Redirect> {
    submission.allow(Action::ChangeRules)?;
    let (app, tenant) = (&submission.app, submission.signed.caller.tenant);
    // Waiting for a turn never holds a connection.
    let _turn = indicator_sets::turn(&app.cache, tenant, Work::Simulation).await?;
    if form.seen.is_empty() {
        return Err(Error::Invalid(vec![Problem::new("seen", &t("rules-confirm-first"))]).into());
    }
    let Confirmed { group, from, version: to, reason, .. } = form;
    let change = RuleChange { period: id, group, from, to, reason };
    let report = submission.act(async |tx| year::change_rules(tx, &change).await).await?;
    let told = t_with("rules-changed", [("rules", report.new_label.clone().into()), ("moved", report.moved().into())]);
    submission.done(told, &paths::year_rules(id)).await
}

struct Rules {
    period: PeriodId,
    period_name: String,
    choices: Vec<Choice>,
    change: Option<RuleChange>,
    report: Option<Report>,
    history: Vec<RuleChangeHead>,
    may: bool,
    /// May open the period's own pages.
    board: bool,
}

impl Rules {
    fn view(self, title: String, problems: Vec<Problem>) -> impl IntoView {
        let back = paths::year(self.period);
        let action = format!("{back}/quy-tac");
        let (may, change, period) = (self.may, self.change, self.period);
        let choices = self.choices.into_iter().map(|choice| view! { <Group period choice may/> }).collect_view();
        let preview = change.zip(self.report);
        let preview = preview.map(|(change, report)| view! { <Impact action change report/> });
        let none = self.history.is_empty().then(|| view! { <p class="muted">{t("rules-no-history")}</p> });
        let past = self.history.into_iter().map(past).collect_view();
        let steps = match self.board {
            true => vec![(paths::years::PATH.into(), t("nav-periods")), (back, self.period_name)],
            false => vec![(paths::sets::PATH.into(), t("nav-sets"))],
        };
        view! {
            <Breadcrumb label=t("breadcrumb") steps/>
            <Lead title about=t("rules-about")/>
            <ProblemList problems/>
            {choices}
            {preview}
            <section class="stack">
                <h2>{t("rules-history")}</h2>
                {none}
                {past}
            </section>
        }
    }
}

#[component]
fn Group(period: PeriodId, choice: Choice, may: bool) -> impl IntoView {
    let Choice { group, versions } = choice;
    let current = label(group.version.number);
    let told = t_with("rules-current", [("set", group.set_name.clone().into()), ("version", current.into())]);
    let others = versions.into_iter().filter(|version| version.id != group.version.id);
    let options = others.map(|version| {
        let text = format!("{} · {}", label(version.number), version.decision_number);
        view! { <option value=version.id.to_string()>{text}</option> }
    });
    let options: Vec<_> = options.collect();
    let id = format!("ban-{}", group.group);
    let form = if !may {
        ().into_any()
    } else if options.is_empty() {
        view! { <p class="muted">{t("rules-no-other")}</p> }.into_any()
    } else {
        view! {
            <form class="row" method="get" action=paths::year_rules(period)>
                <input type="hidden" name="nhom" value=group.group.to_string()/>
                <label for=id.clone()>{t("rules-to")}</label>
                <select id=id name="ban">{options}</select>
                <Button>{t("rules-see")}</Button>
            </form>
        }
        .into_any()
    };
    view! { <section class="card card-padded stack"><h2>{group.name}</h2><p>{told}</p>{form}</section> }
}

/// The effect, and below it the reason and the confirmation.
#[component]
fn Impact(action: String, change: RuleChange, report: Report) -> impl IntoView {
    let title =
        t_with("rules-impact", [("old", report.old_label.clone().into()), ("new", report.new_label.clone().into())]);
    view! {
        <section class="stack">
            <h2>{title}</h2>
            <Effects report/>
            <form class="card card-padded form" method="post" action=action>
                <input type="hidden" name="group" value=change.group.to_string()/>
                <input type="hidden" name="from" value=change.from.to_string()/>
                <input type="hidden" name="version" value=change.to.to_string()/>
                <Field name="reason" label=t("rules-reason") hint=t("rules-reason-hint")>
                    <TextArea id="reason" name="reason" rows=3 required=true maxlength=2000/>
                </Field>
                <label class="choice"><input type="checkbox" name="seen" value="1" required data-anew=""/>{t("rules-confirm")}</label>
                <div><Button kind=ButtonKind::Primary>{t("rules-apply")}</Button></div>
            </form>
        </section>
    }
}

fn past(change: RuleChangeHead) -> impl IntoView {
    let title = format!("{} → {}", change.report.old_label, change.report.new_label);
    let about = format!("{} · {}, {}", change.report.group_name, change.by, format::moment(change.at));
    view! {
        <details class="card card-padded">
            <summary><strong>{title}</strong>" · "{about}<small class="block">{change.reason}</small></summary>
            <div class="stack"><Effects report=change.report/></div>
        </details>
    }
}
