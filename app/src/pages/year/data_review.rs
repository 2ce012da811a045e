//! `/lam-viec/ky/{period}/ra-soat`: what looks wrong on the sheets of a period, by rule and by unit.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use leptos::prelude::*;
use serde::Deserialize;
use tenants::assessments::{self, Finding, Rule, Scan};
use tenants::ids::{AssessmentId, PeriodId};
use tenants::paths;
use tenants::periods::Stage;
use tenants::policy::{self, Action, Subject};

use crate::caller::Signed;
use crate::components::{Breadcrumb, Button, EmptyState, Lead, Table};
use crate::render::Page;
use crate::text::{t, t_with};
use crate::{App, Result};

/// More lines than anybody reads at once; filters lead to the others.
const MOST: usize = 500;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    #[serde(rename = "quy-tac")]
    rule: String,
    #[serde(rename = "don-vi")]
    unit: String,
}

impl Wanted {
    fn rule(&self) -> Option<Rule> {
        Rule::parse(&self.rule)
    }

    fn unit(&self) -> Option<AssessmentId> {
        self.unit.parse().ok()
    }

    fn takes(&self, finding: &Finding) -> bool {
        self.rule().is_none_or(|rule| rule == finding.rule) && self.unit().is_none_or(|sheet| sheet == finding.sheet)
    }
}

/// `GET /lam-viec/ky/{period}/ra-soat?quy-tac=last_year&don-vi=…`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(period): Path<PeriodId>,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>> {
    let tx = app.db.read(&signed.caller).await?;
    let scan = assessments::scan(&tx, period).await?;
    drop(tx);
    // The council goes to its own desk, everybody else to the unit's.
    let watches = policy::allows(&signed.caller, Action::ViewBoard, Subject::Tenant);
    let council = watches && scan.period.stage == Stage::Appraisal;
    Page::new(t("scan")).staff(&app, &signed, || view! { <ScanPage scan wanted watches council/> }).await
}

#[component]
fn ScanPage(scan: Scan, wanted: Wanted, watches: bool, council: bool) -> impl IntoView {
    let Scan { period, units, findings } = scan;
    let home = paths::year_data_review(period.id);
    let steps = match watches {
        true => vec![(paths::years::PATH.into(), t("nav-periods")), (paths::year(period.id), period.name.clone())],
        false => vec![(paths::start::PATH.into(), t("nav-desk"))],
    };
    let counted = Counted::of(&findings, &wanted);
    let shown: Vec<Finding> = findings.into_iter().filter(|finding| wanted.takes(finding)).collect();
    let (count, more) = (shown.len(), shown.len().saturating_sub(MOST));
    let line = move |finding: Finding| view! { <Line finding council/> };
    let body = if shown.is_empty() {
        view! { <EmptyState title=t("scan-none") text=t("scan-none-text")/> }.into_any()
    } else {
        view! {
            <Table label=t("scan") blocks=true>
                <thead><tr><th>{t("unit")}</th><th>{t("scan-rule")}</th><th>{t("indicator")}</th><th>{t("scan-text")}</th></tr></thead>
                <tbody>{shown.into_iter().take(MOST).map(line).collect_view()}</tbody>
            </Table>
        }
        .into_any()
    };
    view! {
        <Breadcrumb label=t("breadcrumb") steps/>
        <Lead title=format!("{} · {}", t("scan"), period.name) about=t("scan-about")/>
        <Filters home units wanted counted/>
        <p class="muted" role="status">{t_with("scan-count", [("count", count.into())])}</p>
        {body}
        {(more > 0).then(|| view! { <p class="notice notice-gold">{t_with("scan-more", [("count", more.into())])}</p> })}
    }
}

/// How many findings each rule has among the unit's chosen, or among all.
struct Counted(Vec<(Rule, usize)>);

impl Counted {
    fn of(findings: &[Finding], wanted: &Wanted) -> Counted {
        let mine = Wanted { rule: String::new(), ..wanted.clone() };
        let count = |rule: Rule| findings.iter().filter(|one| one.rule == rule && mine.takes(one)).count();
        Counted(Rule::ALL.into_iter().map(|rule| (rule, count(rule))).collect())
    }
}

#[component]
fn Filters(home: String, units: Vec<(AssessmentId, String)>, wanted: Wanted, counted: Counted) -> impl IntoView {
    let (rule, unit) = (wanted.rule(), wanted.unit());
    let total: usize = counted.0.iter().map(|(_, count)| count).sum();
    let rules = counted.0.into_iter().map(|(one, count)| {
        let label = format!("{} ({count})", t(&format!("scan-rule-{}", one.as_str())));
        view! { <option value=one.as_str() selected=rule == Some(one)>{label}</option> }
    });
    let rules = rules.collect_view();
    let alone = units.len() < 2;
    let units = units.into_iter().map(|(sheet, name)| {
        view! { <option value=sheet.to_string() selected=unit == Some(sheet)>{name}</option> }
    });
    let units = units.collect_view();
    view! {
        <form class="card card-padded filters" method="get" action=home>
            <div class="field">
                <label for="quy-tac">{t("scan-rule")}</label>
                <select id="quy-tac" name="quy-tac"><option value="">{format!("{} ({total})", t("scan-all-rules"))}</option>{rules}</select>
            </div>
            <div class="field" hidden=alone>
                <label for="don-vi">{t("unit")}</label>
                <select id="don-vi" name="don-vi"><option value="">{t("scan-all-units")}</option>{units}</select>
            </div>
            <Button>{t("scan-filter")}</Button>
        </form>
    }
}

#[component]
fn Line(finding: Finding, council: bool) -> impl IntoView {
    let Finding { rule, sheet, unit_name, section, code, name, text } = finding;
    let place = match council {
        true => format!("{}#c{code}", paths::appraise(sheet)),
        false => format!("{}#c{code}", paths::desk(sheet, &section)),
    };
    view! {
        <tr>
            <td>{unit_name}</td>
            <td data-label=t("scan-rule")>{t(&format!("scan-rule-{}", rule.as_str()))}</td>
            <td><a href=place>{format!("{code} {name}")}</a></td>
            <td>{text}</td>
        </tr>
    }
}
