//! A `switch` as a sentence: what it looks at, then what each value gives.

use rust_decimal::Decimal;

use super::clause::Speaker;
use crate::number::trim;
use crate::run::node::{self, Arm, Given, Node, Shape};
use crate::set::InputKind;
use crate::{Choice, Value};

impl Speaker<'_> {
    /// "Số lần: bằng 2 thì được 10 điểm; bằng 1 thì được 5 điểm; còn lại được 0 điểm". `tell` says what an arm gives.
    /// `None` where some value might have no arm.
    pub(super) fn switch(
        &self,
        looked_at: &Node,
        arms: &[Arm],
        tell: &dyn Fn(&Node) -> Option<String>,
    ) -> Option<String> {
        if self.is_yes_no(looked_at) {
            let told = |yes| tell(&arms[node::arm(arms, &Given::YesNo(yes))?].gives);
            let condition = self.condition(looked_at)?;
            return Some(format!("nếu {condition} thì {}; nếu không thì {}", told(true)?, told(false)?));
        }
        let choices = self.choices(looked_at);
        let is_left = |choice: &Choice| node::arm(arms, &Given::from(Value::Number(choice.value.into())));
        let mut told = Vec::new();
        for (at, arm) in arms.iter().enumerate() {
            let own = |value: &&Value| node::arm(arms, &Given::from(**value)) == Some(at);
            let values: Vec<String> =
                arm.values.iter().filter(own).filter_map(|value| named(*value, choices)).collect();
            if !values.is_empty() {
                told.push(format!("{} thì {}", values.join(" hoặc "), tell(&arm.gives)?));
            }
        }
        let default = arms.iter().position(|arm| arm.values.is_empty());
        let is_open = choices.is_none_or(|all| all.iter().any(|choice| is_left(choice) == default));
        if is_open {
            told.push(format!("còn lại {}", tell(&arms[default?].gives)?));
        }
        Some(format!("{}: {}", self.expression(looked_at)?, told.join("; ")))
    }

    fn is_yes_no(&self, node: &Node) -> bool {
        match &node.shape {
            Shape::Name(name) => self.figure(name).is_some_and(|input| input.kind == InputKind::YesNo),
            Shape::Not(_) | Shape::And(_) | Shape::Or(_) | Shape::Compare(..) => true,
            _ => false,
        }
    }

    fn choices(&self, node: &Node) -> Option<&[Choice]> {
        let Shape::Name(name) = &node.shape else { return None };
        match &self.figure(name)?.kind {
            InputKind::Level(choices) => Some(choices),
            _ => None,
        }
    }
}

/// A value by the name of the level it is; `None` for what can never be met.
fn named(value: Value, choices: Option<&[Choice]>) -> Option<String> {
    let Value::Number(number) = value else { return None };
    let Some(choices) = choices else { return Some(format!("bằng {}", trim(number))) };
    let choice = choices.iter().find(|choice| Decimal::from(choice.value) == number)?;
    Some(format!("“{}”", choice.label))
}
