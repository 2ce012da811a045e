//! A script brought up to an edited set: what has not changed keeps its text, its comments and its spacing.

mod order;
mod piece;
mod script;

use piece::Piece;
use script::{Kind, Script, Statement};

use super::definition::declare;
use crate::set::IndicatorSet;

/// The script that declares `set`, with as much of `source` kept as possible.
///
/// Statements whose piece is unchanged keep their text and what stands around them to the letter; changed ones are
/// written anew, under the comments that stood inside them; new ones stand where the set has them; removed ones go with
/// the comment right above them. A source with loops or variables gives the canonical script. Only scripts without
/// either are run here, so no worker is needed.
pub fn rewrite(source: &str, set: &IndicatorSet) -> String {
    let kept = Plain::read(source).map(|plain| plain.with(set));
    let proven = kept.filter(|kept| declares(kept, set));
    proven.unwrap_or_else(|| crate::print(set))
}

/// Whether [`rewrite`] keeps what the author wrote around the pieces that do not change.
pub fn is_plain(source: &str) -> bool {
    Plain::read(source).is_some_and(|plain| declares(source, &plain.set))
}

fn declares(source: &str, set: &IndicatorSet) -> bool {
    declare(source).is_ok_and(|(declared, _)| without_places(declared) == without_places(set.clone()))
}

/// Where formulas stand in a script is no part of what a set says.
fn without_places(mut set: IndicatorSet) -> IndicatorSet {
    let mains = set.groups.iter_mut().flat_map(|group| &mut group.main_indexes);
    for leaf in mains.flat_map(|main| &mut main.indicators) {
        let conditions = leaf.warnings.iter_mut().map(|warning| &mut warning.condition);
        for formula in leaf.formula.iter_mut().chain(conditions) {
            (formula.line, formula.column) = (0, 0);
        }
    }
    set
}

/// A plain script whose statements each declare one piece.
struct Plain<'a> {
    script: Script<'a>,
    set: IndicatorSet,
}

impl<'a> Plain<'a> {
    fn read(source: &'a str) -> Option<Plain<'a>> {
        let script = Script::read(source)?;
        let (set, _) = declare(source).ok()?;
        let pieces = piece::of_set(&set);
        let count = |kind| {
            let declared = pieces.iter().filter(|piece| piece.kind == kind).count();
            declared == script.statements.iter().filter(|statement| statement.kind == kind).count()
        };
        let kinds = [Kind::Set, Kind::Param, Kind::Fact, Kind::Group, Kind::MainIndex, Kind::Indicator];
        kinds.into_iter().all(count).then_some(Plain { script, set })
    }

    /// What each statement declares, as it would be declared in a set with this default.
    fn pieces(&self, not_applicable: bool) -> Vec<Piece> {
        let mut set = self.set.clone();
        let mut explicit = self.of_kind(Kind::Indicator).map(|statement| statement.says_not_applicable);
        let mains = set.groups.iter_mut().flat_map(|group| &mut group.main_indexes);
        for leaf in mains.flat_map(|main| &mut main.indicators) {
            if explicit.next() == Some(false) {
                leaf.not_applicable = not_applicable;
            }
        }
        let mut pieces: Vec<Option<Piece>> =
            piece::of_set_with_default(&set, not_applicable).into_iter().map(Some).collect();
        let mut next =
            |kind| pieces.iter_mut().find(|piece| piece.as_ref().is_some_and(|piece| piece.kind == kind))?.take();
        self.script.statements.iter().filter_map(|statement| next(statement.kind)).collect()
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Statement<'a>> {
        self.script.statements.iter().filter(move |statement| statement.kind == kind)
    }

    fn with(&self, set: &IndicatorSet) -> String {
        let old = self.pieces(set.policy.not_applicable);
        let new = piece::of_set(set);
        let matched = piece::matched(&old, &new);
        let carried = self.carried(&matched);
        let mut out = Written { text: String::new(), last: None, open: None, line_end: self.line_end() };
        for at in order::of(&self.script.statements, &new, &matched) {
            let piece = &new[at];
            match matched[at] {
                None => out.add(piece),
                Some(from) => {
                    let anew = Some(piece.text.as_str()).filter(|text| *text != old[from].text);
                    out.keep(from, &carried[from], &self.script.statements[from], anew);
                }
            }
        }
        let rest = format!("{}{}", carried[old.len()], self.script.rest);
        out.close(old.len(), &rest);
        out.text
    }

    /// Pieces written anew end their lines as the script does.
    fn line_end(&self) -> &'static str {
        let in_windows = self.script.statements.iter().any(|statement| statement.tail.ends_with("\r\n"));
        if in_windows { "\r\n" } else { "\n" }
    }

    /// The lead of each kept statement, with the comments that stood apart from removed ones before it; what is left
    /// over comes last.
    fn carried(&self, matched: &[Option<usize>]) -> Vec<String> {
        let (mut leads, mut waiting) = (Vec::new(), String::new());
        for (at, statement) in self.script.statements.iter().enumerate() {
            if matched.contains(&Some(at)) {
                leads.push(std::mem::take(&mut waiting) + statement.lead);
            } else {
                waiting.push_str(apart(statement.lead));
                leads.push(String::new());
            }
        }
        leads.push(waiting);
        leads
    }
}

/// The comments of a lead that a blank line separates from the statement.
fn apart(lead: &str) -> &str {
    let mut end = 0;
    let mut from = 0;
    for line in lead.split_inclusive('\n') {
        from += line.len();
        if line.trim().is_empty() && line.ends_with('\n') {
            end = from;
        }
    }
    let apart = &lead[..end];
    if apart.trim().is_empty() || lead.contains("/*") { "" } else { apart }
}

/// The script as far as it is written.
struct Written {
    text: String,
    /// The statement of the source that was kept last.
    last: Option<usize>,
    /// Where the last statement lacks its semicolon.
    open: Option<usize>,
    line_end: &'static str,
}

impl Written {
    fn keep(&mut self, from: usize, lead: &str, statement: &Statement<'_>, anew: Option<&str>) {
        self.begin(from);
        self.text.push_str(lead);
        match anew {
            Some(text) => {
                self.push_comments(&statement.comments);
                self.push_anew(text);
            }
            None => self.text.push_str(statement.body),
        }
        self.open = Some(self.text.len()).filter(|_| !self.text.ends_with(';'));
        self.text.push_str(statement.tail);
        self.last = Some(from);
    }

    fn add(&mut self, piece: &Piece) {
        self.end_line();
        if piece.is_in_tree() {
            self.text.push_str(self.line_end);
        }
        self.push_anew(&piece.text);
        self.text.push_str(self.line_end);
        self.last = None;
    }

    fn close(&mut self, count: usize, rest: &str) {
        if !rest.is_empty() {
            self.begin(count);
            self.text.push_str(rest);
        }
    }

    /// What did not stand side by side may not run into one line, or into a comment.
    fn begin(&mut self, from: usize) {
        if self.last.map_or(0, |last| last + 1) != from {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        if let Some(at) = self.open.take() {
            self.text.insert(at, ';');
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(self.line_end);
        }
    }

    /// Each on a line of its own, above the statement that is written next and as far in as it.
    fn push_comments(&mut self, comments: &[String]) {
        let line = self.text.rfind('\n').map_or(0, |end| end + 1);
        let before = self.text[line..].to_string();
        let indent = if before.trim().is_empty() { before.as_str() } else { "" };
        if !comments.is_empty() && indent != before {
            self.text.truncate(self.text.trim_end().len());
            self.text.push_str(self.line_end);
        }
        for comment in comments {
            self.text.push_str(comment);
            self.text.push_str(self.line_end);
            self.text.push_str(indent);
        }
    }

    fn push_anew(&mut self, text: &str) {
        self.text.push_str(&text.replace('\n', self.line_end));
    }
}
