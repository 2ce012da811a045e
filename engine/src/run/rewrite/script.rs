//! A plain script as its statements, with the comments and spacing that belong to each.

use rhai::{Position, Token};

use crate::run::convert::MARKERS;
use crate::run::definition::WORDS;
use crate::run::lines::Lines;
use crate::run::sandbox;

/// Brackets inside brackets: a level's choice has four.
const DEEPEST: usize = 12;

/// What a statement of a plain script declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Set,
    Param,
    Fact,
    Group,
    MainIndex,
    Indicator,
}

impl Kind {
    fn of(word: &str) -> Option<Kind> {
        Some(match word {
            "indicator_set" => Kind::Set,
            "param" => Kind::Param,
            "fact" => Kind::Fact,
            "group" => Kind::Group,
            "main_index" => Kind::MainIndex,
            "indicator" => Kind::Indicator,
            _ => return None,
        })
    }
}

/// The texts of a script in their order: each statement's `lead`, `body` and `tail`, then `rest`.
#[derive(Debug)]
pub struct Script<'a> {
    pub statements: Vec<Statement<'a>>,
    /// What follows the last statement.
    pub rest: &'a str,
}

#[derive(Debug)]
pub struct Statement<'a> {
    pub kind: Kind,
    /// Blank lines and comments before it.
    pub lead: &'a str,
    /// From its first word to its semicolon, which the last one may lack.
    pub body: &'a str,
    /// The rest of its last line, with the line's end.
    pub tail: &'a str,
    /// The comments within its body, in their order.
    pub comments: Vec<String>,
    /// An indicator that says itself whether it may be left out.
    pub says_not_applicable: bool,
}

impl<'a> Script<'a> {
    /// `None` where a script is more than declarations one after another: loops, variables, conditions, text put
    /// together from pieces. A plain script does nothing that takes time or memory beyond its own length.
    pub fn read(source: &'a str) -> Option<Script<'a>> {
        if source.len() > sandbox::MAX_SOURCE {
            return None;
        }
        let mut spans = spans(source)?.into_iter().peekable();
        let mut from = 0;
        let mut statements = Vec::new();
        while let Some(span) = spans.next() {
            let next = spans.peek().map_or(source.len(), |next| next.start);
            let tail = span.end + tail(source.get(span.end..next)?);
            statements.push(Statement {
                kind: span.kind,
                lead: source.get(from..span.start)?,
                body: source.get(span.start..span.end)?,
                tail: source.get(span.end..tail)?,
                comments: span.comments,
                says_not_applicable: span.says_not_applicable,
            });
            from = tail;
        }
        Some(Script { statements, rest: source.get(from..)? })
    }
}

/// How much of what follows a statement belongs to its line.
fn tail(after: &str) -> usize {
    let line = after.find('\n').map_or(after.len(), |end| end + 1);
    let text = after[..line].trim();
    let is_note = text.is_empty() || text.starts_with("//");
    if is_note && (line < after.len() || after.ends_with('\n')) { line } else { 0 }
}

/// Bytes of a statement.
struct Span {
    kind: Kind,
    start: usize,
    end: usize,
    comments: Vec<String>,
    says_not_applicable: bool,
}

type Placed = (Token, Position);

/// The tokens of a script, each with the comments right before it. What follows the last token belongs to none.
fn tokens(source: &str) -> Vec<(Vec<String>, Placed)> {
    let engine = sandbox::definition();
    let (mut lexer, _) = engine.lex(std::slice::from_ref(&source));
    lexer.state.include_comments = true;
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    for (token, position) in lexer {
        match token {
            Token::EOF => break,
            // A comment without an end is followed by empty ones for ever.
            Token::Comment(text) if text.is_empty() => break,
            Token::Comment(text) => comments.push(text.to_string()),
            token => tokens.push((std::mem::take(&mut comments), (token, position))),
        }
    }
    tokens
}

fn spans(source: &str) -> Option<Vec<Span>> {
    let tokens = tokens(source);
    let lines = Lines::of(source);
    let (mut spans, mut open, mut depth) = (Vec::new(), None::<Span>, 0usize);
    for (at, (comments, (token, position))) in tokens.iter().enumerate() {
        if !is_plain(token, tokens.get(at + 1).map(|(_, (token, _))| token)) {
            return None;
        }
        depth = match token {
            Token::LeftParen | Token::LeftBracket | Token::MapStart => depth + 1,
            Token::RightParen | Token::RightBracket | Token::RightBrace => depth.checked_sub(1)?,
            _ => depth,
        };
        let offset = lines.offset(*position)?;
        if let Some(statement) = &mut open {
            statement.comments.extend_from_slice(comments);
        }
        match (token, &mut open) {
            _ if depth > DEEPEST => return None,
            (Token::SemiColon, statement) if depth == 0 => {
                // The place of a token is believed only where the text agrees.
                let end = source.get(offset..)?.starts_with(';').then_some(offset + 1)?;
                spans.extend(statement.take().map(|statement| Span { end, ..statement }));
            }
            (Token::Identifier(word), None) => {
                let kind = Kind::of(word).filter(|_| source[offset..].starts_with(word.as_str()))?;
                let (comments, says_not_applicable) = (Vec::new(), false);
                open = Some(Span { kind, start: offset, end: offset, comments, says_not_applicable });
            }
            (_, None) => return None,
            (token, Some(statement)) => {
                statement.end = offset + 1;
                statement.says_not_applicable |=
                    depth == 0 && matches!(token, Token::Identifier(word) if word.as_str() == "not_applicable");
            }
        }
    }
    // Only the last statement may go without a semicolon; like all others it ends in a parenthesis.
    spans.extend(open.filter(|last| source.get(..last.end).is_some_and(|text| text.ends_with(')'))));
    (depth == 0).then_some(spans)
}

fn is_plain(token: &Token, next: Option<&Token>) -> bool {
    let known = |word: &str| WORDS.contains(&word) || MARKERS.iter().any(|(name, _)| *name == word);
    match token {
        Token::Identifier(word) => known(word) || next == Some(&Token::Colon),
        Token::IntegerConstant(_) | Token::DecimalConstant(_) | Token::StringConstant(_) => true,
        Token::True | Token::False | Token::Comma | Token::Period | Token::Colon | Token::SemiColon => true,
        Token::LeftParen | Token::RightParen | Token::LeftBracket | Token::RightBracket => true,
        Token::MapStart | Token::RightBrace | Token::UnaryMinus | Token::UnaryPlus => true,
        Token::Plus | Token::Minus | Token::Multiply | Token::Divide => true,
        _ => false,
    }
}
