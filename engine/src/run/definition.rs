//! Running a definition script: its calls declare a set, piece by piece, into a draft.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Array, Dynamic, Engine, Map, NativeCallContext, Position, Scope};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::check::{self, About, Places};
use super::convert::{self, Done, MARKERS, Marker, decimal, identifier, wrong};
use super::message::{self, error};
use super::sandbox;
use crate::diagnostic::{Diagnostic, Severity};
use crate::set::{
    Choice, Formula, Group, Indicator, IndicatorSet, Input, InputKind, MainIndex, Param, Proof, Provider, SelfScore,
    Warning, ZeroRule,
};

/// The words of a definition script, for suggestions.
pub const WORDS: [&str; 26] = [
    "indicator_set",
    "param",
    "fact",
    "group",
    "main_index",
    "indicator",
    "yes_no",
    "count",
    "number",
    "money",
    "percent",
    "level",
    "by",
    "key",
    "input",
    "formula",
    "zero",
    "not_applicable",
    "evidence_required",
    "explanation_minimum",
    "self_score",
    "evidence",
    "guidance",
    "source",
    "warn",
    "expect",
];

/// A set that can be used, with what the checks found. A finding of error severity here (a formula that leaves 0..max,
/// whose points are clamped) does not keep the set from being tried, but it must not be put in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    pub set: IndicatorSet,
    pub warnings: Vec<Diagnostic>,
}

/// A draft as far as it goes: the set it declares, if the script runs to its end, and everything found wrong or odd.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    /// `None` when the script itself fails. Otherwise the set may still have mistakes: sums, formulas, names.
    pub set: Option<IndicatorSet>,
    pub found: Vec<Diagnostic>,
}

/// Runs a definition script in this process and checks the set it declares. `Err` holds every mistake found.
/// The operations, sizes and depths of a script are bounded here; its time and memory by the process around it.
pub fn compile(source: &str) -> Result<Compiled, Vec<Diagnostic>> {
    draft(source).usable()
}

impl Drafted {
    /// The set, unless something found keeps it from being used.
    pub fn usable(self) -> Result<Compiled, Vec<Diagnostic>> {
        let stops = |found: &Diagnostic| found.severity == Severity::Error && found.code != check::OUT_OF_RANGE;
        match self.set {
            Some(set) if !self.found.iter().any(stops) => Ok(Compiled { set, warnings: self.found }),
            _ => Err(self.found),
        }
    }
}

/// The same for a script that is still being written: what it declares comes back even where it is wrong.
pub fn draft(source: &str) -> Drafted {
    match declare(source) {
        Ok((set, places)) => Drafted { found: check::check_at(&set, &places), set: Some(set) },
        Err(mistake) => Drafted { set: None, found: vec![mistake] },
    }
}

/// The set a script declares, unchecked, and where. `Err` is the mistake that stopped it.
pub fn declare(source: &str) -> Result<(IndicatorSet, Places), Diagnostic> {
    if source.len() > sandbox::MAX_SOURCE {
        let text = format!("Kịch bản dài quá {} KB.", sandbox::MAX_SOURCE / 1024);
        return Err(error("too-large", text, (0, 0)));
    }
    let draft = Draft::default();
    let mut engine = sandbox::definition();
    register(&mut engine, &draft, source);
    let mut scope = Scope::new();
    for (name, marker) in MARKERS {
        scope.push_constant_dynamic(name, Dynamic::from(marker));
    }
    let names: Vec<&str> = MARKERS.iter().map(|(name, _)| *name).chain(WORDS).collect();
    let ast = engine.compile_with_scope(&scope, source).map_err(|cause| {
        let (code, text) = message::of_parse(&cause, &names);
        error(code, text, message::place(cause.position()))
    })?;
    engine.run_ast_with_scope(&mut scope, &ast).map_err(|cause| {
        let (code, text) = message::of_eval(&cause, &names);
        error(code, text, message::place(cause.position()))
    })?;
    let mut declared = draft.lock();
    let set = declared.set.take();
    let set = set.ok_or_else(|| error("no-set", "Kịch bản chưa khai báo indicator_set(…).".into(), (0, 0)))?;
    Ok((set, std::mem::take(&mut declared.places)))
}

/// A kind of figure before it has a name.
#[derive(Clone, Debug)]
struct Kind {
    label: String,
    kind: InputKind,
    provider: Provider,
}

impl Kind {
    fn bytes(&self) -> usize {
        let choices = match &self.kind {
            InputKind::Level(choices) => choices.iter().map(|choice| PIECE + choice.label.len()).sum(),
            _ => 0,
        };
        self.label.len() + choices
    }
}

/// What a declared thing weighs beside its texts.
const PIECE: usize = 32;

/// What the script has declared so far, shared by the registered functions.
#[derive(Clone, Default)]
struct Draft(Arc<Mutex<Declared>>);

#[derive(Default)]
struct Declared {
    set: Option<IndicatorSet>,
    places: Places,
    /// Bytes of text and pieces declared so far.
    size: usize,
}

/// The indicator a chain of calls is about: group, main index, position.
#[derive(Clone, Copy, Debug)]
struct Leaf(usize, usize, usize);

impl Draft {
    fn lock(&self) -> MutexGuard<'_, Declared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the set. `bytes` of text are counted: what a script declares leaves its process, so it is bounded too.
    fn with_set<T>(&self, bytes: usize, change: impl FnOnce(&mut IndicatorSet) -> Done<T>) -> Done<T> {
        let mut declared = self.lock();
        declared.size += PIECE + bytes;
        if declared.size > sandbox::MAX_DECLARED {
            return Err(wrong("Bộ chỉ số quá lớn; hãy rút gọn nội dung."));
        }
        let set = declared.set.as_mut().ok_or_else(|| wrong("Hãy khai báo indicator_set(…) trước tiên."))?;
        change(set)
    }

    /// Remembers where a thing is declared.
    fn at(&self, about: About, ctx: &NativeCallContext) {
        self.lock().places.insert(about, message::place(ctx.call_position()));
    }

    fn with_leaf(&self, leaf: Leaf, bytes: usize, change: impl FnOnce(&mut Indicator)) -> Done<Leaf> {
        self.with_set(bytes, |set| {
            let main = set.groups.get_mut(leaf.0).and_then(|group| group.main_indexes.get_mut(leaf.1));
            let indicator = main.and_then(|main| main.indicators.get_mut(leaf.2));
            change(indicator.ok_or_else(|| wrong("Chỉ số không còn."))?);
            Ok(leaf)
        })
    }
}

fn register(engine: &mut Engine, draft: &Draft, source: &str) {
    engine.register_type_with_name::<Leaf>("indicator").register_type_with_name::<Kind>("kind");
    engine.register_type_with_name::<Marker>("marker");
    register_set(engine, draft);
    register_tree(engine, draft);
    register_kinds(engine);
    register_texts(engine, draft);
    register_formulas(engine, draft, source);
    register_policies(engine, draft);
}

fn register_set(engine: &mut Engine, draft: &Draft) {
    let d = draft.clone();
    engine.register_fn("indicator_set", move |ctx: NativeCallContext, slug: &str, options: Map| -> Done {
        d.at(About::Set, &ctx);
        let mut declared = d.lock();
        if declared.set.is_some() {
            return Err(wrong("Mỗi kịch bản khai báo đúng một bộ chỉ số."));
        }
        declared.set = Some(convert::set(slug, &options)?);
        Ok(())
    });
    let d = draft.clone();
    engine.register_fn("param", move |ctx: NativeCallContext, name: &str, value: Dynamic| {
        d.at(About::Name(name.into()), &ctx);
        param(&d, name, &value, name)
    });
    let d = draft.clone();
    engine.register_fn("param", move |ctx: NativeCallContext, name: &str, value: Dynamic, label: &str| {
        d.at(About::Name(name.into()), &ctx);
        param(&d, name, &value, label)
    });
    let d = draft.clone();
    engine.register_fn("fact", move |ctx: NativeCallContext, name: &str, kind: Kind| -> Done {
        d.at(About::Name(name.into()), &ctx);
        let (bytes, fact) = (name.len() + kind.bytes(), input(name, kind)?);
        d.with_set(bytes, |set| {
            set.facts.push(fact);
            Ok(())
        })
    });
}

fn register_tree(engine: &mut Engine, draft: &Draft) {
    let d = draft.clone();
    engine.register_fn("group", move |ctx: NativeCallContext, slug: &str, name: &str, points: Dynamic| -> Done {
        d.at(About::Group(slug.into()), &ctx);
        let group = Group { slug: slug.into(), name: name.into(), points: decimal(&points)?, main_indexes: Vec::new() };
        d.with_set(slug.len() + name.len(), |set| {
            set.groups.push(group);
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("main_index", move |ctx: NativeCallContext, code: &str, name: &str, points: Dynamic| -> Done {
        d.at(About::Code(code.into()), &ctx);
        let main =
            MainIndex { code: code.into(), name: name.into(), points: decimal(&points)?, indicators: Vec::new() };
        d.with_set(code.len() + name.len(), |set| {
            let group = set.groups.last_mut().ok_or_else(|| wrong("Hãy khai báo group(…) trước main_index(…)."))?;
            group.main_indexes.push(main);
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn(
        "indicator",
        move |ctx: NativeCallContext, code: &str, name: &str, max: Dynamic| -> Done<Leaf> {
            d.at(About::Code(code.into()), &ctx);
            let max = decimal(&max)?;
            d.with_set(2 * code.len() + name.len(), |set| add_indicator(set, code, name, max))
        },
    );
}

fn param(draft: &Draft, name: &str, value: &Dynamic, label: &str) -> Done {
    let param = Param { name: identifier(name)?, label: label.into(), value: decimal(value)? };
    draft.with_set(name.len() + label.len(), |set| {
        set.params.push(param);
        Ok(())
    })
}

fn add_indicator(set: &mut IndicatorSet, code: &str, name: &str, max: Decimal) -> Done<Leaf> {
    let not_applicable = set.policy.not_applicable;
    let group = set.groups.len().wrapping_sub(1);
    let mains = set.groups.last_mut().map(|group| &mut group.main_indexes);
    let mains = mains.ok_or_else(|| wrong("Hãy khai báo group(…) trước indicator(…)."))?;
    let main = mains.len().wrapping_sub(1);
    let leaves = mains.last_mut().map(|main| &mut main.indicators);
    let leaves = leaves.ok_or_else(|| wrong("Hãy khai báo main_index(…) trước indicator(…)."))?;
    leaves.push(Indicator {
        code: code.into(),
        key: code.into(),
        name: name.into(),
        max,
        inputs: Vec::new(),
        formula: None,
        zero: ZeroRule::Error,
        not_applicable,
        evidence: String::new(),
        proof: Proof::default(),
        self_score: SelfScore::default(),
        guidance: String::new(),
        source: String::new(),
        warnings: Vec::new(),
        cases: Vec::new(),
    });
    Ok(Leaf(group, main, leaves.len() - 1))
}

fn register_kinds(engine: &mut Engine) {
    let kind = |label: &str, kind| Kind { label: label.into(), kind, provider: Provider::Unit };
    engine.register_fn("yes_no", move |label: &str| kind(label, InputKind::YesNo));
    engine.register_fn("count", move |label: &str| kind(label, InputKind::Count));
    engine.register_fn("number", move |label: &str| kind(label, InputKind::Number));
    engine.register_fn("money", move |label: &str| kind(label, InputKind::Money));
    engine.register_fn("percent", move |label: &str| kind(label, InputKind::Percent));
    engine.register_fn("level", move |label: &str, choices: Array| -> Done<Kind> {
        let choices: Done<Vec<Choice>> = choices.iter().map(convert::choice).collect();
        Ok(kind(label, InputKind::Level(choices?)))
    });
    engine.register_fn("by", |kind: &mut Kind, provider: &str| -> Done<Kind> {
        let provider = match provider {
            "unit" => Provider::Unit,
            "authority" => Provider::Authority,
            "survey" => Provider::Survey,
            "feed" => Provider::Feed,
            _ => return Err(wrong("by(…) nhận “unit”, “authority”, “survey” hoặc “feed”.")),
        };
        Ok(Kind { provider, ..kind.clone() })
    });
}

fn register_texts(engine: &mut Engine, draft: &Draft) {
    let mut text = |name: &str, write: fn(&mut Indicator, String)| {
        let d = draft.clone();
        engine.register_fn(name, move |leaf: Leaf, text: &str| {
            d.with_leaf(leaf, text.len(), |indicator| write(indicator, text.into()))
        });
    };
    text("key", |leaf, text| leaf.key = text);
    text("evidence", |leaf, text| leaf.evidence = text);
    text("guidance", |leaf, text| leaf.guidance = text);
    text("source", |leaf, text| leaf.source = text);
}

fn register_formulas(engine: &mut Engine, draft: &Draft, source: &str) {
    let d = draft.clone();
    engine.register_fn("input", move |leaf: Leaf, name: &str, kind: Kind| {
        let (bytes, input) = (name.len() + kind.bytes(), input(name, kind)?);
        d.with_leaf(leaf, bytes, |indicator| indicator.inputs.push(input))
    });
    let script: Arc<[String]> = source.lines().map(String::from).collect();
    let (d, lines) = (draft.clone(), Arc::clone(&script));
    engine.register_fn("formula", move |ctx: NativeCallContext, leaf: Leaf, text: &str| {
        let formula = formula(&lines, ctx.call_position(), text);
        d.with_leaf(leaf, text.len(), |indicator| indicator.formula = Some(formula))
    });
    let (d, lines) = (draft.clone(), script);
    engine.register_fn("warn", move |ctx: NativeCallContext, leaf: Leaf, condition: &str, text: &str| {
        let bytes = condition.len() + text.len();
        let warning = Warning { condition: formula(&lines, ctx.call_position(), condition), message: text.into() };
        d.with_leaf(leaf, bytes, |indicator| indicator.warnings.push(warning))
    });
    let d = draft.clone();
    engine.register_fn("expect", move |leaf: Leaf, name: &str, inputs: Map, expected: Dynamic| {
        let case = convert::case(name, &inputs, &expected)?;
        let bytes = name.len() + case.inputs.keys().map(|name| PIECE + name.len()).sum::<usize>();
        d.with_leaf(leaf, bytes, |indicator| indicator.cases.push(case))
    });
}

fn register_policies(engine: &mut Engine, draft: &Draft) {
    let d = draft.clone();
    engine.register_fn("zero", move |leaf: Leaf, marker: Marker| {
        let rule = match marker {
            Marker::NotApplicable => ZeroRule::NotApplicable,
            Marker::Full => ZeroRule::Full,
            Marker::Nought => ZeroRule::Zero,
            Marker::Error => ZeroRule::Error,
            Marker::Invalid => return Err(wrong("zero(…) nhận na, full, nought hoặc error.")),
        };
        d.with_leaf(leaf, 0, |indicator| indicator.zero = rule)
    });
    let d = draft.clone();
    engine.register_fn("not_applicable", move |leaf: Leaf, allowed: bool| {
        d.with_leaf(leaf, 0, |indicator| indicator.not_applicable = allowed)
    });
    let d = draft.clone();
    engine.register_fn("evidence_required", move |leaf: Leaf, required: bool| {
        d.with_leaf(leaf, 0, |indicator| indicator.proof.evidence = required)
    });
    let d = draft.clone();
    engine.register_fn("explanation_minimum", move |leaf: Leaf, characters: Dynamic| {
        let told = || wrong("explanation_minimum(…) nhận số ký tự từ 0 đến 8000.");
        let least = decimal(&characters)?.to_u32().filter(|least| *least <= 8000).ok_or_else(told)?;
        d.with_leaf(leaf, 0, |indicator| indicator.proof.explanation = least)
    });
    let d = draft.clone();
    engine.register_fn("self_score", move |leaf: Leaf, whose: &str| {
        let whose = match whose {
            "computed" => SelfScore::Computed,
            "adjustable" => SelfScore::Adjustable,
            _ => return Err(wrong("self_score(…) nhận “computed” hoặc “adjustable”.")),
        };
        d.with_leaf(leaf, 0, |indicator| indicator.self_score = whose)
    });
}

/// A formula with the place of its text: the first quote after the call's name.
fn formula(lines: &[String], call: Position, text: &str) -> Formula {
    let (line, column) = message::place(call);
    let found = lines.get(line.wrapping_sub(1)).and_then(|text| {
        let mut after = text.chars().enumerate().skip(column.saturating_sub(1));
        after.find(|(_, c)| matches!(c, '"' | '`')).map(|(position, _)| position + 2)
    });
    Formula { text: text.into(), line, column: found.unwrap_or(column) }
}

fn input(name: &str, kind: Kind) -> Done<Input> {
    Ok(Input { name: identifier(name)?, label: kind.label, kind: kind.kind, provider: kind.provider })
}
