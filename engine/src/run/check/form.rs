//! The form of what is declared: which characters a code may have, which points, which names.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{About, Check};
use crate::number;
use crate::set::{Indicator, Input, InputKind};

/// Longest code or key, in characters.
const LONGEST_CODE: usize = 20;
/// Longest slug, of a set or a group.
const LONGEST_SLUG: usize = 60;
/// Most points anything may have, and their decimal places: points are stored as ten-thousandths.
const MOST_POINTS: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
const PLACES: u32 = 4;

impl Check<'_> {
    /// Codes, points and names, each by itself.
    pub(super) fn form(&mut self) {
        let set = self.set;
        self.slug(About::Set, &set.slug);
        self.name(About::Set, "Bộ chỉ số", &set.name);
        self.points(About::Set, set.total);
        for group in &set.groups {
            let about = || About::Group(group.slug.clone());
            self.slug(about(), &group.slug);
            self.name(about(), "Nhóm", &group.name);
            self.points(about(), group.points);
        }
        for main in set.main_indexes() {
            let about = || About::Code(main.code.clone());
            self.code(about(), "Mã", &main.code);
            self.name(about(), "Chỉ số chính", &main.name);
            self.points(about(), main.points);
        }
        set.indicators().for_each(|leaf| self.leaf(leaf));
        set.facts.iter().for_each(|fact| self.choices(&About::Name(fact.name.clone()), fact));
        self.bands();
    }

    fn leaf(&mut self, leaf: &Indicator) {
        let about = || About::Code(leaf.code.clone());
        self.code(about(), "Mã", &leaf.code);
        if leaf.key != leaf.code {
            self.code(about(), "Khóa", &leaf.key);
        }
        self.name(about(), "Chỉ số", &leaf.name);
        self.points(about(), leaf.max);
        leaf.inputs.iter().for_each(|input| self.choices(&about(), input));
        let mut labels = HashSet::new();
        for input in leaf.inputs.iter().filter(|input| !labels.insert(input.label.trim())) {
            let text =
                format!("Hai số liệu của chỉ số cùng có tên “{}”; người nhập không phân biệt được.", input.label);
            self.warn("duplicate-label", about(), text);
        }
    }

    fn code(&mut self, about: About, what: &str, code: &str) {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if code.is_empty() || code.chars().count() > LONGEST_CODE || !code.chars().all(is_allowed) {
            let text = format!(
                "{what} “{code}” không dùng được: chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch dưới và gạch nối, \
                 từ 1 đến {LONGEST_CODE} ký tự."
            );
            self.find("bad-code", about, text);
        }
    }

    fn slug(&mut self, about: About, slug: &str) {
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if slug.is_empty() || slug.chars().count() > LONGEST_SLUG || !slug.chars().all(is_allowed) {
            let text = format!(
                "Mã “{slug}” không dùng được: chỉ gồm chữ thường không dấu, chữ số và gạch nối, \
                 từ 1 đến {LONGEST_SLUG} ký tự."
            );
            self.find("bad-code", about, text);
        }
    }

    fn name(&mut self, about: About, what: &str, name: &str) {
        if name.trim().is_empty() {
            self.find("no-name", about, format!("{what} chưa có tên."));
        }
    }

    fn points(&mut self, about: About, points: Decimal) {
        if points < Decimal::ZERO || points > MOST_POINTS {
            let most = number::trim(MOST_POINTS);
            let text = format!("Điểm {} nằm ngoài khoảng 0 đến {most}.", number::trim(points));
            self.find("bad-points", about, text);
        } else if points.normalize().scale() > PLACES {
            let text = format!("Điểm {} có quá {PLACES} chữ số thập phân.", number::trim(points));
            self.find("bad-points", about, text);
        }
    }

    fn choices(&mut self, about: &About, input: &Input) {
        let InputKind::Level(choices) = &input.kind else { return };
        let mut values = HashSet::new();
        for choice in choices {
            if choice.label.trim().is_empty() {
                let text = format!("Mức {} của số liệu “{}” chưa có tên.", choice.value, input.name);
                self.find("no-name", about.clone(), text);
            }
            if !values.insert(choice.value) {
                let text = format!("Số liệu “{}” có hai mức cùng giá trị {}.", input.name, choice.value);
                self.warn("duplicate-choice", about.clone(), text);
            }
        }
    }

    /// Written from the highest edge down or from the lowest up; each edge once.
    fn bands(&mut self) {
        let bands = &self.set.policy.bands;
        bands.iter().for_each(|band| self.name(About::Set, "Một mức xếp loại", &band.name));
        let rises = bands.is_sorted_by(|a, b| a.from < b.from);
        let falls = bands.is_sorted_by(|a, b| a.from > b.from);
        if !rises && !falls {
            let text = "Các mức xếp loại phải xếp theo thứ tự, từ ngưỡng cao xuống thấp hoặc từ thấp lên cao, \
                        không trùng ngưỡng.";
            self.find("unsorted-bands", About::Set, text.into());
        }
        for band in bands.iter().filter(|band| band.from < Decimal::ZERO || band.from > Decimal::ONE_HUNDRED) {
            let text = format!("Ngưỡng của mức “{}” phải từ 0 đến 100.", band.name);
            self.find("unsorted-bands", About::Set, text);
        }
    }
}
