//! The workbench all pages of one draft share: the draft, what it declares, what is wrong with it, who may change it.

use std::sync::Arc;

use engine::IndicatorSet;
use leptos::prelude::*;
use tenants::ids::{PeriodId, SetId};
use tenants::indicator_sets::{self, Checked, Draft, SetHead};
use tenants::policy::{self, Action, Subject};
use tenants::simulation::{self, Ground};
use tenants::store::Tx;
use tenants::{Error, Problem, paths};

use crate::caller::Signed;
use crate::components::{Breadcrumb, ProblemList, Tag, TagKind};
use crate::text::{t, t_with};
use crate::{App, Result};

/// What stands around a draft and is read with it.
struct Around {
    head: SetHead,
    in_use: Vec<(String, PeriodId)>,
}

impl Around {
    async fn read(tx: &Tx, set: SetId) -> tenants::Result<Around> {
        let head = indicator_sets::list(tx).await?.into_iter().find(|head| head.id == set).ok_or(Error::NotFound)?;
        let used = |ground: Ground| {
            let told = [("year", ground.year.to_string().into()), ("version", ground.label.into())];
            (t_with("set-in-use", told), ground.period)
        };
        let in_use = simulation::grounds(tx, set).await?.into_iter().take(2).map(used).collect();
        Ok(Around { head, in_use })
    }
}

#[derive(Clone)]
pub struct Bench {
    pub head: SetHead,
    pub draft: Draft,
    pub checked: Checked,
    /// `None` while the script itself fails.
    pub set: Option<Arc<IndicatorSet>>,
    pub may: bool,
    /// May see everybody's figures under other rules.
    pub may_simulate: bool,
    /// "Kỳ 2025 đang dùng bản 6".
    pub in_use: Vec<(String, PeriodId)>,
    pub problems: Vec<Problem>,
}

impl Bench {
    /// Reads the draft and looks at it. `Err(NotFound)` also for another tenant's set.
    pub async fn open(app: &App, signed: &Signed, id: SetId) -> Result<Bench> {
        let tx = app.db.read(&signed.caller).await?;
        let (draft, around) = (indicator_sets::draft(&tx, id).await?, Around::read(&tx, id).await?);
        drop(tx);
        Bench::made(app, signed, draft, around).await
    }

    /// The same for a draft as typed, saved or not.
    pub async fn of(app: &App, signed: &Signed, draft: Draft) -> Result<Bench> {
        let around = Around::read(&app.db.read(&signed.caller).await?, draft.set_id).await?;
        Bench::made(app, signed, draft, around).await
    }

    async fn made(app: &App, signed: &Signed, draft: Draft, Around { head, in_use }: Around) -> Result<Bench> {
        let looked =
            indicator_sets::look_rationed(&app.cache, signed.caller.tenant, &app.worker, &draft.source).await?;
        Ok(Bench {
            head,
            draft,
            checked: looked.checked,
            set: looked.set,
            may: policy::allows(&signed.caller, Action::EditSet, Subject::Tenant),
            may_simulate: policy::allows(&signed.caller, Action::Simulate, Subject::Tenant),
            in_use,
            problems: Vec::new(),
        })
    }

    pub fn with(self, problems: Vec<Problem>) -> Bench {
        Bench { problems, ..self }
    }

    pub fn id(&self) -> SetId {
        self.head.id
    }

    pub fn path(&self, address: AddressOfSet) -> String {
        address(self.head.id)
    }
}

/// Which page of a draft is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Table,
    Code,
    Compare,
    Simulate,
    Health,
    Upstream,
    Issue,
}

/// Of `paths`: where something of a set is looked at.
type AddressOfSet = fn(SetId) -> String;

impl Tab {
    const ALL: [(Tab, AddressOfSet, &'static str); 7] = [
        (Tab::Table, paths::set, "set-tab-table"),
        (Tab::Code, paths::set_code, "set-tab-code"),
        (Tab::Compare, paths::set_compare, "set-tab-compare"),
        (Tab::Simulate, paths::set_simulate, "set-tab-simulate"),
        (Tab::Health, paths::set_health, "set-tab-health"),
        (Tab::Upstream, paths::set_upstream, "set-tab-upstream"),
        (Tab::Issue, paths::set_issue, "set-tab-issue"),
    ];
}

/// The head of every page about one draft: name, state in words, sums, and the way between the pages.
#[component]
pub fn BenchHead(bench: Bench, tab: Tab) -> impl IntoView {
    let is_shown = |tab: Tab| match tab {
        Tab::Upstream => bench.head.origin.is_some(),
        Tab::Simulate | Tab::Health => bench.may_simulate,
        _ => true,
    };
    let shown = Tab::ALL.into_iter().filter(|(tab, ..)| is_shown(*tab));
    let links = shown.map(|(this, address, key)| {
        let current = (this == tab).then_some("page");
        view! { <a href=bench.path(address) aria-current=current>{t(key)}</a> }
    });
    let links = links.collect_view();
    let used = bench.in_use.iter().map(|(text, period)| {
        let tag = view! { <Tag kind=TagKind::Gold text=text.clone()/> };
        match bench.may_simulate {
            true => view! { <a href=paths::year_rules(*period)>{tag}</a> }.into_any(),
            false => tag.into_any(),
        }
    });
    let used = used.collect_view();
    let draft = t_with("set-draft-tag", [("revision", bench.draft.revision.into())]);
    let summary = bench.set.as_ref().map(|set| view! { <Sums set=set.clone() checked=bench.checked.clone()/> });
    view! {
        <Breadcrumb label=t("breadcrumb") steps=vec![(paths::sets::PATH.into(), t("nav-sets"))]/>
        <div class="bench-head">
            <h1>{bench.head.name.clone()}</h1>
            <Tag text=draft/>
            {used}
            {summary}
        </div>
        <nav class="segments bench-tabs" aria-label=t("set-tabs")>{links}</nav>
        <ProblemList problems=bench.problems/>
    }
}

/// "Tổng 499/500 · 35 chỉ số · 71 trường hợp thử · 2 lỗi", wrong sums in red and in words.
#[component]
fn Sums(set: Arc<IndicatorSet>, checked: Checked) -> impl IntoView {
    let sum: rust_decimal::Decimal = set.indicators().map(|leaf| leaf.max).sum();
    let total = t_with(
        "set-sum",
        [("sum", engine::number::trim(sum).into()), ("total", engine::number::trim(set.total).into())],
    );
    let class = if sum == set.total { "" } else { "wrong" };
    let count = set.indicators().count();
    let errors = checked.diagnostics.iter().filter(|found| found.severity == engine::Severity::Error).count();
    let errors = errors + checked.failed_cases.len();
    let rest = t_with("set-counts", [("indicators", count.into()), ("cases", checked.case_count.into())]);
    let state = match errors {
        0 => view! { <span class="right">{t("set-no-errors")}</span> }.into_any(),
        errors => view! { <span class="wrong">{t_with("set-errors", [("errors", errors.into())])}</span> }.into_any(),
    };
    view! { <p class="bench-sums"><span class=class>{total}</span>" · "{rest}" · "{state}</p> }
}

/// What the check found, each at its place; `link` gives the address of an indicator.
#[component]
pub fn Findings(checked: Checked, path: String) -> impl IntoView {
    let found = checked.diagnostics.into_iter().map(|found| finding(found, Some(&path))).collect_view();
    let failed = checked.failed_cases.into_iter();
    let failed = failed.map(|case| view! { <li><Tag kind=TagKind::Red text=t("set-case-failed")/>" "{case.told}</li> });
    view! { <ul class="findings">{found}{failed.collect_view()}</ul> }
}

/// One finding; with the path of the set it leads to its indicator.
pub fn finding(found: engine::Diagnostic, path: Option<&str>) -> impl IntoView + use<> {
    let (kind, key) = match found.severity {
        engine::Severity::Error => (TagKind::Red, "set-error"),
        engine::Severity::Warning => (TagKind::Gold, "set-warning"),
    };
    let about = found.indicator.zip(path);
    let about =
        about.map(|(code, path)| view! { <a href=format!("{path}?muc=leaf:{code}#muc")>{code.clone()}</a>": " });
    view! { <li><Tag kind text=t(key)/>" "{about}{found.message}</li> }
}
