//! The figures an indicator asks for.

use engine::{Indicator, Input};

use super::Field;
use super::loaded::{Loaded, inputs_of};
use crate::{Result, typed};

/// The indicator's own inputs first, then the shared facts it reads.
pub(crate) fn fields(loaded: &Loaded, indicator: &Indicator) -> Result<Vec<Field>> {
    let entered = loaded.rows.get(&indicator.code).map(inputs_of).transpose()?.unwrap_or_default();
    let own = indicator.inputs.iter().map(|input| field(input, false, entered.get(&input.name)));
    let facts = facts_of(loaded, indicator).map(|fact| field(fact, true, loaded.facts.get(&fact.name)));
    Ok(own.chain(facts).collect())
}

/// The facts a formula of this indicator reads.
pub(crate) fn facts_of<'a>(loaded: &'a Loaded, indicator: &'a Indicator) -> impl Iterator<Item = &'a Input> {
    let reads = |fact: &&Input| loaded.rules.readers(&fact.name).contains(&indicator.code.as_str());
    loaded.rules.set().facts.iter().filter(reads)
}

fn field(input: &Input, shared: bool, value: Option<&engine::Value>) -> Field {
    Field {
        name: input.name.clone(),
        label: input.label.clone(),
        kind: input.kind.clone(),
        provider: input.provider,
        shared,
        value: value.map(typed::shown).unwrap_or_default(),
    }
}
