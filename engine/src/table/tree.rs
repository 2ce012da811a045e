//! Entries as groups, main indexes and indicators, with their sums compared.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::level::{Entry, Level};
use super::name::slug_of;
use super::{MAX_INDICATORS, RowError};
use crate::number::trim;
use crate::{Group, Indicator, MainIndex, ZeroRule};

/// The name of the only group of a table without groups.
const ONLY_GROUP: &str = "Nhóm chỉ số";

/// The groups; what is wrong is added to `errors`, and then the groups are of no use.
pub(super) fn build(entries: Vec<Entry>, errors: &mut Vec<RowError>) -> Vec<Group> {
    let mut tree = Tree { errors, nodes: Vec::new() };
    tree.plant(entries);
    tree.duplicates();
    let groups = tree.groups();
    let leaves = groups.iter().flat_map(|group| &group.main_indexes).map(|main| main.indicators.len()).sum::<usize>();
    if leaves > MAX_INDICATORS {
        errors.push(RowError::new(1, None, format!("Bảng có {leaves} chỉ số; tối đa {MAX_INDICATORS}.")));
    }
    groups
}

/// An entry and the entries below it, by position in `Tree::nodes`.
struct Node {
    entry: Entry,
    below: Vec<usize>,
    is_top: bool,
}

struct Tree<'a> {
    errors: &'a mut Vec<RowError>,
    nodes: Vec<Node>,
}

impl Tree<'_> {
    fn fail(&mut self, at: usize, column: Option<usize>, message: String) {
        let entry = &mut self.nodes[at].entry;
        entry.broken = true;
        self.errors.push(RowError::new(entry.row, column, message));
    }

    /// Puts every entry below its parent: the last one whose code begins its own.
    fn plant(&mut self, entries: Vec<Entry>) {
        let mut path: Vec<usize> = Vec::new();
        for entry in entries {
            let at = self.nodes.len();
            let keep = path.iter().rposition(|above| is_above(&self.nodes[*above].entry.level, &entry.level));
            path.truncate(keep.map_or(0, |found| found + 1));
            let parent = path.last().copied();
            let orphan = orphan(&entry.level, parent.map(|above| &self.nodes[above].entry.level));
            let column = entry.at.code.or(entry.at.name);
            self.nodes.push(Node { entry, below: Vec::new(), is_top: parent.is_none() });
            if let Some(parent) = parent {
                self.nodes[parent].below.push(at);
            }
            if let Some(message) = orphan {
                self.fail(at, column, message);
            }
            path.push(at);
        }
    }

    fn duplicates(&mut self) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for at in 0..self.nodes.len() {
            let entry = &self.nodes[at].entry;
            let Level::Code(code) = entry.level.clone() else { continue };
            let column = entry.at.code.or(entry.at.name);
            match seen.get(&code) {
                None => drop(seen.insert(code, entry.row)),
                Some(first) => {
                    let hint = match code.rsplit_once('.') {
                        Some((_, "1" | "2" | "3" | "4" | "5")) => {
                            format!(" Nếu là {code}0, hãy định dạng cột số thứ tự là văn bản rồi dán lại.")
                        }
                        _ => String::new(),
                    };
                    self.fail(at, column, format!("Mã {code} đã dùng ở dòng {first}.{hint}"));
                }
            }
        }
    }

    fn groups(&mut self) -> Vec<Group> {
        let tops: Vec<usize> = (0..self.nodes.len()).filter(|at| self.nodes[*at].is_top).collect();
        let is = |tree: &Self, at: usize, wanted: fn(&Level) -> bool| wanted(&tree.nodes[at].entry.level);
        let (headed, loose): (Vec<_>, Vec<_>) = tops
            .into_iter()
            .filter(|at| !is(self, *at, |level| *level == Level::Total))
            .partition(|at| is(self, *at, |level| matches!(level, Level::Group(_))));
        let mut groups: Vec<Group> = headed.iter().map(|at| self.group(*at)).collect();
        if headed.is_empty() {
            let main_indexes: Vec<MainIndex> = loose.iter().map(|at| self.main_index(*at)).collect();
            let points = main_indexes.iter().map(|main| main.points).sum();
            groups.push(Group { slug: slug_of(ONLY_GROUP), name: ONLY_GROUP.into(), points, main_indexes });
        } else {
            for at in loose {
                let column = self.nodes[at].entry.at.code;
                self.fail(at, column, "Dòng này đứng trước nhóm chỉ số đầu tiên.".into());
            }
        }
        distinct(&mut groups);
        self.totals(groups.iter().map(|group| group.points).sum());
        groups
    }

    fn totals(&mut self, sum: Decimal) {
        let sound = !self.nodes.iter().any(|node| node.entry.broken) && self.errors.is_empty();
        let totals: Vec<usize> =
            (0..self.nodes.len()).filter(|at| self.nodes[*at].entry.level == Level::Total).collect();
        for at in totals {
            let Entry { points, at: columns, .. } = &self.nodes[at].entry;
            let (points, column) = (*points, columns.points);
            if let Some(total) = points.filter(|total| sound && *total != sum) {
                let text = format!("Dòng tổng ghi {} điểm nhưng các chỉ số cộng lại được {}.", trim(total), trim(sum));
                self.fail(at, column, text);
            }
        }
    }

    fn group(&mut self, at: usize) -> Group {
        let name = self.nodes[at].entry.name.clone();
        let below = self.nodes[at].below.clone();
        let main_indexes: Vec<MainIndex> = below.iter().map(|main| self.main_index(*main)).collect();
        if main_indexes.is_empty() {
            let column = self.nodes[at].entry.at.code;
            self.fail(at, column, format!("Nhóm “{name}” không có chỉ số chính nào."));
        }
        let sum = main_indexes.iter().map(|main| main.points).sum();
        let points = self.agreed(at, sum, format!("Nhóm “{name}”"));
        let slug = slug_of(name.strip_prefix(ONLY_GROUP).filter(|rest| !slug_of(rest).is_empty()).unwrap_or(&name));
        Group { slug: if slug.is_empty() { "nhom".into() } else { slug }, name, points, main_indexes }
    }

    fn main_index(&mut self, at: usize) -> MainIndex {
        let (code, name) = (self.code(at), self.nodes[at].entry.name.clone());
        let mut indicators = Vec::new();
        for below in self.nodes[at].below.clone() {
            self.leaves(below, &[], &mut indicators);
        }
        // An indicator whose number cannot be read stands below and is told about already.
        let told = [at, at + 1].iter().any(|at| self.nodes.get(*at).is_some_and(|node| node.entry.broken));
        if indicators.is_empty() && !told {
            let column = self.nodes[at].entry.at.code;
            self.fail(at, column, format!("Chỉ số chính {code} “{name}” không có chỉ số thành phần nào."));
        }
        let points = match indicators.as_slice() {
            [] => self.nodes[at].entry.points.unwrap_or_default(),
            leaves => {
                let sum = leaves.iter().map(|leaf| leaf.max).sum();
                self.agreed(at, sum, format!("Chỉ số chính {code} “{name}”"))
            }
        };
        MainIndex { code, name, points, indicators }
    }

    /// The indicators at and below an entry; `above` are the names of rows between it and the main index.
    fn leaves(&mut self, at: usize, above: &[String], out: &mut Vec<Indicator>) -> Decimal {
        let below = self.nodes[at].below.clone();
        let divided = below.iter().any(|child| self.has_points(*child));
        if divided {
            let mut path = above.to_vec();
            path.push(self.nodes[at].entry.name.clone());
            let sum = below.iter().map(|child| self.leaves(*child, &path, out)).sum();
            let what = format!("Chỉ số {} “{}”", self.code(at), self.nodes[at].entry.name);
            return self.agreed(at, sum, what);
        }
        let code = self.code(at);
        let entry = self.nodes[at].entry.clone();
        if entry.points.is_none() && !entry.broken {
            self.fail(at, entry.at.points, format!("Chỉ số {code} chưa có điểm tối đa."));
        }
        let mut guidance = entry.guidance;
        let details = self.details(&below);
        super::columns::append(&mut guidance, &details, '\n');
        let name = above.iter().chain([&entry.name]).cloned().collect::<Vec<_>>().join(": ");
        let max = entry.points.unwrap_or_default();
        out.push(leaf(code, name, max, entry.evidence, guidance));
        max
    }

    fn has_points(&self, at: usize) -> bool {
        let node = &self.nodes[at];
        node.entry.points.is_some() || node.below.iter().any(|below| self.has_points(*below))
    }

    /// Rows below an indicator that have no points of their own, as lines of its guidance.
    fn details(&self, below: &[usize]) -> String {
        let tell = |at: &usize| {
            let entry = &self.nodes[*at].entry;
            let own = format!("{} {}\n{}", self.code(*at), entry.name, entry.guidance);
            format!("{own}\n{}", self.details(&self.nodes[*at].below))
        };
        below.iter().map(tell).collect::<Vec<_>>().join("\n")
    }

    /// The points of a row over others: its own, which must be their sum, or the sum.
    fn agreed(&mut self, at: usize, sum: Decimal, what: String) -> Decimal {
        let sound = !self.is_broken(at);
        let entry = &self.nodes[at].entry;
        let column = entry.at.points;
        let points = entry.points.unwrap_or(sum);
        if sound && points != sum {
            let text = format!("{what} ghi {} điểm nhưng các phần cộng lại được {}.", trim(points), trim(sum));
            self.fail(at, column, text);
        }
        points
    }

    fn is_broken(&self, at: usize) -> bool {
        let node = &self.nodes[at];
        node.entry.broken || node.below.iter().any(|below| self.is_broken(*below))
    }

    fn code(&self, at: usize) -> String {
        match &self.nodes[at].entry.level {
            Level::Code(code) => code.clone(),
            Level::Group(marker) => marker.clone(),
            Level::Total => String::new(),
        }
    }
}

fn depth(code: &str) -> usize {
    code.split('.').count()
}

/// Whether a row can stand over another.
fn is_above(above: &Level, below: &Level) -> bool {
    match (above, below) {
        (Level::Group(_), Level::Code(_)) => true,
        (Level::Code(above), Level::Code(below)) => {
            below.strip_prefix(above.as_str()).is_some_and(|rest| rest.starts_with('.'))
        }
        _ => false,
    }
}

/// Why a row has no place below `parent`.
fn orphan(level: &Level, parent: Option<&Level>) -> Option<String> {
    let Level::Code(code) = level else { return None };
    let (head, _) = code.rsplit_once('.')?;
    let over = match parent {
        Some(Level::Code(parent)) if depth(parent) + 1 == depth(code) => return None,
        _ if depth(code) == 2 => "chỉ số chính",
        _ => "chỉ số",
    };
    Some(format!("{code} không đứng dưới {over} {head}: bảng thiếu dòng {head} hoặc số thứ tự sai."))
}

fn leaf(code: String, name: String, max: Decimal, evidence: String, guidance: String) -> Indicator {
    Indicator {
        key: code.clone(),
        code,
        name,
        max,
        inputs: Vec::new(),
        formula: None,
        zero: ZeroRule::default(),
        not_applicable: false,
        evidence,
        guidance,
        proof: crate::Proof::default(),
        self_score: crate::SelfScore::default(),
        source: String::new(),
        warnings: Vec::new(),
        cases: Vec::new(),
    }
}

/// Groups of one name get slugs of their own: "hoat-dong", "hoat-dong-2".
fn distinct(groups: &mut [Group]) {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for group in groups {
        let times = used.entry(group.slug.clone()).or_default();
        *times += 1;
        if *times > 1 {
            group.slug = format!("{}-{times}", group.slug);
        }
    }
}
