//! Parts of a sentence: figures by their labels, arithmetic and conditions.

use rust_decimal::Decimal;

use super::words::percent;
use crate::Value;
use crate::exact::Exact;
use crate::number::trim;
use crate::run::node::{Node, Shape};
use crate::run::tell::{self, shown};
use crate::run::vocabulary::Word;
use crate::set::{Indicator, IndicatorSet, Input, InputKind};

/// Speaks about the formula of one indicator.
pub struct Speaker<'a> {
    pub indicator: &'a Indicator,
    pub set: &'a IndicatorSet,
}

impl Speaker<'_> {
    pub fn figure(&self, name: &str) -> Option<&Input> {
        self.indicator.inputs.iter().chain(&self.set.facts).find(|input| input.name == name)
    }

    /// The value of a name that no answer changes: a parameter or the maximum.
    pub fn fixed(&self, name: &str) -> Option<Value> {
        let param = || self.set.params.iter().find(|param| param.name == name).map(|param| param.value);
        let number = if name == "max" { Some(self.indicator.max) } else { param() };
        number.filter(|_| self.figure(name).is_none()).map(Value::Number)
    }

    /// The number of an expression that reads nothing that is entered.
    pub fn constant(&self, node: &Node) -> Option<Exact> {
        node.number(&|name| self.fixed(name)).filter(|_| !self.reads_figures(node))
    }

    pub fn is_hundred(&self, node: &Node) -> bool {
        self.constant(node).is_some_and(|number| number == Decimal::ONE_HUNDRED)
    }

    /// A condition may decide before a figure is read; such an expression is no constant.
    fn reads_figures(&self, node: &Node) -> bool {
        match &node.shape {
            Shape::Name(name) => self.figure(name).is_some(),
            Shape::Constant(_) | Shape::Table(_) => false,
            Shape::Arithmetic(_, nodes) | Shape::Word(_, nodes) => nodes.iter().any(|node| self.reads_figures(node)),
            _ => true,
        }
    }

    pub fn is_max(&self, node: &Node) -> bool {
        matches!(&node.shape, Shape::Name(name) if name == "max")
    }

    /// What a name is called. The maximum has no label of its own.
    pub fn label(&self, node: &Node) -> Option<String> {
        let Shape::Name(name) = &node.shape else { return None };
        let param = || self.set.params.iter().find(|param| &param.name == name);
        let label = self.figure(name).map(|input| &input.label).or_else(|| param().map(|param| &param.label))?;
        // A parameter that was declared without a label is called like itself.
        (!label.trim().is_empty() && label != name).then(|| label.clone())
    }

    /// A figure of 0 to 100, capped at 100 or not.
    pub fn percentage(&self, node: &Node) -> Option<String> {
        match &node.shape {
            Shape::Name(name) => {
                let input = self.figure(name)?;
                (input.kind == InputKind::Percent).then(|| format!("{}, tính bằng %", input.label))
            }
            Shape::Word(Word::Min, operands) => match operands.as_slice() {
                [cap, inner] | [inner, cap] if self.is_hundred(cap) => self.percentage(inner),
                _ => None,
            },
            _ => None,
        }
    }

    /// `x` of `min(1, x)`, also where a parameter says the 1.
    pub fn unit_cap<'n>(&self, operands: &'n [Node]) -> Option<&'n Node> {
        tell::unit_cap(operands, |cap| self.constant(cap))
    }

    /// An expression that the maximum is multiplied by: a quotient is a part of something.
    pub fn factor(&self, node: &Node) -> Option<String> {
        match &node.shape {
            Shape::Word(Word::Min, operands) => match self.unit_cap(operands) {
                Some(inner) => Some(format!("{}, không quá 100%", self.expression(inner)?)),
                None => self.expression(node),
            },
            Shape::Constant(Value::Number(part)) if *part <= Decimal::ONE => Some(percent(&(*part).into())),
            _ => self.expression(node),
        }
    }

    /// The same as a sentence: "…, nhân điểm tối đa 20".
    pub fn multiplied(&self, node: &Node) -> Option<String> {
        Some(format!("{}, nhân {}", self.factor(node)?, self.amount(&self.indicator.max.into())))
    }

    /// Arithmetic in words; `None` for what only a sentence can tell.
    pub fn expression(&self, node: &Node) -> Option<String> {
        let of = |node: &Node| self.operand(node);
        match &node.shape {
            Shape::Constant(Value::Number(number)) => Some(trim(*number)),
            Shape::Name(_) if self.is_max(node) => Some(self.amount(&self.indicator.max.into())),
            Shape::Name(_) => match (self.label(node), self.constant(node)) {
                (Some(label), None) => Some(label),
                (Some(label), Some(value)) => Some(format!("{} ({label})", shown(&value))),
                (None, value) => value.as_ref().map(shown),
            },
            Shape::Arithmetic(operator, operands) => match operands.as_slice() {
                [a] => Some(format!("số âm của {}", of(a)?)),
                [a, b] => self.operation(*operator, a, b),
                _ => None,
            },
            Shape::Word(word, arguments) => word.phrase(self, arguments),
            _ => None,
        }
    }

    fn operation(&self, operator: char, a: &Node, b: &Node) -> Option<String> {
        // Only what is read from left to right may stand without brackets.
        let chained = |node: &Node| match (&node.shape, operator) {
            (Shape::Arithmetic('*' | '/', inner), '*' | '/') => inner.len() == 2,
            (Shape::Arithmetic('+' | '-', inner), '+' | '-') => inner.len() == 2,
            _ => false,
        };
        let word = match operator {
            '+' => "cộng",
            '-' => "trừ",
            '*' => "nhân",
            _ => "chia",
        };
        let left = if chained(a) { self.expression(a)? } else { self.operand(a)? };
        Some(format!("{left} {word} {}", self.operand(b)?))
    }

    /// An expression as part of another: in brackets unless it is a name or a number.
    pub fn operand(&self, node: &Node) -> Option<String> {
        let text = self.expression(node)?;
        match &node.shape {
            Shape::Name(_) | Shape::Constant(_) => Some(text),
            _ => Some(format!("({text})")),
        }
    }

    /// What must hold: "Số cuộc họp từ 4 trở lên và Có chuyên mục".
    pub fn condition(&self, node: &Node) -> Option<String> {
        match &node.shape {
            Shape::Name(name) => Some(format!("“{}” là có", self.figure(name)?.label)),
            Shape::Not(inner) => match &inner.shape {
                Shape::Name(name) => Some(format!("“{}” là không", self.figure(name)?.label)),
                Shape::Compare(operator, a, b) => self.comparison(opposite(operator), a, b),
                _ => Some(format!("không phải ({})", self.condition(inner)?)),
            },
            Shape::And(parts) => self.conditions(parts, " và "),
            Shape::Or(parts) => self.conditions(parts, " hoặc "),
            Shape::Compare(operator, a, b) => self.comparison(operator, a, b),
            _ => None,
        }
    }

    fn conditions(&self, parts: &[Node], joint: &str) -> Option<String> {
        let one = |part: &Node| match &part.shape {
            Shape::And(_) | Shape::Or(_) => Some(format!("({})", self.condition(part)?)),
            _ => self.condition(part),
        };
        let told: Option<Vec<String>> = parts.iter().map(one).collect();
        Some(told?.join(joint))
    }

    fn comparison(&self, operator: &str, a: &Node, b: &Node) -> Option<String> {
        if let Some(told) = self.level(operator, a, b) {
            return Some(told);
        }
        let (left, right) = (self.expression(a)?, self.operand(b)?);
        Some(match operator {
            ">=" => format!("{left} từ {right} trở lên"),
            ">" => format!("{left} lớn hơn {right}"),
            "<=" => format!("{left} không quá {right}"),
            "<" => format!("{left} nhỏ hơn {right}"),
            "==" => format!("{left} bằng {right}"),
            _ => format!("{left} khác {right}"),
        })
    }

    /// A level or a yes/no figure that is compared with one of its values, by the value's name.
    fn level(&self, operator: &str, a: &Node, b: &Node) -> Option<String> {
        let Shape::Name(name) = &a.shape else { return None };
        let input = self.figure(name)?;
        let is = match operator {
            "==" => "là",
            "!=" => "không phải là",
            _ => return None,
        };
        let value = match (&input.kind, &b.shape) {
            (InputKind::Level(choices), _) => {
                let value = self.constant(b)?;
                let choice = choices.iter().find(|choice| value == Decimal::from(choice.value))?;
                format!("“{}”", choice.label)
            }
            (InputKind::YesNo, Shape::Constant(Value::Bool(yes))) => String::from(if *yes { "có" } else { "không" }),
            _ => return None,
        };
        Some(format!("“{}” {is} {value}", input.label))
    }
}

fn opposite(operator: &str) -> &'static str {
    match operator {
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        "==" => "!=",
        _ => "==",
    }
}
