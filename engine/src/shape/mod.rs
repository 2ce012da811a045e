//! The common shapes of a formula as forms to fill in: what is asked for, and the expression it makes. Reading an
//! expression back is `Shape::read`, which needs the feature `run`.

mod kinds;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use kinds::{Field, FieldKind, Kind};

/// A name of the set, or a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    Name(String),
    Number(Decimal),
}

/// A formula that is one of the common shapes. Names are of inputs, shared figures or parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shape {
    /// Yes: the maximum.
    YesNo {
        input: String,
    },
    /// Fully done: the maximum; partly done: a half.
    YesNoHalf {
        full: String,
        partly: String,
    },
    /// A level of `highest`: its part of the maximum.
    Level {
        input: String,
        highest: Decimal,
    },
    Ratio {
        part: String,
        whole: String,
    },
    Target {
        value: String,
        goal: Term,
    },
    /// Times done of times due: so many periods, each so many times.
    Frequency {
        times: String,
        periods: Term,
        per_period: Term,
    },
    /// The part of the whole against the part that is wanted, 0.05 for 5%.
    Share {
        part: String,
        whole: String,
        goal: Term,
    },
    Survey {
        rate: String,
        responses: String,
    },
    /// Thresholds from the highest down, each with percent of the maximum.
    Steps {
        value: String,
        steps: Vec<(Decimal, Decimal)>,
    },
}

impl Shape {
    /// The expression, in the canonical spelling.
    pub fn write(&self) -> String {
        match self {
            Shape::YesNo { input } => format!("if {input} {{ max }} else {{ 0 }}"),
            Shape::YesNoHalf { full, partly } => {
                format!("if {full} {{ max }} else if {partly} {{ half(max) }} else {{ 0 }}")
            }
            Shape::Level { input, highest } => format!("{input} / {} * max", plain(*highest)),
            Shape::Ratio { part, whole } => format!("ratio({part}, {whole}) * max"),
            Shape::Target { value, goal } => format!("target({value}, {}) * max", goal.write()),
            Shape::Frequency { times, periods, per_period } => {
                format!("target({times}, {} * {}) * max", periods.write(), per_period.write())
            }
            Shape::Share { part, whole, goal } => format!("share({part}, {whole}, {}) * max", goal.write()),
            Shape::Survey { rate, responses } => format!("survey({rate}, {responses}) * max"),
            Shape::Steps { value, steps } => {
                let step = |(from, percent): &(Decimal, Decimal)| {
                    let part = percent.checked_div(Decimal::ONE_HUNDRED).unwrap_or_default();
                    format!("[{}, {}]", plain(*from), plain(part))
                };
                let steps: Vec<String> = steps.iter().map(step).collect();
                format!("steps({value}, [{}]) * max", steps.join(", "))
            }
        }
    }

    /// The form that this shape fills in.
    pub fn kind(&self) -> &'static Kind {
        let name = match self {
            Shape::YesNo { .. } => "yes_no",
            Shape::YesNoHalf { .. } => "yes_no_half",
            Shape::Level { .. } => "level",
            Shape::Ratio { .. } => "ratio",
            Shape::Target { .. } => "target",
            Shape::Frequency { .. } => "frequency",
            Shape::Share { .. } => "share",
            Shape::Survey { .. } => "survey",
            Shape::Steps { .. } => "steps",
        };
        let found = Shape::KINDS.iter().find(|kind| kind.name == name);
        found.unwrap_or(&Shape::KINDS[0])
    }
}

impl Term {
    fn write(&self) -> String {
        match self {
            Term::Name(name) => name.clone(),
            Term::Number(number) => plain(*number),
        }
    }
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}
