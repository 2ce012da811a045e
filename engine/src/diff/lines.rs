//! Two texts line by line, unchanged stretches folded.

use serde::{Deserialize, Serialize};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;
/// Where the stretches that differ have more lines than this, one is told to replace the other: finding what they have
/// in common takes the square of it.
const MOST_COMPARED: usize = 5000;

/// A line of a comparison. Line numbers are 1-based; a side that does not have the line has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: LineKind,
    /// Without its line break; empty where lines are folded.
    pub text: String,
    pub old_line: Option<usize>,
    pub new_line: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    Same,
    Added,
    Removed,
    /// So many unchanged lines are left out here; the line's numbers are those of the first.
    Folded(usize),
}

/// The lines of both texts with three unchanged lines around every change. Empty where the texts are the same; the
/// kind of line break and a last one make no difference.
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut out = Vec::new();
    // The next line of either text that has not been told.
    let mut next = (0, 0);
    for group in group_diff_ops(operations(&before, &after), CONTEXT) {
        for op in group {
            fold(&mut out, next, op.old_range().start);
            for change in op.iter_changes(&before, &after) {
                out.push(Line {
                    kind: match change.tag() {
                        ChangeTag::Equal => LineKind::Same,
                        ChangeTag::Insert => LineKind::Added,
                        ChangeTag::Delete => LineKind::Removed,
                    },
                    text: change.value().to_string(),
                    old_line: change.old_index().map(|at| at + 1),
                    new_line: change.new_index().map(|at| at + 1),
                });
            }
            next = (op.old_range().end, op.new_range().end);
        }
    }
    if !out.is_empty() {
        fold(&mut out, next, before.len());
    }
    out
}

fn operations(before: &[&str], after: &[&str]) -> Vec<DiffOp> {
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(old, new)| old == new).count();
    let head = same(&mut before.iter().zip(after));
    let tail = same(&mut before[head..].iter().rev().zip(after[head..].iter().rev()));
    let (old_len, new_len) = (before.len() - head - tail, after.len() - head - tail);
    if old_len.max(new_len) <= MOST_COMPARED {
        return capture_diff_slices(Algorithm::Myers, before, after);
    }
    let equal = |at: (usize, usize), len| DiffOp::Equal { old_index: at.0, new_index: at.1, len };
    let replace = DiffOp::Replace { old_index: head, old_len, new_index: head, new_len };
    let all = [equal((0, 0), head), replace, equal((head + old_len, head + new_len), tail)];
    all.into_iter().filter(|op| op.old_range().len() + op.new_range().len() > 0).collect()
}

/// Lines left out between what has been told and line `until` of the old text.
fn fold(out: &mut Vec<Line>, next: (usize, usize), until: usize) {
    if until > next.0 {
        out.push(Line {
            kind: LineKind::Folded(until - next.0),
            text: String::new(),
            old_line: Some(next.0 + 1),
            new_line: Some(next.1 + 1),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        let tell = |line: &Line| match line.kind {
            LineKind::Same => format!("  {}", line.text),
            LineKind::Added => format!("+ {}", line.text),
            LineKind::Removed => format!("- {}", line.text),
            LineKind::Folded(count) => {
                format!("… {count} @{}/{}", line.old_line.unwrap_or(0), line.new_line.unwrap_or(0))
            }
        };
        lines(old, new).iter().map(tell).collect::<Vec<_>>().join("\n")
    }

    fn numbered(count: usize) -> String {
        (1..=count).map(|at| format!("{at}\n")).collect()
    }

    #[test]
    fn far_lines_are_folded() {
        let old = numbered(30);
        let new = old.replace("\n10\n", "\nmười\nmới\n").replace("\n20\n", "\n");
        assert_eq!(
            told(&old, &new),
            "… 6 @1/1\n  7\n  8\n  9\n- 10\n+ mười\n+ mới\n  11\n  12\n  13\n… 3 @14/15\n  17\n  18\n  19\n- 20\n  21\n  22\n  23\n… 7 @24/24"
        );
    }

    #[test]
    fn texts_of_a_hostile_length_are_told_roughly() {
        let text = |word: &str| format!("{}{}{}", numbered(10), format!("{word}\n").repeat(6000), numbered(10));
        let found = lines(&text("a"), &text("b\nc"));
        let count = |kind| found.iter().filter(|line| line.kind == kind).count();
        assert_eq!((count(LineKind::Removed), count(LineKind::Added), count(LineKind::Same)), (6000, 12_000, 6));
        assert_eq!((found[0].kind, found[found.len() - 1].kind), (LineKind::Folded(7), LineKind::Folded(7)));
    }

    #[test]
    fn the_same_text_has_no_lines() {
        assert_eq!(told("a\r\nb", "a\nb\n"), "");
        assert_eq!(told("", "a"), "+ a");
        assert_eq!(told("a", ""), "- a");
    }
}
