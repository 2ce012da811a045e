//! Places in lines and characters as places in bytes.

use rhai::Position;

pub struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn of(source: &'a str) -> Lines<'a> {
        let after = source.match_indices('\n').map(|(at, _)| at + 1);
        Lines { source, starts: std::iter::once(0).chain(after).collect() }
    }

    /// `None` for a place the text does not have.
    pub fn offset(&self, position: Position) -> Option<usize> {
        let start = *self.starts.get(position.line()?.checked_sub(1)?)?;
        let line = self.source.get(start..)?;
        let column = position.position()?.checked_sub(1)?;
        line.char_indices().nth(column).map(|(bytes, _)| start + bytes)
    }
}
