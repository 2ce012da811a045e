//! `-x ** 2` is -(x ** 2), as in mathematics. Rhai reads (-x) ** 2, as spreadsheets do, so the two operators change places
//! wherever nobody wrote brackets around the minus; and the author is told to write them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rhai::{AST, Dynamic, Engine, Expr, Module, Position, Stmt, StmtBlock, Token};
use rust_decimal::Decimal;

use super::message;

/// Line and column.
pub type Place = (usize, usize);

/// Places of each `**` whose base has a bare minus.
pub fn bare(tokens: &[(Token, Position)]) -> BTreeSet<Place> {
    let is_minus = |at: usize| tokens.get(at).is_some_and(|(token, _)| *token == Token::UnaryMinus);
    let is_bare = |at: &usize| match base(tokens, *at) {
        Some(start) => is_negative(&tokens[start].0) && start + 1 == *at || start > 0 && is_minus(start - 1),
        None => false,
    };
    let powers = (0..tokens.len()).filter(|at| tokens[*at].0 == Token::PowerOf);
    powers.filter(is_bare).map(|at| message::place(tokens[at].1)).collect()
}

/// "-3" is one token.
fn is_negative(token: &Token) -> bool {
    match token {
        Token::IntegerConstant(whole) => *whole < 0,
        Token::DecimalConstant(constant) => constant.0.is_sign_negative(),
        _ => false,
    }
}

/// Where the operand before an operator begins: a name, a number, a call, or brackets. `None` for `-x.abs()`, which is
/// (-x).abs().
fn base(tokens: &[(Token, Position)], operator: usize) -> Option<usize> {
    let mut at = operator.checked_sub(1)?;
    if matches!(tokens[at].0, Token::RightParen | Token::RightBracket) {
        at = opening(tokens, at)?;
        if at > 0 && matches!(tokens[at - 1].0, Token::Identifier(_)) {
            at -= 1;
        }
    }
    let is_method = at > 0 && tokens[at - 1].0 == Token::Period;
    (!is_method).then_some(at)
}

fn opening(tokens: &[(Token, Position)], closing: usize) -> Option<usize> {
    let mut depth = 0usize;
    (0..=closing).rev().find(|at| {
        match tokens[*at].0 {
            Token::RightParen | Token::RightBracket | Token::RightBrace => depth += 1,
            Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::MapStart => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        depth == 0
    })
}

/// The formula with the minus of each of these powers around the power.
pub fn outside(ast: AST, powers: &BTreeSet<Place>) -> AST {
    if powers.is_empty() {
        return ast;
    }
    let mut statements = ast.statements().to_vec();
    statements.iter_mut().for_each(|statement| in_statement(statement, powers));
    AST::new(statements, Module::new())
}

fn in_block(block: &mut StmtBlock, powers: &BTreeSet<Place>) {
    block.statements_mut().iter_mut().for_each(|statement| in_statement(statement, powers));
}

fn in_statement(statement: &mut Stmt, powers: &BTreeSet<Place>) {
    match statement {
        Stmt::Expr(expr) => in_expr(expr, powers),
        Stmt::FnCall(call, position) => {
            let mut expr = Expr::FnCall(call.clone(), *position);
            in_expr(&mut expr, powers);
            *statement = Stmt::Expr(Box::new(expr));
        }
        Stmt::If(flow, _) => {
            in_expr(&mut flow.expr, powers);
            in_block(&mut flow.body, powers);
            in_block(&mut flow.branch, powers);
        }
        Stmt::Switch(parts, _) => {
            in_expr(&mut parts.0, powers);
            for arm in &mut parts.1.expressions {
                in_expr(&mut arm.lhs, powers);
                in_expr(&mut arm.rhs, powers);
            }
        }
        Stmt::Block(block) => in_block(block, powers),
        _ => {}
    }
}

fn in_expr(expr: &mut Expr, powers: &BTreeSet<Place>) {
    match expr {
        Expr::FnCall(call, position) => {
            call.args.iter_mut().for_each(|argument| in_expr(argument, powers));
            if powers.contains(&message::place(*position))
                && let Some(mut minus) = call.args.first_mut().and_then(minus_of)
                && let Expr::FnCall(call, _) = &mut minus
            {
                call.args[0] = std::mem::take(expr);
                *expr = minus;
            }
        }
        Expr::MethodCall(call, _) => call.args.iter_mut().for_each(|argument| in_expr(argument, powers)),
        Expr::And(parts, _) | Expr::Or(parts, _) => parts.iter_mut().for_each(|part| in_expr(part, powers)),
        Expr::Dot(parts, ..) => {
            in_expr(&mut parts.lhs, powers);
            in_expr(&mut parts.rhs, powers);
        }
        Expr::Array(parts, _) => parts.iter_mut().for_each(|part| in_expr(part, powers)),
        Expr::Stmt(block) => in_block(block, powers),
        _ => {}
    }
}

/// Takes the minus off a base, as a call that waits for its operand.
fn minus_of(base: &mut Expr) -> Option<Expr> {
    match base {
        Expr::FnCall(call, _) if call.name == "-" && call.args.len() == 1 => {
            let operand = std::mem::take(&mut call.args[0]);
            Some(std::mem::replace(base, operand))
        }
        Expr::DynamicConstant(value, position) => {
            let negative = value.as_decimal().ok().filter(Decimal::is_sign_negative)?;
            **value = Dynamic::from(-negative);
            let mut minus = MINUS.clone()?;
            minus.set_position(*position);
            Some(minus)
        }
        _ => None,
    }
}

/// Rhai's own call of the minus, which nobody else can make.
static MINUS: LazyLock<Option<Expr>> = LazyLock::new(|| {
    let ast = Engine::new_raw().compile_expression("-(1 + 1)").ok()?;
    match ast.statements() {
        [Stmt::Expr(expr)] => Some((**expr).clone()),
        [Stmt::FnCall(call, position)] => Some(Expr::FnCall(call.clone(), *position)),
        _ => None,
    }
});
