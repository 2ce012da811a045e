//! A formula in plain Vietnamese, for those who are scored by it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::clause::Speaker;
use crate::exact::{Exact, Number};
use crate::number::trim;
use crate::run::flags;
use crate::run::formula::{self, CompiledFormula};
use crate::run::node::{Node, Shape};
use crate::run::tell::shown;
use crate::run::vocabulary::{Divisor, Word};
use crate::set::{Indicator, IndicatorSet, InputKind, ZeroRule};
use crate::{Value, round};

/// How an indicator's points come about: "Số người có máy chia Tổng số CCVC, không quá 100%, nhân điểm tối đa 20."
/// `None` where the formula does not compile or its shape is not fully understood: better silent than wrong.
pub fn words(indicator: &Indicator, set: &IndicatorSet) -> Option<String> {
    let Some(formula) = &indicator.formula else {
        return Some(format!("Chấm trực tiếp, tối đa {} điểm.", trim(indicator.max)));
    };
    let own = indicator.inputs.iter().map(|input| input.name.as_str());
    let facts = set.facts.iter().map(|fact| fact.name.as_str());
    let params = set.params.iter().map(|param| param.name.as_str());
    let names: Vec<&str> = own.chain(facts).chain(params).chain(["max"]).collect();
    let compiled = formula::compile(formula, &names).ok()?;
    flags::begin();
    let speaker = Speaker { indicator, set };
    let told = match speaker.by_level(&compiled) {
        Some(told) => told,
        None => speaker.points(&compiled.node)?,
    };
    let zero = speaker.zero(&compiled.node).map(|zero| format!(" {zero}.")).unwrap_or_default();
    Some(format!("{}.{zero}", capitalised(&told)))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Speaker<'_> {
    /// A formula that reads one level and nothing else: what each choice gives.
    fn by_level(&self, formula: &CompiledFormula) -> Option<String> {
        let mut read = formula.reads.iter().filter_map(|name| self.figure(name));
        let input = read.next().filter(|_| read.next().is_none())?;
        let InputKind::Level(choices) = &input.kind else { return None };
        let give = |value: i64| {
            let given = formula.reads.iter().filter_map(|name| {
                let value = if *name == input.name { Some(Value::Number(value.into())) } else { self.fixed(name) };
                Some((name.as_str(), value?))
            });
            let (none, max) = (Exact::zero(), self.indicator.max.into());
            Some(self.amount(&formula.number(given).ok()?.clamp(none, max)))
        };
        let choice = |choice: &crate::Choice| Some(format!("“{}” được {}", choice.label, give(choice.value)?));
        let told: Option<Vec<String>> = choices.iter().map(choice).collect();
        Some(format!("{}: {}", input.label, told?.join("; ")))
    }

    /// An expression of points, as a sentence without its full stop.
    pub(super) fn points(&self, node: &Node) -> Option<String> {
        if let Some(points) = self.constant(node) {
            return Some(format!("được {}", self.amount(&points)));
        }
        match &node.shape {
            Shape::If(condition, then, otherwise) => self.choice(condition, then, otherwise.as_ref()?),
            Shape::Switch(looked_at, arms) => self.switch(looked_at, arms, &|node| self.branch(node)),
            Shape::Arithmetic('*', operands) => match operands.as_slice() {
                [part, max] | [max, part] if self.is_max(max) => self.part(part),
                _ => self.expression(node),
            },
            Shape::Arithmetic('+', _) => self.sum(node),
            Shape::Word(Word::Min, operands) => match operands.as_slice() {
                [cap, inner] | [inner, cap] if self.is_max(cap) => Some(format!(
                    "{}. Kết quả không quá {}",
                    self.points(inner)?,
                    self.amount(&self.indicator.max.into())
                )),
                _ => self.expression(node),
            },
            _ => self.expression(node),
        }
    }

    /// What the maximum is multiplied by.
    fn part(&self, node: &Node) -> Option<String> {
        let max = self.amount(&self.indicator.max.into());
        match &node.shape {
            Shape::Word(word, arguments) => word.sentence(self, node, arguments),
            Shape::Arithmetic('/', operands) if self.is_hundred(&operands[1]) => match self.percentage(&operands[0]) {
                Some(rate) => Some(format!("{rate}, nhân {max}")),
                None => self.multiplied(node),
            },
            Shape::If(..) => Some(format!("{}; kết quả nhân {max}", self.points_of_one(node)?)),
            Shape::Switch(looked_at, arms) => {
                let told = self.switch(looked_at, arms, &|node| self.expression(node))?;
                Some(format!("{told}; kết quả nhân {max}"))
            }
            _ => self.multiplied(node),
        }
    }

    /// Branches that give a part of the maximum rather than points.
    fn points_of_one(&self, node: &Node) -> Option<String> {
        let Shape::If(condition, then, otherwise) = &node.shape else { return self.expression(node) };
        let otherwise = otherwise.as_ref()?;
        let (condition, then) = (self.condition(condition)?, self.expression(then)?);
        Some(format!("nếu {condition} thì {then}; nếu không thì {}", self.points_of_one(otherwise)?))
    }

    fn choice(&self, condition: &Node, then: &Node, otherwise: &Node) -> Option<String> {
        if let Some(told) =
            self.yes_no(condition, then, otherwise).or_else(|| self.as_stairs(condition, then, otherwise))
        {
            return Some(told);
        }
        let mut told = format!("nếu {} thì {}", self.condition(condition)?, self.branch(then)?);
        let mut rest = otherwise;
        while let Shape::If(condition, then, otherwise) = &rest.shape {
            told.push_str(&format!("; nếu {} thì {}", self.condition(condition)?, self.branch(then)?));
            rest = otherwise.as_ref()?;
        }
        Some(format!("{told}; còn lại {}", self.branch(rest)?))
    }

    /// What a condition leads to, in brackets where it has clauses of its own.
    fn branch(&self, node: &Node) -> Option<String> {
        let told = self.points(node)?;
        Some(if told.contains([';', '.']) { format!("({told})") } else { told })
    }

    /// One yes/no figure that decides between two amounts.
    fn yes_no(&self, condition: &Node, then: &Node, otherwise: &Node) -> Option<String> {
        let (then, otherwise) = (self.constant(then)?, self.constant(otherwise)?);
        let (condition, yes, no) = match &condition.shape {
            Shape::Not(inner) => (inner.as_ref(), otherwise, then),
            _ => (condition, then, otherwise),
        };
        let Shape::Name(name) = &condition.shape else { return None };
        let label = &self.figure(name)?.label;
        Some(format!("{label}: có thì được {}; không thì được {}", self.amount(&yes), self.amount(&no)))
    }

    /// Conditions on one number, from the highest edge down.
    fn as_stairs(&self, condition: &Node, then: &Node, otherwise: &Node) -> Option<String> {
        let (value, edge) = self.edge(condition)?;
        let mut edges = vec![(edge, self.constant(then)?)];
        let mut rest = otherwise;
        while let Shape::If(condition, then, otherwise) = &rest.shape {
            let (compared, edge) = self.edge(condition)?;
            if compared != value || edges.last().is_some_and(|(last, _)| edge >= *last) {
                return None;
            }
            edges.push((edge, self.constant(then)?));
            rest = otherwise.as_ref()?;
        }
        self.stairs(&value, &edges, &self.constant(rest)?)
    }

    /// `x >= 4`, where `x` is a number that is entered.
    fn edge(&self, condition: &Node) -> Option<(String, Exact)> {
        match &condition.shape {
            Shape::Compare(">=", value, edge) => {
                self.constant(value).is_none().then_some(())?;
                Some((self.expression(value)?, self.constant(edge)?))
            }
            _ => None,
        }
    }

    /// "Số lần: từ 4 trở lên được điểm tối đa 5; từ 2 đến dưới 4 được 2,5 điểm; dưới 2 được 0 điểm".
    pub fn stairs(&self, value: &str, edges: &[(Exact, Exact)], below: &Exact) -> Option<String> {
        let mut told = Vec::new();
        let mut upper: Option<&Exact> = None;
        for (from, points) in edges {
            let range = match upper {
                None => format!("từ {} trở lên", shown(from)),
                Some(upper) => format!("từ {} đến dưới {}", shown(from), shown(upper)),
            };
            told.push(format!("{range} được {}", self.amount(points)));
            upper = Some(from);
        }
        let lowest = upper?;
        // What is entered is never negative; what is calculated may be.
        let mut entered = self.indicator.inputs.iter().chain(&self.set.facts);
        if *lowest > Exact::zero() || !entered.any(|input| input.label == value) {
            told.push(format!("dưới {} được {}", shown(lowest), self.amount(below)));
        }
        Some(format!("{value}: {}", told.join("; ")))
    }

    /// Terms that are added: in one line where each is plain arithmetic, numbered where one is a sentence.
    fn sum(&self, node: &Node) -> Option<String> {
        if let Some(plain) = self.expression(node) {
            return Some(plain);
        }
        let mut terms = Vec::new();
        addends(node, &mut terms);
        let tell = |(at, term): (usize, &&Node)| Some(format!("({}) {}", at + 1, self.points(term)?));
        let told: Option<Vec<String>> = terms.iter().enumerate().map(tell).collect();
        Some(format!("cộng {} phần: {}", terms.len(), told?.join(". ")))
    }

    /// Points as a reader knows them: "điểm tối đa 20", "5 điểm".
    pub fn amount(&self, points: &Exact) -> String {
        let rounded = round::exact(points, self.set.policy.round.max(2));
        let told = rounded.map_or_else(|| shown(points), trim);
        if *points == self.indicator.max { format!("điểm tối đa {told}") } else { format!("{told} điểm") }
    }

    /// What a zero denominator means, where the indicator says so and there is one.
    fn zero(&self, node: &Node) -> Option<String> {
        let meaning = match self.indicator.zero {
            ZeroRule::Error => return None,
            ZeroRule::NotApplicable => "không đánh giá chỉ số này".to_string(),
            ZeroRule::Full => format!("được {}", self.amount(&self.indicator.max.into())),
            ZeroRule::Zero => "được 0 điểm".to_string(),
        };
        let mut below = BTreeMap::new();
        self.denominators(node, &mut below)?;
        let named = below.keys().map(String::as_str).collect::<Vec<_>>().join(" hoặc ");
        match below.values().collect::<Vec<_>>().as_slice() {
            [] => None,
            [true] => Some(format!("Mẫu số bằng 0 thì {meaning}")),
            _ => Some(format!("{named} bằng 0 thì {meaning}")),
        }
    }

    /// What the formula divides by and may be zero, and whether a reader recognises a zero there as the denominator or has to
    /// be told its name. `None` where it cannot be said.
    fn denominators(&self, node: &Node, out: &mut BTreeMap<String, bool>) -> Option<()> {
        let divisors: &[Divisor] = match &node.shape {
            Shape::Arithmetic('/', _) => &[Divisor { at: 1, is_whole: true }],
            Shape::Word(word, _) => word.divisors(),
            _ => &[],
        };
        let all = children(node);
        for Divisor { at, is_whole } in divisors {
            if let Some(divisor) = all.get(*at).filter(|divisor| self.constant(divisor).is_none()) {
                out.insert(self.expression(divisor)?, *is_whole);
            }
        }
        all.into_iter().try_for_each(|child| self.denominators(child, out))
    }
}

fn addends<'a>(node: &'a Node, out: &mut Vec<&'a Node>) {
    match &node.shape {
        Shape::Arithmetic('+', operands) => operands.iter().for_each(|operand| addends(operand, out)),
        _ => out.push(node),
    }
}

fn children(node: &Node) -> Vec<&Node> {
    match &node.shape {
        Shape::Not(inner) => vec![inner],
        Shape::And(nodes) | Shape::Or(nodes) | Shape::Arithmetic(_, nodes) | Shape::Word(_, nodes) => {
            nodes.iter().collect()
        }
        Shape::Compare(_, a, b) => vec![a, b],
        Shape::If(condition, then, otherwise) => {
            let mut all = vec![condition.as_ref(), then.as_ref()];
            all.extend(otherwise.as_deref());
            all
        }
        Shape::Switch(looked_at, arms) => {
            std::iter::once(looked_at.as_ref()).chain(arms.iter().map(|arm| &arm.gives)).collect()
        }
        Shape::Constant(_) | Shape::Name(_) | Shape::Table(_) | Shape::Other => Vec::new(),
    }
}

/// 0.05 as "5%".
pub fn percent(part: &Exact) -> String {
    let hundreds = part.mul(&Decimal::ONE_HUNDRED.into());
    hundreds.map_or_else(|_| shown(part), |hundreds| format!("{}%", shown(&hundreds)))
}
