//! Editing a set as a table: pure changes of the tree, from what a person typed to a new set. Nothing is half applied:
//! a change gives a whole set or the problems at their fields.

use engine::IndicatorSet;
use rust_decimal::Decimal;

use crate::Problem;

/// A node of the tree. Written as "group:nen-tang", "main:1", "leaf:1.2" in addresses and forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Set,
    Group(String),
    Main(String),
    Leaf(String),
}

/// One change of the draft. Texts are as typed: numbers in Vietnamese notation.
#[derive(Clone, Debug)]
pub enum Edit {
    /// The head of the set, its parameters and shared figures.
    Head(SetText, Vec<ParamText>, Vec<FactText>),
    /// Code (or slug), name and points of a group or main index.
    Rename {
        node: Node,
        code: String,
        name: String,
        points: String,
    },
    Leaf(String, Box<LeafText>),
    /// A child at the end of a node: a group of the set, a main index of a group, an indicator of a main index.
    Add {
        under: Node,
        name: String,
        points: String,
    },
    /// The same again right after it, under the next free code.
    Copy(Node),
    Remove(Node),
    /// One step among its siblings, over the edge into the neighbour where there is one.
    Step {
        node: Node,
        up: bool,
    },
    /// Before `target`, or at the end of it when it is the parent's kind.
    Drop {
        node: Node,
        target: Node,
    },
    /// Codes by position, 1, 1.1, 1.2; keys stay, so the lineage does.
    Renumber,
    /// An indicator as another set has it; `None` removes it.
    Take {
        key: String,
        from: Option<Box<(String, engine::Indicator)>>,
    },
}

pub type Edited = Result<IndicatorSet, Vec<Problem>>;

/// The set with the change made.
pub fn apply(set: &IndicatorSet, edit: &Edit) -> Edited {
    let mut set = set.clone();
    match edit {
        Edit::Head(text, params, facts) => shared::write(&mut set, text, params, facts)?,
        Edit::Leaf(code, text) => leaf::write(&mut set, code, text)?,
        Edit::Rename { node, code, name, points } => tree::rename(&mut set, node, code, name, points)?,
        Edit::Add { under, name, points } => tree::add(&mut set, under, name, points)?,
        Edit::Copy(node) => tree::copy(&mut set, node)?,
        Edit::Remove(node) => tree::remove(&mut set, node)?,
        Edit::Step { node, up } => tree::step(&mut set, node, *up)?,
        Edit::Drop { node, target } => tree::drop_on(&mut set, node, target)?,
        Edit::Renumber => tree::renumber(&mut set),
        Edit::Take { key, from } => tree::take(&mut set, key, from.as_deref())?,
    }
    Ok(set)
}

impl std::str::FromStr for Node {
    type Err = ();

    fn from_str(text: &str) -> Result<Node, ()> {
        match text.split_once(':') {
            Some(("group", slug)) => Ok(Node::Group(slug.into())),
            Some(("main", code)) => Ok(Node::Main(code.into())),
            Some(("leaf", code)) => Ok(Node::Leaf(code.into())),
            None if text == "set" => Ok(Node::Set),
            _ => Err(()),
        }
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Node::Set => f.write_str("set"),
            Node::Group(slug) => write!(f, "group:{slug}"),
            Node::Main(code) => write!(f, "main:{code}"),
            Node::Leaf(code) => write!(f, "leaf:{code}"),
        }
    }
}

fn problem(field: &str, message: &str) -> Vec<Problem> {
    vec![Problem::new(field, message)]
}

fn gone() -> Vec<Problem> {
    problem("", "Mục này không còn trong bản thảo; hãy tải lại trang.")
}

/// Points or another decimal, as typed.
fn number(field: &str, text: &str, problems: &mut Vec<Problem>) -> Decimal {
    engine::number::parse(text).unwrap_or_else(|_| {
        problems.push(Problem::new(field, &format!("“{}” không phải là số; viết như 12 hoặc 12,5.", text.trim())));
        Decimal::ZERO
    })
}

/// A text that must not be empty.
fn filled(field: &str, text: &str, message: &str, problems: &mut Vec<Problem>) -> String {
    let text = text.trim();
    if text.is_empty() {
        problems.push(Problem::new(field, message));
    }
    text.into()
}

mod leaf;
mod shared;
mod tree;
pub use self::{
    leaf::{CaseText, InputText, LeafText, expected_text},
    shared::{FactText, ParamText, SetText},
};
