//! A formula compiled once: a single expression over exact numbers and booleans, its shape, and the names it reads.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Dynamic, EvalAltResult, Expr, Position, Scope, Stmt, Token};
use rust_decimal::Decimal;

use super::evaluate::Known;
use super::minus::{self, Place};
use super::node::{self, Node};
use super::plan::Plan;
use super::types::{self, Type};
use super::version::Version;
use super::{flags, message, numbers, sandbox};
use crate::Value;
use crate::diagnostic::Diagnostic;
use crate::exact::Exact;
use crate::set::Formula;

#[derive(Debug)]
pub struct CompiledFormula {
    ast: AST,
    version: Version,
    pub node: Node,
    /// Where `**` has a base with a minus that nobody put in brackets.
    pub bare_powers: BTreeSet<Place>,
    /// The fast way to the same value, where there is one.
    pub plan: Option<Plan>,
    /// Names read, without duplicates.
    pub reads: BTreeSet<String>,
}

/// Compiles a formula that may read `names`. The diagnostic's place is in the definition script.
pub fn compile(formula: &Formula, names: &[&str]) -> Result<CompiledFormula, Diagnostic> {
    compile_under(Version::default(), formula, names)
}

/// The same for the arithmetic of a version of this engine.
pub fn compile_under(version: Version, formula: &Formula, names: &[&str]) -> Result<CompiledFormula, Diagnostic> {
    let at = (formula.line, formula.column);
    if formula.text.len() > sandbox::MAX_FORMULA {
        return Err(message::error("too-large", "Công thức quá dài.".into(), at));
    }
    let mut scope = Scope::new();
    for name in names {
        scope.push_constant_dynamic(*name, Dynamic::from(Decimal::ONE));
    }
    let ast = version.engine().compile_expression_with_scope(&scope, &formula.text).map_err(|cause| {
        let (code, text) = message::of_parse(&cause, names);
        message::error(code, text, inside(formula, message::place(cause.position())))
    })?;
    if let Some((code, text, position)) = stranger(&ast) {
        return Err(message::error(code, text, inside(formula, message::place(position))));
    }
    let bare_powers = minus::bare(&tokens(&formula.text));
    let ast = if version == Version::First { ast } else { minus::outside(ast, &bare_powers) };
    let node = node::of_ast(&ast, &formula.text);
    Ok(CompiledFormula { node, reads: reads(&ast), plan: None, ast, version, bare_powers })
}

/// The words and signs of a formula, each with its place.
pub(super) fn tokens(text: &str) -> Vec<(Token, Position)> {
    let (tokens, _) = Version::default().engine().lex(std::slice::from_ref(&text));
    tokens.take_while(|(token, _)| *token != Token::EOF).collect()
}

impl CompiledFormula {
    /// Checks that every branch gives `wanted`. `names` answers the type of a name.
    pub fn expect(
        &self,
        source: &Formula,
        wanted: Type,
        names: &dyn Fn(&str) -> Option<Type>,
    ) -> Result<(), Diagnostic> {
        types::expect(&self.node, wanted, names).map_err(|mistake| {
            message::error(mistake.code, mistake.message, inside(source, message::place(mistake.position)))
        })
    }
}

/// A place inside the formula as a place in the file.
pub fn inside(formula: &Formula, (line, column): (usize, usize)) -> (usize, usize) {
    match (formula.line, line) {
        (0, _) | (_, 0) => (formula.line, formula.column),
        (start, 1) => (start, formula.column + column - 1),
        (start, _) => (start + line - 1, column),
    }
}

/// The first call that is not of the vocabulary, or not with its number of arguments, whether or not it would be run.
fn stranger(ast: &AST) -> Option<(&'static str, String, Position)> {
    let mut found = None;
    ast.walk(&mut |path| {
        found = match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) => {
                message::of_call(call, 0).map(|(code, text)| (code, text, *at))
            }
            Some(ASTNode::Expr(Expr::MethodCall(call, at))) => {
                message::of_call(call, 1).map(|(code, text)| (code, text, *at))
            }
            Some(ASTNode::Expr(Expr::Property(name, at))) => {
                Some(("not-allowed", format!("“.{}” không dùng được trong công thức.", name.2), *at))
            }
            _ => None,
        };
        found.is_none()
    });
    found
}

fn reads(ast: &AST) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = path.last() {
            names.insert(variable.1.to_string());
        }
        true
    });
    names
}

impl CompiledFormula {
    /// The value for the given names; those the formula does not read are skipped.
    pub fn evaluate<'a>(&self, values: impl Iterator<Item = (&'a str, Value)>) -> Result<Dynamic, Box<EvalAltResult>> {
        let mut scope = Scope::new();
        for (name, value) in values.filter(|(name, _)| self.reads.contains(*name)) {
            match value {
                Value::Bool(yes) => scope.push_constant_dynamic(name, Dynamic::from(yes)),
                Value::Number(number) => scope.push_constant_dynamic(name, Dynamic::from(number)),
            };
        }
        self.version.engine().eval_ast_with_scope(&mut scope, &self.ast)
    }

    /// Makes the plan for an indicator with this maximum; only a formula whose names have known types and that gives a number
    /// has one.
    pub fn plan(&mut self, types: &dyn Fn(&str) -> Option<Type>, max: Option<Decimal>) {
        self.plan = Plan::of(&self.node, types, max).filter(|_| self.version != Version::First);
    }

    /// The value for what is known, by the plan where there is one. What the plan cannot answer, Rhai answers or refuses.
    pub(super) fn number_of(&self, known: &Known<'_>) -> Result<Exact, Box<EvalAltResult>> {
        if let Some(plan) = self.plan.as_ref().filter(|_| Plan::in_use()) {
            flags::begin();
            if let Some(number) = plan.evaluate(|name| known.value(name)) {
                return Ok(number.into());
            }
        }
        self.number(known.values())
    }

    /// The value as a number, by Rhai.
    pub fn number<'a>(&self, values: impl Iterator<Item = (&'a str, Value)>) -> Result<Exact, Box<EvalAltResult>> {
        flags::begin();
        let value = self.evaluate(values)?;
        let kind = value.type_name();
        numbers::of(&value).ok_or_else(|| {
            let what = if kind == "bool" { "đúng/sai" } else { kind };
            EvalAltResult::ErrorRuntime(
                format!("Công thức phải cho một số, không phải {what}.").into(),
                rhai::Position::NONE,
            )
            .into()
        })
    }
}
