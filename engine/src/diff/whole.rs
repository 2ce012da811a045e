//! What differs in the set as a whole: its names, its policy, its parameters and shared figures.

use super::{About, Changes, Field, Subject, indicator, words};
use crate::number::trim;
use crate::{IndicatorSet, Input, Param};

pub fn compare(old: &IndicatorSet, new: &IndicatorSet, changes: &mut Changes) {
    let of = Subject { about: About::Set, key: None, called: "Bộ chỉ số".into() };
    changes.text(&of, Field::Slug, "mã", &old.slug, &new.slug);
    changes.text(&of, Field::Name, "tên", &old.name, &new.name);
    changes.text(&of, Field::Basis, "căn cứ", &old.basis, &new.basis);
    changes.text(&of, Field::Note, "ghi chú", &old.note, &new.note);
    changes.value(&of, Field::Points, "tổng điểm", &trim(old.total), &trim(new.total));
    policy(&of, old, new, changes);
    params(&old.params, &new.params, changes);
    facts(&old.facts, &new.facts, changes);
}

fn policy(of: &Subject, old: &IndicatorSet, new: &IndicatorSet, changes: &mut Changes) {
    let (old, new) = (&old.policy, &new.policy);
    let allowed = words::allowed;
    changes.value(
        of,
        Field::NotApplicable,
        "“không đánh giá”:",
        allowed(old.not_applicable),
        allowed(new.not_applicable),
    );
    changes.value(of, Field::Round, "làm tròn", &words::round(old.round), &words::round(new.round));
    changes.text(of, Field::Bands, "khung xếp loại", &words::bands(&old.bands), &words::bands(&new.bands));
    changes.value(of, Field::RankBy, "xếp hạng", words::rank_by(old.rank_by), words::rank_by(new.rank_by));
    let codes = |codes: &[String]| codes.join(", ");
    let label = "chỉ số so tiếp khi bằng nhau";
    changes.text(of, Field::TieBreakers, label, &codes(&old.tie_breakers), &codes(&new.tie_breakers));
}

fn params(old: &[Param], new: &[Param], changes: &mut Changes) {
    for param in new {
        let of = subject(About::Param(param.name.clone()), "Tham số", &param.name);
        match old.iter().find(|before| before.name == param.name) {
            None => {
                let value = trim(param.value);
                let text = format!("Thêm tham số {} “{}” = {value}", param.name, param.label);
                changes.added(&of, Field::Itself, &value, text);
            }
            Some(before) => {
                changes.value(&of, Field::Value, "", &trim(before.value), &trim(param.value));
                changes.text(&of, Field::Label, "tên", &before.label, &param.label);
            }
        }
    }
    for param in old.iter().filter(|param| new.iter().all(|after| after.name != param.name)) {
        let of = subject(About::Param(param.name.clone()), "Tham số", &param.name);
        let value = trim(param.value);
        changes.removed(&of, Field::Itself, &value, format!("Bỏ tham số {} “{}” = {value}", param.name, param.label));
    }
}

fn facts(old: &[Input], new: &[Input], changes: &mut Changes) {
    for fact in new {
        let of = subject(About::Fact(fact.name.clone()), "Số liệu dùng chung", &fact.name);
        match old.iter().find(|before| before.name == fact.name) {
            None => {
                let what = words::input(fact);
                changes.added(&of, Field::Itself, &what, format!("Thêm số liệu dùng chung {what}"));
            }
            Some(before) => indicator::figure(&of, before, fact, changes),
        }
    }
    for fact in old.iter().filter(|fact| new.iter().all(|after| after.name != fact.name)) {
        let of = subject(About::Fact(fact.name.clone()), "Số liệu dùng chung", &fact.name);
        let what = words::input(fact);
        changes.removed(&of, Field::Itself, &what, format!("Bỏ số liệu dùng chung {what}"));
    }
}

fn subject(about: About, kind: &str, name: &str) -> Subject {
    Subject { about, key: None, called: format!("{kind} {name}") }
}
