//! A script's values as the data of a set. What does not fit is said in words.

use rhai::{Array, Dynamic, EvalAltResult, Map, Position};
use rust_decimal::Decimal;

use crate::Value;
use crate::set::{Band, Case, Choice, Expected, IndicatorSet, Policy, RankBy};

pub type Done<T = ()> = Result<T, Box<EvalAltResult>>;

/// The author's mistake; the place is added by the call.
pub fn wrong(message: &str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(message.to_owned().into(), Position::NONE).into()
}

/// `na`, `full`, `nought`, `error`, `invalid`: words rather than text in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    NotApplicable,
    Full,
    Nought,
    Error,
    Invalid,
}

pub const MARKERS: [(&str, Marker); 5] = [
    ("na", Marker::NotApplicable),
    ("full", Marker::Full),
    ("nought", Marker::Nought),
    ("error", Marker::Error),
    ("invalid", Marker::Invalid),
];

pub fn identifier(name: &str) -> Done<String> {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_');
    if first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') && name != "max" {
        return Ok(name.into());
    }
    Err(wrong(&format!(
        "Tên “{name}” phải gồm chữ thường không dấu, chữ số và gạch dưới, bắt đầu bằng chữ, khác “max”."
    )))
}

pub fn decimal(value: &Dynamic) -> Done<Decimal> {
    let whole = value.as_int().map(Decimal::from);
    whole.or_else(|_| value.as_decimal()).map_err(|kind| wrong(&format!("Cần một số, gặp {kind}.")))
}

pub fn set(slug: &str, options: &Map) -> Done<IndicatorSet> {
    const KNOWN: [&str; 8] = ["name", "basis", "note", "total", "not_applicable", "round", "bands", "rank_by"];
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
    let tie_breakers: Done<Vec<String>> =
        list("tie_breakers")?.iter().map(|code| string("tie_breakers", code)).collect();
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

pub fn choice(pair: &Dynamic) -> Done<Choice> {
    let bad = || wrong("Mỗi mức là một cặp [số nguyên, \"tên mức\"].");
    let pair = pair.read_lock::<Array>().filter(|pair| pair.len() == 2).ok_or_else(bad)?;
    let value = pair[0].as_int().map_err(|_| bad())?;
    let label = pair[1].clone().into_string().map_err(|_| bad())?;
    Ok(Choice { value, label })
}

pub fn case(name: &str, inputs: &Map, expected: &Dynamic) -> Done<Case> {
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
