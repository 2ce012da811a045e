//! Two texts line by line, unchanged stretches folded.

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;

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
    let diff = TextDiff::from_slices(&before, &after);
    let mut out = Vec::new();
    // The next line of either text that has not been told.
    let mut next = (0, 0);
    for group in diff.grouped_ops(CONTEXT) {
        for op in group {
            fold(&mut out, next, op.old_range().start);
            for change in diff.iter_changes(&op) {
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
    fn the_same_text_has_no_lines() {
        assert_eq!(told("a\r\nb", "a\nb\n"), "");
        assert_eq!(told("", "a"), "+ a");
        assert_eq!(told("a", ""), "- a");
    }
}
