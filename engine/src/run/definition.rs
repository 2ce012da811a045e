//! Running a definition script: its calls declare a set, piece by piece, into a draft.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Array, Dynamic, Engine, EvalAltResult, Map, NativeCallContext, Position, Scope};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::message::{self, error};
use super::{check, sandbox};
use crate::diagnostic::{Diagnostic, Severity};
use crate::set::{
    Band, Case, Choice, Expected, Formula, Group, Indicator, IndicatorSet, Input, InputKind, MainIndex, Param, Policy,
    Provider, RankBy, Warning, ZeroRule,
};
use crate::Value;

type Done<T = ()> = Result<T, Box<EvalAltResult>>;

/// A set that passed every check, with what is odd about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    pub set: IndicatorSet,
    pub warnings: Vec<Diagnostic>,
}

/// Runs a definition script in this process and checks the set it declares. `Err` holds every mistake found.
/// The operations, sizes and depths of a script are bounded here; its time and memory by the process around it.
pub fn compile(source: &str) -> Result<Compiled, Vec<Diagnostic>> {
    let set = declare(source).map_err(|mistake| vec![mistake])?;
    let found = check(&set);
    if found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(found);
    }
    Ok(Compiled { set, warnings: found })
}

fn declare(source: &str) -> Result<IndicatorSet, Diagnostic> {
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
    let names: Vec<&str> = MARKERS.iter().map(|(name, _)| *name).collect();
    let ast = engine.compile_with_scope(&scope, source).map_err(|cause| {
        let (code, text) = message::of_parse(&cause, &names);
        error(code, text, message::place(cause.position()))
    })?;
    engine.run_ast_with_scope(&mut scope, &ast).map_err(|cause| {
        let (code, text) = message::of_eval(&cause, &names);
        error(code, text, message::place(cause.position()))
    })?;
    let set = draft.lock().set.take();
    set.ok_or_else(|| error("no-set", "Kịch bản chưa khai báo indicator_set(…).".into(), (0, 0)))
}

/// `na`, `full`, `nought`, `error`, `invalid`: words rather than text in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    NotApplicable,
    Full,
    Nought,
    Error,
    Invalid,
}

const MARKERS: [(&str, Marker); 5] = [
    ("na", Marker::NotApplicable),
    ("full", Marker::Full),
    ("nought", Marker::Nought),
    ("error", Marker::Error),
    ("invalid", Marker::Invalid),
];

/// A kind of figure before it has a name.
#[derive(Clone, Debug)]
struct Kind {
    label: String,
    kind: InputKind,
    provider: Provider,
}

/// What the script has declared so far, shared by the registered functions.
#[derive(Clone, Default)]
struct Draft(Arc<Mutex<Declared>>);

#[derive(Default)]
struct Declared {
    set: Option<IndicatorSet>,
}

/// The indicator a chain of calls is about: group, main index, position.
#[derive(Clone, Copy, Debug)]
struct Leaf(usize, usize, usize);

impl Draft {
    fn lock(&self) -> MutexGuard<'_, Declared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_set<T>(&self, change: impl FnOnce(&mut IndicatorSet) -> Done<T>) -> Done<T> {
        let mut declared = self.lock();
        let set = declared.set.as_mut().ok_or_else(|| wrong("Hãy khai báo indicator_set(…) trước tiên."))?;
        change(set)
    }

    fn with_leaf(&self, leaf: Leaf, change: impl FnOnce(&mut Indicator) -> Done) -> Done<Leaf> {
        self.with_set(|set| {
            let main = set.groups.get_mut(leaf.0).and_then(|group| group.main_indexes.get_mut(leaf.1));
            let indicator = main.and_then(|main| main.indicators.get_mut(leaf.2));
            change(indicator.ok_or_else(|| wrong("Chỉ số không còn."))?)
        })?;
        Ok(leaf)
    }
}

fn wrong(message: &str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(message.to_owned().into(), Position::NONE).into()
}

fn register(engine: &mut Engine, draft: &Draft, source: &str) {
    engine.register_type_with_name::<Leaf>("indicator").register_type_with_name::<Kind>("kind");
    engine.register_type_with_name::<Marker>("marker");
    register_tree(engine, draft);
    register_kinds(engine);
    register_texts(engine, draft);
    register_rules(engine, draft, &Arc::from(source));
}

fn register_tree(engine: &mut Engine, draft: &Draft) {
    let d = draft.clone();
    engine.register_fn("indicator_set", move |slug: &str, options: Map| -> Done {
        let mut declared = d.lock();
        if declared.set.is_some() {
            return Err(wrong("Mỗi kịch bản khai báo đúng một bộ chỉ số."));
        }
        declared.set = Some(set(slug, &options)?);
        Ok(())
    });
    let d = draft.clone();
    engine.register_fn("param", move |name: &str, value: Dynamic| param(&d, name, &value, ""));
    let d = draft.clone();
    engine.register_fn("param", move |name: &str, value: Dynamic, label: &str| param(&d, name, &value, label));
    let d = draft.clone();
    engine.register_fn("fact", move |name: &str, kind: Kind| -> Done {
        let fact = input(name, kind)?;
        d.with_set(|set| {
            set.facts.push(fact);
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("group", move |slug: &str, name: &str, points: Dynamic| -> Done {
        let group = Group { slug: slug.into(), name: name.into(), points: decimal(&points)?, main_indexes: Vec::new() };
        d.with_set(|set| {
            set.groups.push(group);
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("main_index", move |code: &str, name: &str, points: Dynamic| -> Done {
        let main = MainIndex { code: code.into(), name: name.into(), points: decimal(&points)?, indicators: Vec::new() };
        d.with_set(|set| {
            let group = set.groups.last_mut().ok_or_else(|| wrong("Hãy khai báo group(…) trước main_index(…)."))?;
            group.main_indexes.push(main);
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("indicator", move |code: &str, name: &str, max: Dynamic| -> Done<Leaf> {
        let max = decimal(&max)?;
        d.with_set(|set| add_indicator(set, code, name, max))
    });
}

fn param(draft: &Draft, name: &str, value: &Dynamic, label: &str) -> Done {
    let label = if label.is_empty() { name } else { label };
    let param = Param { name: identifier(name)?, label: label.into(), value: decimal(value)? };
    draft.with_set(|set| {
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
        let choices: Done<Vec<Choice>> = choices.iter().map(choice).collect();
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

fn choice(pair: &Dynamic) -> Done<Choice> {
    let bad = || wrong("Mỗi mức là một cặp [số nguyên, \"tên mức\"].");
    let pair = pair.read_lock::<Array>().filter(|pair| pair.len() == 2).ok_or_else(bad)?;
    let value = pair[0].as_int().map_err(|_| bad())?;
    let label = pair[1].clone().into_string().map_err(|_| bad())?;
    Ok(Choice { value, label })
}

fn register_texts(engine: &mut Engine, draft: &Draft) {
    let texts: [(&str, fn(&mut Indicator, String)); 4] = [
        ("key", |leaf, text| leaf.key = text),
        ("evidence", |leaf, text| leaf.evidence = text),
        ("guidance", |leaf, text| leaf.guidance = text),
        ("source", |leaf, text| leaf.source = text),
    ];
    for (name, write) in texts {
        let d = draft.clone();
        engine.register_fn(name, move |leaf: Leaf, text: &str| {
            d.with_leaf(leaf, |indicator| {
                write(indicator, text.into());
                Ok(())
            })
        });
    }
}

fn register_rules(engine: &mut Engine, draft: &Draft, source: &Arc<str>) {
    let d = draft.clone();
    engine.register_fn("input", move |leaf: Leaf, name: &str, kind: Kind| {
        let input = input(name, kind)?;
        d.with_leaf(leaf, |indicator| {
            indicator.inputs.push(input);
            Ok(())
        })
    });
    let (d, script) = (draft.clone(), Arc::clone(source));
    engine.register_fn("formula", move |ctx: NativeCallContext, leaf: Leaf, text: &str| {
        let formula = formula(&script, ctx.call_position(), text);
        d.with_leaf(leaf, |indicator| {
            indicator.formula = Some(formula);
            Ok(())
        })
    });
    let (d, script) = (draft.clone(), Arc::clone(source));
    engine.register_fn("warn", move |ctx: NativeCallContext, leaf: Leaf, condition: &str, text: &str| {
        let condition = formula(&script, ctx.call_position(), condition);
        d.with_leaf(leaf, |indicator| {
            indicator.warnings.push(Warning { condition, message: text.into() });
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("zero", move |leaf: Leaf, marker: Marker| {
        let rule = match marker {
            Marker::NotApplicable => ZeroRule::NotApplicable,
            Marker::Full => ZeroRule::Full,
            Marker::Nought => ZeroRule::Zero,
            Marker::Error => ZeroRule::Error,
            Marker::Invalid => return Err(wrong("zero(…) nhận na, full, nought hoặc error.")),
        };
        d.with_leaf(leaf, |indicator| {
            indicator.zero = rule;
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("not_applicable", move |leaf: Leaf, allowed: bool| {
        d.with_leaf(leaf, |indicator| {
            indicator.not_applicable = allowed;
            Ok(())
        })
    });
    let d = draft.clone();
    engine.register_fn("expect", move |leaf: Leaf, name: &str, inputs: Map, expected: Dynamic| {
        let case = case(name, &inputs, &expected)?;
        d.with_leaf(leaf, |indicator| {
            indicator.cases.push(case);
            Ok(())
        })
    });
}

fn case(name: &str, inputs: &Map, expected: &Dynamic) -> Done<Case> {
    let value = |(name, given): (&rhai::Identifier, &Dynamic)| {
        let value = given.as_bool().map(Value::Bool).or_else(|_| decimal(given).map(Value::Number))?;
        Ok((name.to_string(), value))
    };
    let expected = match expected.clone().try_cast::<Marker>() {
        None => Expected::Points(decimal(expected)?),
        Some(Marker::NotApplicable) => Expected::NotApplicable,
        Some(Marker::Invalid) => Expected::Invalid,
        Some(_) => return Err(wrong("expect(…) mong đợi một số điểm, na hoặc invalid.")),
    };
    let inputs: Done<_> = inputs.iter().map(value).collect();
    Ok(Case { name: name.into(), inputs: inputs?, expected })
}

/// A formula with the place of its text: the first quote after the call's name.
fn formula(source: &str, call: Position, text: &str) -> Formula {
    let (line, column) = message::place(call);
    let found = source.lines().nth(line.saturating_sub(1)).and_then(|text| {
        let after = text.chars().enumerate().skip(column.saturating_sub(1));
        after.into_iter().find(|(_, c)| matches!(c, '"' | '`')).map(|(position, _)| position + 2)
    });
    Formula { text: text.into(), line, column: found.unwrap_or(column) }
}

fn input(name: &str, kind: Kind) -> Done<Input> {
    Ok(Input { name: identifier(name)?, label: kind.label, kind: kind.kind, provider: kind.provider })
}

fn identifier(name: &str) -> Done<String> {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_');
    if first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') && name != "max" {
        return Ok(name.into());
    }
    Err(wrong(&format!("Tên “{name}” phải gồm chữ thường không dấu, chữ số và gạch dưới, bắt đầu bằng chữ, khác “max”.")))
}

fn decimal(value: &Dynamic) -> Done<Decimal> {
    let whole = value.as_int().map(Decimal::from);
    whole.or_else(|_| value.as_decimal()).map_err(|kind| wrong(&format!("Cần một số, gặp {kind}.")))
}

fn set(slug: &str, options: &Map) -> Done<IndicatorSet> {
    const KNOWN: [&str; 8] =
        ["name", "basis", "note", "total", "not_applicable", "round", "bands", "rank_by"];
    let known = |name: &str| KNOWN.contains(&name) || name == "tie_breakers";
    if let Some(stranger) = options.keys().find(|name| !known(name)) {
        return Err(wrong(&format!("indicator_set(…) không có mục “{stranger}”.")));
    }
    let text = |name: &str| options.get(name).map_or(Ok(String::new()), |text| string(name, text));
    let total = options.get("total").ok_or_else(|| wrong("indicator_set(…) thiếu mục total."))?;
    Ok(IndicatorSet {
        slug: slug.into(),
        name: text("name")?,
        basis: text("basis")?,
        note: text("note")?,
        total: decimal(total)?,
        policy: policy(options)?,
        params: Vec::new(),
        facts: Vec::new(),
        groups: Vec::new(),
    })
}

fn policy(options: &Map) -> Done<Policy> {
    let list = |name: &str| match options.get(name) {
        None => Ok(Array::new()),
        Some(list) => list.clone().into_array().map_err(|_| wrong(&format!("Mục “{name}” phải là một danh sách."))),
    };
    let not_applicable = options.get("not_applicable").map_or(Ok(false), Dynamic::as_bool);
    let round = options.get("round").map_or(Ok(2), Dynamic::as_int);
    let round = round.ok().and_then(|places| u32::try_from(places).ok()).filter(|places| *places <= 4);
    let rank_by = match options.get("rank_by").map(ToString::to_string).as_deref() {
        None | Some("published") => RankBy::Published,
        Some("unrounded") => RankBy::Unrounded,
        Some(_) => return Err(wrong("rank_by nhận “published” hoặc “unrounded”.")),
    };
    let bands: Done<Vec<Band>> = list("bands")?.iter().map(band).collect();
    let tie_breakers: Done<Vec<String>> = list("tie_breakers")?.iter().map(|code| string("tie_breakers", code)).collect();
    Ok(Policy {
        not_applicable: not_applicable.map_err(|_| wrong("not_applicable phải là true hoặc false."))?,
        round: round.ok_or_else(|| wrong("round phải từ 0 đến 4."))?,
        bands: bands?,
        rank_by,
        tie_breakers: tie_breakers?,
    })
}

fn band(entry: &Dynamic) -> Done<Band> {
    let bad = || wrong("Mỗi mức xếp loại là #{ name: \"…\", from: 90, inclusive: true }.");
    let entry = entry.read_lock::<Map>().ok_or_else(bad)?;
    Ok(Band {
        name: string("name", entry.get("name").ok_or_else(bad)?)?,
        from: decimal(entry.get("from").ok_or_else(bad)?)?,
        inclusive: entry.get("inclusive").map_or(Ok(true), Dynamic::as_bool).map_err(|_| bad())?,
    })
}

fn string(name: &str, value: &Dynamic) -> Done<String> {
    value.clone().into_string().map_err(|kind| wrong(&format!("Mục “{name}” phải là chuỗi, gặp {kind}.")))
}
