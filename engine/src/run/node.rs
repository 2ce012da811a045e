//! A formula's shape: what its operators and words are applied to. Types are checked on it and explanations read from
//! it, with the same exact numbers; points are never computed from it.

use rhai::{AST, Array, BinaryExpr, Expr, FlowControl, FnCallExpr, Position, Stmt, StmtBlock, SwitchCasesCollection};
use rust_decimal::Decimal;

use super::arms;
use super::vocabulary::{Calculation, Word};
use crate::Value;
use crate::exact::{Exact, Number};

/// One expression and where it stands in the formula.
#[derive(Debug)]
pub struct Node {
    pub shape: Shape,
    pub position: Position,
}

#[derive(Debug)]
pub enum Shape {
    Constant(Value),
    Name(String),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// `<`, `>=`, `==` and their like.
    Compare(&'static str, Box<Node>, Box<Node>),
    /// `+ - * /` and unary minus, which has one operand.
    Arithmetic(char, Vec<Node>),
    /// A word of the vocabulary with as many arguments as it takes.
    Word(Word, Vec<Node>),
    /// `[[4, 1], [2, 0.5]]`, as an argument of a word.
    Table(Vec<(Decimal, Decimal)>),
    /// Condition, then, else.
    If(Box<Node>, Box<Node>, Option<Box<Node>>),
    /// What is looked at, and the arms in their order.
    Switch(Box<Node>, Vec<Arm>),
    /// Allowed, and evaluated like all else, but neither typed nor explained.
    Other,
}

/// `2 | 1 => max / 2`. The default is the arm without values.
#[derive(Debug)]
pub struct Arm {
    pub values: Vec<Value>,
    pub gives: Node,
}

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const OPERATORS: [&str; 4] = ["+", "-", "*", "/"];

/// The shape of a compiled formula and its text.
pub fn of_ast(ast: &AST, text: &str) -> Node {
    match ast.statements() {
        [statement] => Reader { text }.of_statement(statement),
        _ => other(Position::NONE),
    }
}

fn other(position: Position) -> Node {
    Node { shape: Shape::Other, position }
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn of_statement(&self, statement: &Stmt) -> Node {
        match statement {
            Stmt::Expr(expr) => self.of_expr(expr),
            Stmt::FnCall(call, position) => self.of_call(call, *position),
            Stmt::If(flow, position) => self.of_if(flow, *position),
            Stmt::Switch(parts, position) => self.of_switch(&parts.0, &parts.1, *position),
            statement => other(statement.position()),
        }
    }

    fn of_block(&self, block: &StmtBlock) -> Option<Node> {
        match block.statements() {
            [] => None,
            [statement] => Some(self.of_statement(statement)),
            _ => Some(other(block.position())),
        }
    }

    fn of_if(&self, flow: &FlowControl, position: Position) -> Node {
        let then = self.of_block(&flow.body).unwrap_or_else(|| other(position));
        let otherwise = self.of_block(&flow.branch).map(Box::new);
        Node { shape: Shape::If(Box::new(self.of_expr(&flow.expr)), Box::new(then), otherwise), position }
    }

    fn of_switch(&self, looked_at: &Expr, cases: &SwitchCasesCollection, position: Position) -> Node {
        let Some(values) = arms::values(self.text, position, cases) else { return other(position) };
        let arms = values.into_iter().zip(&cases.expressions);
        let arms = arms.map(|(values, arm)| Arm { values, gives: self.of_expr(&arm.rhs) }).collect();
        Node { shape: Shape::Switch(Box::new(self.of_expr(looked_at)), arms), position }
    }

    fn of_expr(&self, expr: &Expr) -> Node {
        let position = expr.position();
        let shape = match expr {
            Expr::Variable(variable, ..) => Shape::Name(variable.1.to_string()),
            Expr::And(parts, _) => Shape::And(parts.iter().map(|part| self.of_expr(part)).collect()),
            Expr::Or(parts, _) => Shape::Or(parts.iter().map(|part| self.of_expr(part)).collect()),
            Expr::FnCall(call, position) => return self.of_call(call, *position),
            Expr::Stmt(block) => return self.of_block(block).unwrap_or_else(|| other(position)),
            Expr::Dot(parts, ..) => return self.of_method(parts).unwrap_or_else(|| other(position)),
            constant => of_constant(constant),
        };
        Node { shape, position }
    }

    /// `x.half()` is `half(x)`.
    fn of_method(&self, parts: &BinaryExpr) -> Option<Node> {
        let Expr::MethodCall(call, position) = &parts.rhs else { return None };
        let arguments = std::iter::once(&parts.lhs).chain(&call.args).collect::<Vec<_>>();
        Some(Node { shape: self.of_word(&call.name, &arguments), position: *position })
    }

    fn of_call(&self, call: &FnCallExpr, position: Position) -> Node {
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let known = |names: &'static [&'static str]| names.iter().copied().find(|name| call.name == *name);
        let shape = match (arguments.as_slice(), known(&COMPARISONS), known(&OPERATORS)) {
            ([a, b], Some(operator), _) => {
                Shape::Compare(operator, Box::new(self.of_expr(a)), Box::new(self.of_expr(b)))
            }
            ([a], _, Some("-")) => Shape::Arithmetic('-', vec![self.of_expr(a)]),
            ([a, b], _, Some(operator)) => {
                Shape::Arithmetic(operator.chars().next().unwrap_or('?'), vec![self.of_expr(a), self.of_expr(b)])
            }
            ([a], ..) if call.name == "!" => Shape::Not(Box::new(self.of_expr(a))),
            _ => self.of_word(&call.name, &arguments),
        };
        Node { shape, position }
    }

    fn of_word(&self, name: &str, arguments: &[&Expr]) -> Shape {
        let Some(word) = Word::named(name).filter(|word| word.arity() == arguments.len()) else { return Shape::Other };
        match (word.calculation::<Exact>(), arguments) {
            (Calculation::Table, [value, edges]) => match of_edges(edges) {
                Some(table) => {
                    let table = Node { shape: Shape::Table(table), position: edges.position() };
                    Shape::Word(word, vec![self.of_expr(value), table])
                }
                None => Shape::Other,
            },
            _ => Shape::Word(word, arguments.iter().map(|expr| self.of_expr(expr)).collect()),
        }
    }
}

fn of_constant(expr: &Expr) -> Shape {
    let Some(value) = expr.get_literal_value(None) else { return Shape::Other };
    match (value.as_bool(), value.as_decimal()) {
        (Ok(yes), _) => Shape::Constant(Value::Bool(yes)),
        (_, Ok(number)) => Shape::Constant(Value::Number(number)),
        _ => Shape::Other,
    }
}

/// The number and the table of a word that takes these.
pub fn table(arguments: &[Node]) -> Option<(&Node, &[(Decimal, Decimal)])> {
    match arguments {
        [value, Node { shape: Shape::Table(edges), .. }] => Some((value, edges)),
        _ => None,
    }
}

fn of_edges(expr: &Expr) -> Option<Vec<(Decimal, Decimal)>> {
    let edges = expr.get_literal_value(None)?.into_array().ok()?;
    let pair = |edge: rhai::Dynamic| {
        let pair: Array = edge.into_array().ok()?;
        match pair.as_slice() {
            [from, part] => Some((from.as_decimal().ok()?, part.as_decimal().ok()?)),
            _ => None,
        }
    };
    edges.into_iter().map(pair).collect()
}

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    YesNo(bool),
    Number(Exact),
}

impl From<Value> for Given {
    fn from(value: Value) -> Given {
        match value {
            Value::Bool(yes) => Given::YesNo(yes),
            Value::Number(number) => Given::Number(number.into()),
        }
    }
}

/// Answers what is known, by name.
type Known<'a> = &'a dyn Fn(&str) -> Option<Value>;

impl Node {
    /// The value for what `known` answers. `None` where the shape is not understood or a name is unknown; a zero
    /// denominator is `None` as well.
    pub fn value(&self, known: Known<'_>) -> Option<Given> {
        let number = |node: &Node| node.number(known);
        let holds = |node: &Node| node.holds(known);
        Some(match &self.shape {
            Shape::Constant(value) => (*value).into(),
            Shape::Name(name) => known(name)?.into(),
            Shape::Not(inner) => Given::YesNo(!holds(inner)?),
            Shape::And(parts) => Given::YesNo(all_hold(parts, known)?),
            Shape::Or(parts) => Given::YesNo(one_holds(parts, known)?),
            Shape::Compare(operator, a, b) => Given::YesNo(compare(operator, a.value(known)?, b.value(known)?)?),
            Shape::Arithmetic(operator, operands) => Given::Number(match operands.as_slice() {
                [a] => number(a)?.neg().ok()?,
                [a, b] => calculate(*operator, &number(a)?, &number(b)?)?,
                _ => return None,
            }),
            Shape::Word(word, arguments) => Given::Number(word.value(arguments, known)?),
            Shape::If(..) | Shape::Switch(..) => self.taken(known)?.value(known)?,
            Shape::Table(_) | Shape::Other => return None,
        })
    }

    /// The branch that an `if` or a `switch` takes.
    pub fn taken(&self, known: Known<'_>) -> Option<&Node> {
        match &self.shape {
            Shape::If(condition, then, otherwise) => {
                if condition.holds(known)? {
                    Some(then)
                } else {
                    otherwise.as_deref()
                }
            }
            Shape::Switch(looked_at, arms) => {
                let value = looked_at.value(known)?;
                arms.get(arm(arms, &value)?).map(|arm| &arm.gives)
            }
            _ => None,
        }
    }

    pub fn number(&self, known: Known<'_>) -> Option<Exact> {
        match self.value(known)? {
            Given::Number(number) => Some(number),
            Given::YesNo(_) => None,
        }
    }

    pub fn holds(&self, known: Known<'_>) -> Option<bool> {
        match self.value(known)? {
            Given::YesNo(yes) => Some(yes),
            Given::Number(_) => None,
        }
    }
}

/// The first arm with this value, or the default, which always comes last.
pub fn arm(arms: &[Arm], value: &Given) -> Option<usize> {
    let is = |other: &Value| Given::from(*other) == *value;
    arms.iter().position(|arm| arm.values.is_empty() || arm.values.iter().any(is))
}

fn all_hold(parts: &[Node], known: Known<'_>) -> Option<bool> {
    for part in parts {
        if !part.holds(known)? {
            return Some(false);
        }
    }
    Some(true)
}

fn one_holds(parts: &[Node], known: Known<'_>) -> Option<bool> {
    for part in parts {
        if part.holds(known)? {
            return Some(true);
        }
    }
    Some(false)
}

fn compare(operator: &str, a: Given, b: Given) -> Option<bool> {
    let order = match (a, b) {
        (Given::Number(a), Given::Number(b)) => a.cmp(&b),
        (Given::YesNo(a), Given::YesNo(b)) => a.cmp(&b),
        _ => return None,
    };
    match operator {
        "==" => Some(order.is_eq()),
        "!=" => Some(order.is_ne()),
        "<" => Some(order.is_lt()),
        "<=" => Some(order.is_le()),
        ">" => Some(order.is_gt()),
        ">=" => Some(order.is_ge()),
        _ => None,
    }
}

fn calculate(operator: char, a: &Exact, b: &Exact) -> Option<Exact> {
    match operator {
        '+' => a.add(b).ok(),
        '-' => a.sub(b).ok(),
        '*' => a.mul(b).ok(),
        '/' => a.div(b).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::Formula;
    use crate::exact;
    use crate::run::flags;
    use crate::run::formula::compile;
    use crate::run::types::Type;

    /// Comparisons in one run; `THUOC_COMPARISONS=3000000` for the long one.
    fn comparisons() -> u32 {
        std::env::var("THUOC_COMPARISONS").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000)
    }

    /// Whole, broken, long, tiny and huge figures, and zero.
    fn figure() -> impl Strategy<Value = Decimal> {
        let edges =
            ["0", "1", "0.0", "1.00", "0.0000000001", "999999999999", "79228162514264337593543950335", "33.333333"];
        prop_oneof![
            (0i64..1000).prop_map(Decimal::from),
            (0i64..i64::MAX, 0u32..20).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
            prop::sample::select(edges.to_vec()).prop_map(|text| text.parse().unwrap()),
        ]
    }

    fn number() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec!["a", "b", "max", "0", "1", "0.05", "100", "2.5"]).prop_map(String::from);
        leaf.prop_recursive(4, 24, 3, |inner| {
            let two = || (inner.clone(), inner.clone());
            prop_oneof![
                (two(), prop::sample::select(vec!["+", "-", "*", "/"]))
                    .prop_map(|((a, b), op)| format!("({a} {op} {b})")),
                (two(), inner.clone(), prop::sample::select(Word::ALL)).prop_map(|((a, b), c, word)| {
                    let name = word.name();
                    match word.calculation::<Exact>() {
                        Calculation::One(_) => format!("{name}({a})"),
                        Calculation::Two(_) => format!("{name}({a}, {b})"),
                        Calculation::Three(_) => format!("{name}({a}, {b}, {c})"),
                        Calculation::Table => format!("{name}({a}, [[4, 1], [2, 0.5]])"),
                    }
                }),
                inner.clone().prop_map(|a| format!("-({a})")),
                (inner.clone(), values(), two(), inner.clone()).prop_map(|(x, [v, w], (a, b), c)| {
                    format!("(switch {x} {{ {v} | 7 => {a}, {w} => {b}, _ => {c} }})")
                }),
                (inner.clone(), values(), two())
                    .prop_map(|(x, [v, w], (a, b))| { format!("(switch {x} {{ {v} => {a}, {w} => {b} {OPEN} }})") }),
                (condition(inner.clone()), two())
                    .prop_map(|(c, (a, b))| format!("(switch {c} {{ true => {a}, 1 | false => {b} }})")),
                (condition(inner.clone()), two())
                    .prop_map(|(c, (a, b))| format!("(switch ({c}) {{ false => {a}, _ => {b} }})")),
                (condition(inner.clone()), two()).prop_map(|(c, (a, b))| format!("(if {c} {{ {a} }} else {{ {b} }})")),
            ]
        })
    }

    /// Marks a switch without a default. Where no arm matches, Rhai goes on with an empty value, which is an error in
    /// arithmetic but equal to nothing in a comparison; shape and plan have no value then.
    const OPEN: &str = "/* no default */";

    /// Of a switch's arms: what figures often are, in several spellings, and what nothing equals.
    fn values() -> impl Strategy<Value = [&'static str; 2]> {
        let value = || prop::sample::select(vec!["0", "1", "1.00", "-1", "0.5", "20", "100.0", "true", "0.0000000001"]);
        (value(), value()).prop_map(|(v, w)| [v, w])
    }

    fn condition(number: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = String> {
        let compared = (number.clone(), prop::sample::select(COMPARISONS.to_vec()), number);
        prop_oneof![
            Just("co".to_string()),
            Just("!co".to_string()),
            compared.clone().prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            compared.clone().prop_map(|(a, op, b)| format!("co && {a} {op} {b}")),
            compared.prop_map(|(a, op, b)| format!("{a} {op} {b} || co")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(comparisons()))]

        /// What is explained is what was computed.
        #[test]
        fn shape_and_plan_have_the_value_of_their_formula(text in number(), a in figure(), b in figure(), co in any::<bool>(), max_is_known in any::<bool>()) {
            let known = |name: &str| match name {
                "a" => Some(Value::Number(a)),
                "b" => Some(Value::Number(b)),
                "max" => Some(Value::Number(20.into())),
                "co" => Some(Value::Bool(co)),
                _ => None,
            };
            let names = ["a", "b", "max", "co"];
            let formula = Formula { text, line: 1, column: 1 };
            // Nesting past the sandbox's limit is refused, and nothing to compare.
            let Ok(mut compiled) = compile(&formula, &names) else { return Ok(()) };
            let types = |name: &str| Some(if name == "co" { Type::YesNo } else { Type::Number });
            compiled.plan(&types, max_is_known.then_some(20.into()));
            let computed = compiled.number(names.iter().filter_map(|name| Some((*name, known(name)?))));
            let (capped, was_large) = (flags::was_capped(), exact::was_large());
            flags::begin();
            let plan = compiled.plan.as_ref().expect("every formula of this grammar has a plan");
            let planned = plan.evaluate(known).map(Exact::from);
            let capped_too = flags::was_capped();
            flags::begin();
            let shaped = compiled.node.number(&known);
            if formula.text.contains(OPEN) && planned.is_none() && shaped.is_none() {
                return Ok(());
            }
            // Where 128 bits are not enough the plan has no answer, and nowhere else.
            match computed {
                Ok(exact) => {
                    prop_assert_eq!(shaped.as_ref(), Some(&exact), "{}", formula.text);
                    prop_assert!(planned.as_ref() == Some(&exact) || planned.is_none() && was_large, "{}", formula.text);
                }
                Err(_) => prop_assert_eq!((shaped, planned.clone()), (None, None), "{}", formula.text),
            }
            prop_assert!(planned.is_none() || capped_too == capped, "{}", formula.text);
        }
    }
}
