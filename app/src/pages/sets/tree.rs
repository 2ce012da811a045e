//! The tree of a draft: groups, main indexes, indicators, with running sums and what is wrong at each.

use std::sync::Arc;

use engine::{Group, Indicator, IndicatorSet, MainIndex, Severity};
use leptos::prelude::*;
use rust_decimal::Decimal;
use tenants::indicator_sets::edit::Node;
use tenants::paths;

use super::bench::Bench;
use super::table::Again;
use crate::site::encode;
use crate::text::{t, t_with};

#[component]
pub fn Tree(set: Arc<IndicatorSet>, bench: Bench, at: Node, again: Option<Again>) -> impl IntoView {
    let may = bench.may;
    let groups = set.groups.iter().map(|group| group_rows(group, &bench, &at)).collect_view();
    let head = (at == Node::Set).then_some("true");
    let path = bench.path(paths::set);
    view! {
        <nav class="workshop-tree" aria-label=t("set-tree")>
            <table>
                <thead>
                    <tr>
                        <th>{t("code")}</th>
                        <th><a href=path.clone() aria-current=head>{t("set-head")}</a></th>
                        <th class="num">{t("set-max")}</th>
                    </tr>
                </thead>
                <tbody>{groups}</tbody>
            </table>
            {may.then(|| view! {
                <div class="workshop-add">
                    <AddForm bench=bench.clone() under=Node::Set label=t("set-add-group") again/>
                    <form method="post" action=bench.path(paths::set_change)>
                        <input type="hidden" name="act" value="renumber"/>
                        <input type="hidden" name="revision" value=bench.draft.revision/>
                        <button class="button button-quiet">{t("set-renumber")}</button>
                    </form>
                </div>
            })}
        </nav>
    }
}

/// A child for a node: its name and points, folded until wanted.
#[component]
pub fn AddForm(bench: Bench, under: Node, label: String, again: Option<Again>) -> impl IntoView {
    let typed = Again::of(again.as_ref(), "add", &under);
    let [typed_name, typed_points] = ["name", "points"].map(|field| typed.map(|typed| typed.text(field)));
    let open = typed.is_some();
    let id = format!("add-{}", under.to_string().replace([':', '.'], "-"));
    let [name, points] = ["name", "points"].map(|field| format!("{id}-{field}"));
    view! {
        <details class="inline-form" open=open>
            <summary>{format!("+ {label}")}</summary>
            <form class="form" method="post" action=bench.path(paths::set_change)>
                <input type="hidden" name="act" value="add"/>
                <input type="hidden" name="at" value=under.to_string()/>
                <input type="hidden" name="revision" value=bench.draft.revision/>
                <div class="field"><label for=name.clone()>{t("name")}</label><input id=name name="name" value=typed_name required maxlength="500"/></div>
                <div class="field"><label for=points.clone()>{t("set-max")}</label><input id=points class="num" name="points" value=typed_points inputmode="decimal" required/></div>
                <div><button class="button">{t("set-add")}</button></div>
            </form>
        </details>
    }
}

fn group_rows(group: &Group, bench: &Bench, at: &Node) -> impl IntoView + use<> {
    let node = Node::Group(group.slug.clone());
    let sum = group.main_indexes.iter().map(|main| main.points).sum();
    let mains = group.main_indexes.iter().map(|main| main_rows(main, bench, at)).collect_view();
    let row = Row { class: "tree-group", node, code: "", name: &group.name, points: group.points };
    view! { {row.view(Some(sum_state(group.points, sum)), bench, at)}{mains} }
}

fn main_rows(main: &MainIndex, bench: &Bench, at: &Node) -> impl IntoView + use<> {
    let node = Node::Main(main.code.clone());
    let sum = main.indicators.iter().map(|leaf| leaf.max).sum();
    let leaves = main.indicators.iter().map(|leaf| leaf_row(leaf, bench, at)).collect_view();
    let row = Row { class: "tree-main", node, code: &main.code, name: &main.name, points: main.points };
    view! { {row.view(Some(sum_state(main.points, sum)), bench, at)}{leaves} }
}

fn leaf_row(leaf: &Indicator, bench: &Bench, at: &Node) -> impl IntoView + use<> {
    let node = Node::Leaf(leaf.code.clone());
    let row = Row { class: "tree-leaf", node, code: &leaf.code, name: &leaf.name, points: leaf.max };
    row.view(wrong(&leaf.code, bench), bench, at)
}

/// One line of the tree.
struct Row<'a> {
    class: &'static str,
    node: Node,
    code: &'a str,
    name: &'a str,
    points: Decimal,
}

/// A class and the words it colours.
type State = Option<(&'static str, String)>;

impl Row<'_> {
    fn view(self, state: State, bench: &Bench, at: &Node) -> impl IntoView + use<> {
        let here = (self.node == *at).then_some("true");
        let href = format!("{}?muc={}#muc", bench.path(paths::set), encode(&self.node.to_string()));
        let state = state.map(|(class, text)| view! { <small class=class>{text}</small> });
        view! {
            <tr class=self.class draggable=bench.may.then_some("true") data-node=self.node.to_string()>
                <td>{self.code.to_owned()}</td>
                <td><a href=href aria-current=here>{self.name.to_owned()}</a>" "{state}</td>
                <td class="num">{engine::number::trim(self.points)}</td>
            </tr>
        }
    }
}

/// "đủ 50", or "49, thiếu 1 điểm".
fn sum_state(declared: Decimal, sum: Decimal) -> (&'static str, String) {
    let number = |number: Decimal| engine::number::trim(number);
    match declared - sum {
        gap if gap.is_zero() => ("right", t_with("set-sum-right", [("sum", number(sum).into())])),
        gap if gap > Decimal::ZERO => {
            ("wrong", t_with("set-sum-short", [("sum", number(sum).into()), ("gap", number(gap).into())]))
        }
        gap => ("wrong", t_with("set-sum-over", [("sum", number(sum).into()), ("gap", number(-gap).into())])),
    }
}

fn wrong(code: &str, bench: &Bench) -> State {
    let mine = |found: &&engine::Diagnostic| found.indicator.as_deref() == Some(code);
    let found: Vec<_> = bench.checked.diagnostics.iter().filter(mine).collect();
    let errors = found.iter().any(|found| found.severity == Severity::Error);
    let failed = bench.checked.failed_cases.iter().any(|case| case.code == code);
    match (errors || failed, found.is_empty()) {
        (true, _) => Some(("wrong", t("set-has-error"))),
        (false, false) => Some(("warned", t("set-has-warning"))),
        (false, true) => None,
    }
}
