//! STUB
use crate::IndicatorSet;
pub struct Change { pub key: Option<String>, pub text: String }
pub fn diff(_: &IndicatorSet, _: &IndicatorSet) -> Vec<Change> { Vec::new() }
pub fn structure_changed(_: &IndicatorSet, _: &IndicatorSet) -> Vec<Change> { Vec::new() }
#[derive(Clone, Copy)]
pub enum LineKind { Same, Added, Removed }
pub struct Line { pub kind: LineKind, pub text: String, pub old_line: Option<usize>, pub new_line: Option<usize> }
pub fn lines(_: &str, _: &str) -> Vec<Line> { Vec::new() }
