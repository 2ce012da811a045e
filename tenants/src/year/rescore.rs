//! Sheets scored again because the rules moved and not the figures: another version of the set, or the same version under a
//! newer engine. Only what the engine computes is written. What a head signed and what the council decided stay as they
//! are; a decided row whose score moved is to be seen again.

use engine::run::Rules;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Result;
use crate::decisions::official::{Decisions, decisions};
use crate::sheets::{Loaded, scored, write_scores};
use crate::store::Tx;
use crate::store::entities::{assessment_rows, assessments};

/// A sheet whose score or state moved somewhere.
pub(crate) struct Moved {
    pub sheet: assessments::Model,
    /// Indicators decided by the council that no longer score what was decided on.
    pub to_see_again: usize,
}

/// Scores what is stored of these sheets by `rules` and answers the sheets that moved. Untouched rows stay untouched.
/// `sheets` must have been read in this transaction; it is the tenant's turn, so nothing newer is overwritten.
pub(crate) async fn score_again(tx: &Tx, sheets: Vec<Loaded>, rules: &Arc<Rules>) -> Result<Vec<Moved>> {
    let (moved, fresh) = rescored(tx, sheets, rules).await?;
    write_scores(tx, fresh).await?;
    Ok(moved)
}

/// The same without writing: the sheets that would move, and the rows to write.
pub(super) async fn rescored(
    tx: &Tx,
    sheets: Vec<Loaded>,
    rules: &Arc<Rules>,
) -> Result<(Vec<Moved>, Vec<assessment_rows::ActiveModel>)> {
    let ids: Vec<_> = sheets.iter().map(|loaded| loaded.sheet.id).collect();
    let decided = decisions(tx, &ids).await?;
    let (mut fresh, mut all) = (Vec::new(), Vec::new());
    for mut loaded in sheets {
        let stored: BTreeSet<String> = loaded.rows.keys().cloned().collect();
        let before = loaded.rows.clone();
        loaded.rules = Arc::clone(rules);
        fresh.extend(scored(tx, &mut loaded, &stored)?);
        let moved = stored.into_iter().filter(|code| {
            let (then, now) = (&before[code], &loaded.rows[code]);
            (then.self_points, &then.state) != (now.self_points, &now.state)
        });
        let moved: Vec<String> = moved.collect();
        if !moved.is_empty() {
            let to_see_again = moved.iter().filter(|code| is_decided_otherwise(&decided, &loaded, code)).count();
            all.push(Moved { sheet: loaded.sheet, to_see_again });
        }
    }
    Ok((all, fresh))
}

fn is_decided_otherwise(decided: &Decisions, loaded: &Loaded, code: &str) -> bool {
    let standing = decided.get(&loaded.sheet.id).and_then(|by_code| by_code.get(code)?.last());
    standing.is_some_and(|standing| loaded.rows.get(code).is_some_and(|row| row.self_points != standing.self_points))
}
