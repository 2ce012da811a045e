//! A form as its name and value pairs, in order: tables in forms name their cells "input.0.label".

use std::collections::BTreeMap;

use tenants::indicator_sets::edit::{CaseText, Edit, InputText, LeafText, Node, ParamText, SetText};

#[derive(Clone)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    pub fn new(pairs: Vec<(String, String)>) -> Typed {
        Typed(pairs)
    }

    /// Empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn text(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n")
    }

    pub fn is_on(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    pub fn revision(&self) -> i64 {
        self.get("revision").parse().unwrap_or_default()
    }

    pub fn node(&self, name: &str) -> Option<Node> {
        self.get(name).parse().ok()
    }

    /// The rows of a table in the form that hold something and are not taken out: "input.3.label" gives row 3 its "label".
    fn rows(&self, table: &str) -> BTreeMap<usize, BTreeMap<&str, &str>> {
        let mut rows: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
        for (name, value) in &self.0 {
            let cell =
                name.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')).and_then(|at| at.split_once('.'));
            let Some((row, column)) = cell.and_then(|(row, column)| Some((row.parse().ok()?, column))) else {
                continue;
            };
            rows.entry(row).or_default().insert(column, value);
        }
        let is_choice = |column: &str| matches!(column, "kind" | "provider");
        rows.retain(|_, row| {
            let filled = row.iter().any(|(column, value)| !is_choice(column) && !value.trim().is_empty());
            filled && !row.contains_key("gone")
        });
        rows
    }

    pub fn inputs(&self, table: &str) -> Vec<InputText> {
        let input = |row: BTreeMap<&str, &str>| InputText {
            name: cell(&row, "name"),
            label: cell(&row, "label"),
            kind: cell(&row, "kind"),
            choices: cell(&row, "choices"),
            provider: cell(&row, "provider"),
        };
        self.rows(table).into_values().map(input).collect()
    }

    pub fn params(&self) -> Vec<ParamText> {
        let param = |row: BTreeMap<&str, &str>| ParamText {
            name: cell(&row, "name"),
            label: cell(&row, "label"),
            value: cell(&row, "value"),
        };
        self.rows("param").into_values().map(param).collect()
    }

    fn cases(&self) -> Vec<CaseText> {
        let case = |row: BTreeMap<&str, &str>| CaseText {
            name: cell(&row, "name"),
            expected: cell(&row, "expected"),
            values: row
                .iter()
                .filter_map(|(column, value)| Some((column.strip_prefix("of.")?.to_owned(), (*value).to_owned())))
                .collect(),
        };
        self.rows("case").into_values().map(case).collect()
    }

    /// The indicator's panel.
    pub fn leaf(&self) -> LeafText {
        let warnings = self.rows("warning").into_values();
        LeafText {
            code: self.get("code").trim().into(),
            name: self.text("name"),
            max: self.text("max"),
            formula: self.text("formula"),
            zero: self.text("zero"),
            not_applicable: self.is_on("not_applicable"),
            evidence: self.text("evidence"),
            evidence_required: self.is_on("evidence_required"),
            explanation_minimum: self.text("explanation_minimum"),
            adjustable: self.is_on("adjustable"),
            guidance: self.text("guidance"),
            source: self.text("source"),
            inputs: self.inputs("input"),
            warnings: warnings.map(|row| (cell(&row, "condition"), cell(&row, "message"))).collect(),
            cases: self.cases(),
        }
    }

    /// Figures typed to be tried out, by name.
    pub fn tried(&self) -> BTreeMap<String, String> {
        let tried = self.0.iter().filter_map(|(name, value)| Some((name.strip_prefix("try.")?, value)));
        tried.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    pub fn head(&self) -> SetText {
        SetText {
            name: self.text("name"),
            basis: self.text("basis"),
            note: self.text("note"),
            total: self.text("total"),
            not_applicable: self.is_on("not_applicable"),
            round: self.text("round"),
            rank_unrounded: self.get("rank_by") == "unrounded",
        }
    }

    /// The change a form asks for; `None` for a form of another making.
    pub fn edit(&self) -> Option<Edit> {
        let at = self.node("at");
        let named = |name: &str| self.text(name);
        match self.get("act") {
            "head" => Some(Edit::Head(self.head(), self.params(), self.inputs("fact"))),
            "leaf" => match at? {
                Node::Leaf(code) => Some(Edit::Leaf(code, Box::new(self.leaf()))),
                _ => None,
            },
            "rename" => {
                Some(Edit::Rename { node: at?, code: named("code"), name: named("name"), points: named("points") })
            }
            "add" => Some(Edit::Add { under: at?, name: named("name"), points: named("points") }),
            "copy" => Some(Edit::Copy(at?)),
            "remove" => Some(Edit::Remove(at?)),
            "up" => Some(Edit::Step { node: at?, up: true }),
            "down" => Some(Edit::Step { node: at?, up: false }),
            "drop" => Some(Edit::Drop { node: at?, target: self.node("target")? }),
            "renumber" => Some(Edit::Renumber),
            _ => None,
        }
    }
}

fn cell(row: &BTreeMap<&str, &str>, name: &str) -> String {
    row.get(name).copied().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::new(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn rows_of_a_table_keep_their_order_and_lose_those_taken_out() {
        let form = typed(&[
            ("input.10.name", "c"),
            ("input.2.name", "b"),
            ("input.2.kind", "level"),
            ("input.1.name", "a"),
            ("input.1.gone", "on"),
            ("input.3.kind", "count"),
            ("input.3.name", " "),
        ]);
        let names: Vec<_> = form.leaf().inputs.into_iter().map(|input| (input.name, input.kind)).collect();
        assert_eq!(names, [("b".into(), "level".into()), ("c".into(), String::new())]);
    }

    #[test]
    fn a_form_of_another_making_asks_for_nothing() {
        assert!(typed(&[("act", "leaf"), ("at", "group:x")]).edit().is_none());
        assert!(typed(&[("act", "burn"), ("at", "set")]).edit().is_none());
    }
}
