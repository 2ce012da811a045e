//! The common shapes of a formula as fill-in forms that write the expression.

use std::sync::Arc;

use engine::{Indicator, IndicatorSet};
use leptos::prelude::*;

use super::form::Typed;
use crate::text::t_with;

/// The names a formula of this indicator may read, for the hint under it.
pub fn names(set: &IndicatorSet, leaf: &Indicator) -> String {
    let own = leaf.inputs.iter().map(|input| input.name.as_str());
    let shared =
        set.facts.iter().map(|fact| fact.name.as_str()).chain(set.params.iter().map(|param| param.name.as_str()));
    let names: Vec<&str> = own.chain(shared).chain(std::iter::once("max")).collect();
    t_with("set-names", [("names", names.join(", ").into())])
}

/// The formula in plain words, where it is understood.
pub fn words(_leaf: &Indicator, _set: &IndicatorSet) -> Option<String> {
    None
}

/// The expression a filled-in shape stands for; `None` when none was chosen.
pub fn written(_typed: &Typed) -> Option<String> {
    None
}

#[component]
pub fn Shapes(set: Arc<IndicatorSet>, leaf: Indicator) -> impl IntoView {
    let _ = (set, leaf);
}
