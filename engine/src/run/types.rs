//! Types of a formula's parts: numbers and yes/no, as far as they can be decided without running it.

use rhai::Position;

use super::node::{self, Node, Shape};
use super::vocabulary::Word;
use crate::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Number,
    YesNo,
}

/// What cannot be right, in Vietnamese, and where it stands in the formula.
#[derive(Debug)]
pub struct Mistake {
    pub code: &'static str,
    pub message: String,
    pub position: Position,
}

type Typed = Result<Option<Type>, Mistake>;

/// Checks that `node` gives `wanted` in every branch. `names` answers the type of a name.
pub fn expect(node: &Node, wanted: Type, names: &dyn Fn(&str) -> Option<Type>) -> Result<(), Mistake> {
    match type_of(node, names)? {
        Some(found) if found != wanted => Err(unlike(node, wanted)),
        _ => Ok(()),
    }
}

fn type_of(node: &Node, names: &dyn Fn(&str) -> Option<Type>) -> Typed {
    let each = |nodes: &[Node], wanted, given| {
        nodes.iter().try_for_each(|node| expect(node, wanted, names))?;
        Ok(Some(given))
    };
    match &node.shape {
        Shape::Constant(Value::Bool(_)) => Ok(Some(Type::YesNo)),
        Shape::Constant(Value::Number(_)) => Ok(Some(Type::Number)),
        Shape::Name(name) => Ok(names(name)),
        Shape::Not(inner) => expect(inner, Type::YesNo, names).map(|()| Some(Type::YesNo)),
        Shape::And(parts) | Shape::Or(parts) => each(parts, Type::YesNo, Type::YesNo),
        Shape::Arithmetic(_, operands) => each(operands, Type::Number, Type::Number),
        Shape::Word(word, arguments) => match node::table(arguments) {
            None => each(arguments, Type::Number, Type::Number),
            Some((value, edges)) => {
                expect(value, Type::Number, names)?;
                if edges.is_sorted_by(|higher, lower| higher.0 > lower.0) {
                    Ok(Some(Type::Number))
                } else {
                    Err(unsorted(node, *word))
                }
            }
        },
        Shape::Compare(_, a, b) => compared(a, b, names),
        Shape::If(condition, then, otherwise) => {
            expect(condition, Type::YesNo, names)?;
            branches(node, then, otherwise.as_deref(), names)
        }
        Shape::Switch(looked_at, arms) => {
            type_of(looked_at, names)?;
            let mut given = None;
            for arm in arms {
                match (given, type_of(&arm.gives, names)?) {
                    (Some(given), Some(found)) if given != found => return Err(unlike(&arm.gives, given)),
                    (_, found) => given = given.or(found),
                }
            }
            Ok(given)
        }
        Shape::Table(_) | Shape::Other => Ok(None),
    }
}

fn compared(a: &Node, b: &Node, names: &dyn Fn(&str) -> Option<Type>) -> Typed {
    if let (Some(a), Some(found)) = (type_of(a, names)?, type_of(b, names)?)
        && a != found
    {
        return Err(unlike(b, a));
    }
    Ok(Some(Type::YesNo))
}

fn branches(node: &Node, then: &Node, otherwise: Option<&Node>, names: &dyn Fn(&str) -> Option<Type>) -> Typed {
    let Some(otherwise) = otherwise else {
        let message = "“if” thiếu nhánh “else”: khi điều kiện sai thì không có điểm.".into();
        return Err(Mistake { code: "wrong-type", message, position: node.position });
    };
    let (first, second) = (type_of(then, names)?, type_of(otherwise, names)?);
    match (first, second) {
        (Some(first), Some(second)) if first != second => Err(unlike(otherwise, first)),
        _ => Ok(first.or(second)),
    }
}

fn unlike(node: &Node, wanted: Type) -> Mistake {
    let what = match &node.shape {
        Shape::Name(name) => format!("“{name}”"),
        _ => "Phần này".to_string(),
    };
    let message = match wanted {
        Type::Number => format!("{what} là có/không, ở đây cần một số."),
        Type::YesNo => format!("{what} là số, ở đây cần có/không (ví dụ “x >= 4”)."),
    };
    Mistake { code: "wrong-type", message, position: node.position }
}

/// The first edge reached counts, so a lower edge before a higher one would hide it.
fn unsorted(node: &Node, word: Word) -> Mistake {
    let message = format!("Các bậc của {}(…) phải xếp từ ngưỡng cao xuống ngưỡng thấp.", word.name());
    Mistake { code: "unsorted-steps", message, position: node.position }
}
