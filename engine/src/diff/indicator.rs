//! What differs in one indicator.

use super::{Changes, Field, Subject, words};
use crate::number::trim;
use crate::{Formula, Indicator, Input, Warning};

pub fn compare(of: &Subject, old: &Indicator, new: &Indicator, changes: &mut Changes) {
    changes.text(of, Field::Key, "khóa đối chiếu giữa các phiên bản", &old.key, &new.key);
    changes.text(of, Field::Name, "tên", &old.name, &new.name);
    changes.value(of, Field::Points, "điểm tối đa", &trim(old.max), &trim(new.max));
    inputs(of, &old.inputs, &new.inputs, changes);
    formula(of, old.formula.as_ref(), new.formula.as_ref(), changes);
    changes.value(of, Field::Zero, "mẫu số bằng 0", words::zero(old.zero), words::zero(new.zero));
    let allowed = words::allowed;
    let (before, after) = (allowed(old.not_applicable), allowed(new.not_applicable));
    changes.value(of, Field::NotApplicable, "“không đánh giá”:", before, after);
    changes.value(of, Field::Proof, "yêu cầu chứng minh:", &words::proof(old.proof), &words::proof(new.proof));
    let (before, after) = (words::self_score(old.self_score), words::self_score(new.self_score));
    changes.value(of, Field::SelfScore, "điểm tự chấm:", before, after);
    changes.text(of, Field::Evidence, "tài liệu kiểm chứng", &old.evidence, &new.evidence);
    changes.text(of, Field::Guidance, "hướng dẫn chấm điểm", &old.guidance, &new.guidance);
    changes.text(of, Field::Source, "nguồn", &old.source, &new.source);
    warnings(of, &old.warnings, &new.warnings, changes);
    cases(of, old, new, changes);
}

fn formula(of: &Subject, old: Option<&Formula>, new: Option<&Formula>, changes: &mut Changes) {
    let called = &of.called;
    match (old.map(|formula| formula.text.as_str()), new.map(|formula| formula.text.as_str())) {
        (None, Some(new)) => {
            let text = format!("{called}: chấm trực tiếp → tính theo công thức “{new}”");
            changes.added(of, Field::Formula, new, text);
        }
        (Some(old), None) => {
            let text = format!("{called}: tính theo công thức “{old}” → chấm trực tiếp");
            changes.removed(of, Field::Formula, old, text);
        }
        (Some(old), Some(new)) => {
            changes.value(of, Field::Formula, "công thức", &format!("“{old}”"), &format!("“{new}”"));
        }
        (None, None) => {}
    }
}

fn inputs(of: &Subject, old: &[Input], new: &[Input], changes: &mut Changes) {
    let called = &of.called;
    for input in new {
        match old.iter().find(|before| before.name == input.name) {
            None => {
                let what = words::input(input);
                changes.added(of, Field::Input, &what, format!("{called}: thêm số liệu {what}"));
            }
            Some(before) => {
                let of = Subject { called: format!("{called}: số liệu “{}”", before.label), ..of.clone() };
                figure(&of, before, input, changes);
            }
        }
    }
    for input in old.iter().filter(|input| new.iter().all(|after| after.name != input.name)) {
        let what = words::input(input);
        changes.removed(of, Field::Input, &what, format!("{called}: bỏ số liệu {what}"));
    }
    let names = |inputs: &[Input]| inputs.iter().map(|input| input.name.clone()).collect::<Vec<_>>();
    let (before, after) = (names(old), names(new));
    changes.order(of, "số liệu", &before, &after);
}

/// An input or a shared figure that is in both versions.
pub fn figure(of: &Subject, old: &Input, new: &Input, changes: &mut Changes) {
    changes.text(of, Field::Label, "tên", &old.label, &new.label);
    changes.value(of, Field::Input, "loại", &words::kind(&old.kind), &words::kind(&new.kind));
    let (before, after) = (words::provider(old.provider), words::provider(new.provider));
    changes.value(of, Field::Input, "nguồn:", before, after);
}

fn warnings(of: &Subject, old: &[Warning], new: &[Warning], changes: &mut Changes) {
    let tell = |warning: &Warning| format!("“{}” khi không đạt “{}”", warning.message, warning.condition.text);
    let (before, after): (Vec<_>, Vec<_>) = (old.iter().map(tell).collect(), new.iter().map(tell).collect());
    for warning in after.iter().filter(|warning| !before.contains(warning)) {
        changes.added(of, Field::Warnings, warning, format!("{}: thêm cảnh báo {warning}", of.called));
    }
    for warning in before.iter().filter(|warning| !after.contains(warning)) {
        changes.removed(of, Field::Warnings, warning, format!("{}: bỏ cảnh báo {warning}", of.called));
    }
    let same = before.len() == after.len() && before.iter().all(|warning| after.contains(warning));
    if same && before != after {
        let text = format!("{}: thứ tự cảnh báo thay đổi", of.called);
        changes.push(of, super::ChangeKind::Moved, Field::Warnings, (None, None), text);
    }
}

/// Cases are for the author; the reader of a comparison wants to know that they are others.
fn cases(of: &Subject, old: &Indicator, new: &Indicator, changes: &mut Changes) {
    if old.cases == new.cases {
        return;
    }
    let (before, after) = (old.cases.len().to_string(), new.cases.len().to_string());
    if before == after {
        let text = format!("{}: nội dung {after} trường hợp thử thay đổi", of.called);
        changes.push(of, super::ChangeKind::Changed, Field::Cases, (Some(&before), Some(&after)), text);
    } else {
        changes.value(of, Field::Cases, "số trường hợp thử", &before, &after);
    }
}
