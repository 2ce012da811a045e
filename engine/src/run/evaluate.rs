//! The one path that computes a score: answers in, scorecard out.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::formula::{self, CompiledFormula};
use super::types::Type;
use super::version::Version;
use super::{explain, flags, message, numbers, tell, validate};
use crate::diagnostic::{AnswerError, AnswerErrorKind, Diagnostic};
use crate::exact::Exact;
use crate::rank::exact_index;
use crate::round::{self, half_up};
use crate::scorecard::{IndicatorScore, MainIndexScore, OwnPoints, ScoreState, Scorecard};
use crate::set::{Indicator, IndicatorSet, Input, InputKind, MainIndex, SelfScore, Warning, ZeroRule};
use crate::{Answer, Answers, Band, Value};

/// A set with its formulas compiled: share it in an `Arc` and evaluate from any thread.
#[derive(Debug)]
pub struct Rules {
    set: IndicatorSet,
    version: Version,
    formulas: HashMap<String, Compiled>,
    /// Codes of the indicators that read a fact or a parameter.
    readers: BTreeMap<String, Vec<String>>,
}

/// One indicator's formula and warning conditions.
#[derive(Debug)]
struct Compiled {
    formula: Option<CompiledFormula>,
    warnings: Vec<CompiledFormula>,
}

impl Compiled {
    fn new(version: Version, set: &IndicatorSet, indicator: &Indicator) -> Result<Compiled, Vec<Diagnostic>> {
        let names = names(set, indicator);
        let types = |name: &str| type_of(set, indicator, name);
        let compile = |source, wanted| {
            let mut compiled = formula::compile_under(version, source, &names)?;
            compiled.expect(source, wanted, &types)?;
            if wanted == Type::Number {
                compiled.plan(&types, Some(indicator.max));
            }
            Ok(compiled)
        };
        let mut found = Vec::new();
        let mut keep = |compiled: Result<CompiledFormula, Diagnostic>| {
            compiled
                .map_err(|mistake| found.push(Diagnostic { indicator: Some(indicator.code.clone()), ..mistake }))
                .ok()
        };
        let formula = indicator.formula.as_ref().and_then(|source| keep(compile(source, Type::Number)));
        let conditions = indicator.warnings.iter().map(|warning| &warning.condition);
        let warnings = conditions.filter_map(|source| keep(compile(source, Type::YesNo))).collect();
        if found.is_empty() { Ok(Compiled { formula, warnings }) } else { Err(found) }
    }
}

fn type_of(set: &IndicatorSet, indicator: &Indicator, name: &str) -> Option<Type> {
    let mut figures = indicator.inputs.iter().chain(&set.facts);
    match figures.find(|input| input.name == name) {
        Some(Input { kind: InputKind::YesNo, .. }) => Some(Type::YesNo),
        _ => Some(Type::Number),
    }
}

/// What is known when a formula runs, by name: inputs win over facts, facts over parameters.
pub(super) struct Known<'a> {
    pub set: &'a IndicatorSet,
    pub indicator: &'a Indicator,
    pub version: Version,
    pub inputs: &'a BTreeMap<String, Value>,
    pub facts: &'a BTreeMap<String, Value>,
}

impl<'a> Known<'a> {
    pub fn values(&self) -> impl Iterator<Item = (&'a str, Value)> {
        let (set, inputs) = (self.set, self.inputs);
        let params = set.params.iter().map(|param| (param.name.as_str(), Value::Number(param.value)));
        let facts = self.facts.iter().map(|(name, value)| (name.as_str(), *value));
        let facts = facts.filter(|(name, _)| !inputs.contains_key(*name));
        let own = inputs.iter().map(|(name, value)| (name.as_str(), *value));
        params.chain(facts).chain(own).chain(std::iter::once(("max", Value::Number(self.indicator.max))))
    }

    pub fn value(&self, name: &str) -> Option<Value> {
        let param = || self.set.params.iter().find(|param| param.name == name).map(|param| Value::Number(param.value));
        match name {
            "max" => Some(Value::Number(self.indicator.max)),
            _ => self.inputs.get(name).or_else(|| self.facts.get(name)).copied().or_else(param),
        }
    }

    /// The figure of that name, entered for the indicator or shared.
    pub fn input(&self, name: &str) -> Option<&'a Input> {
        self.indicator.inputs.iter().chain(&self.set.facts).find(|input| input.name == name)
    }
}

impl Rules {
    /// Compiles every formula. All mistakes are answered at once.
    pub fn new(set: IndicatorSet) -> Result<Rules, Vec<Diagnostic>> {
        Rules::under(Version::default(), set)
    }

    /// The same with the arithmetic of an earlier version, for what was concluded under it.
    pub fn under(version: Version, set: IndicatorSet) -> Result<Rules, Vec<Diagnostic>> {
        let (mut found, mut formulas) = (Vec::new(), HashMap::new());
        for indicator in set.indicators() {
            match Compiled::new(version, &set, indicator) {
                Ok(compiled) => drop(formulas.insert(indicator.code.clone(), compiled)),
                Err(mistakes) => found.extend(mistakes),
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        let readers = readers(&set, &formulas);
        Ok(Rules { set, version, formulas, readers })
    }

    pub fn set(&self) -> &IndicatorSet {
        &self.set
    }

    /// Whose arithmetic the formulas run on.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Codes of the indicators whose formula or warnings read this fact or parameter.
    pub fn readers(&self, name: &str) -> Vec<&str> {
        self.readers.get(name).into_iter().flatten().map(String::as_str).collect()
    }

    /// Names an indicator reads, of inputs, facts, parameters and `max`.
    pub fn reads(&self, code: &str) -> Vec<&str> {
        let compiled = self.formulas.get(code);
        let all = compiled.into_iter().flat_map(|all| all.formula.iter().chain(&all.warnings));
        all.flat_map(|formula| &formula.reads).map(String::as_str).collect()
    }

    /// The whole scorecard.
    pub fn evaluate(&self, answers: &Answers) -> Scorecard {
        self.total(self.set.indicators().map(|indicator| self.score_of(indicator, answers)).collect())
    }

    /// One indicator's score; `None` for a code the set does not have.
    pub fn score(&self, code: &str, answers: &Answers) -> Option<IndicatorScore> {
        Some(self.score_of(self.set.indicator(code)?, answers))
    }

    /// Every answer that cannot be scored: unknown codes, facts and inputs, missing and wrong figures.
    pub fn errors(&self, answers: &Answers) -> Vec<(String, AnswerError)> {
        let mut errors = validate::facts(&self.set.facts, &answers.facts);
        for code in answers.answers.keys().filter(|code| self.set.indicator(code).is_none()) {
            let message = format!("Bộ chỉ số không có chỉ số “{code}”.");
            errors.push((code.clone(), validate::fail(AnswerErrorKind::UnknownIndicator, message)));
        }
        let scores = self.set.indicators().map(|indicator| self.score_of(indicator, answers));
        errors.extend(scores.filter_map(|score| Some((score.code, score.error?))));
        errors
    }

    fn score_of(&self, indicator: &Indicator, answers: &Answers) -> IndicatorScore {
        let mut score = self.state_of(indicator, answers);
        score.maximum = half_up(indicator.max, self.set.policy.round);
        if let Some(explanation) = &mut score.explanation {
            explanation.engine = self.version.as_str().into();
        }
        score
    }

    fn state_of(&self, indicator: &Indicator, answers: &Answers) -> IndicatorScore {
        let answer = answers.answers.get(&indicator.code);
        let empty = BTreeMap::new();
        let inputs = answer.map_or(&empty, |answer| &answer.inputs);
        let known = Known { set: &self.set, indicator, version: self.version, inputs, facts: &answers.facts };
        match answer {
            Some(answer) if answer.not_applicable => not_applicable(indicator),
            Some(Answer { points: Some(points), .. }) => given(indicator, *points, self.set.policy.round),
            Some(answer) => match answer.own_points {
                Some(_) if indicator.self_score == SelfScore::Computed => own_forbidden(indicator),
                Some(points) => self.own(indicator, points, self.computed(indicator, Some(answer), &known)),
                None => self.computed(indicator, Some(answer), &known),
            },
            // Scored by shared figures alone: nothing of its own to wait for.
            None if indicator.inputs.is_empty() && self.facts_known(indicator, answers) => {
                self.computed(indicator, None, &known)
            }
            None => blank(indicator, ScoreState::Pending),
        }
    }

    fn facts_known(&self, indicator: &Indicator, answers: &Answers) -> bool {
        let mut read = self.set.facts.iter().filter(|fact| self.reads(&indicator.code).contains(&fact.name.as_str()));
        indicator.formula.is_some() && read.all(|fact| answers.facts.contains_key(&fact.name))
    }

    fn computed(&self, indicator: &Indicator, answer: Option<&Answer>, known: &Known<'_>) -> IndicatorScore {
        if let Err(error) = self.check_figures(indicator, answer, known) {
            return IndicatorScore { error: Some(error), ..blank(indicator, ScoreState::Invalid) };
        }
        let compiled = self.formulas.get(&indicator.code);
        let Some(formula) = compiled.and_then(|compiled| compiled.formula.as_ref()) else {
            return blank(indicator, ScoreState::Pending);
        };
        match formula.number_of(known) {
            Ok(exact) => self.scored(indicator, &exact, formula, known),
            Err(cause) if numbers::is_zero_denominator(&cause) => self.without_denominator(indicator, formula, known),
            Err(cause) => {
                let (_, text) = message::of_eval(&cause, &[]);
                invalid(indicator, AnswerErrorKind::FormulaFailed, text)
            }
        }
    }

    /// The unit's own points, on top of what its figures give. Without complete figures there is nothing to stand on, and a
    /// denominator of zero that means "không đánh giá" is no matter of points.
    fn own(&self, indicator: &Indicator, points: Decimal, computed: IndicatorScore) -> IndicatorScore {
        let by_hand = computed.state == ScoreState::Pending && indicator.formula.is_none();
        if computed.state != ScoreState::Scored && !by_hand {
            return computed;
        }
        if let Err(error) = validate::points(points, indicator.max) {
            return IndicatorScore { error: Some(error), ..blank(indicator, ScoreState::Invalid) };
        }
        let points = half_up(points, self.set.policy.round);
        IndicatorScore {
            state: ScoreState::Scored,
            points: Some(points),
            own: Some(OwnPoints { computed: computed.points }),
            explanation: Some(explain::own(points, indicator.max, computed.explanation)),
            ..computed
        }
    }

    fn check_figures(
        &self,
        indicator: &Indicator,
        answer: Option<&Answer>,
        known: &Known<'_>,
    ) -> Result<(), AnswerError> {
        if let Some(stranger) = answer.and_then(|answer| validate::unknown_inputs(&indicator.inputs, answer)) {
            return Err(stranger);
        }
        for input in &indicator.inputs {
            validate::figure(input, known.inputs.get(&input.name).copied())?;
        }
        let reads = self.reads(&indicator.code);
        for fact in self.set.facts.iter().filter(|fact| reads.contains(&fact.name.as_str())) {
            validate::figure(fact, known.facts.get(&fact.name).copied())?;
        }
        Ok(())
    }

    fn scored(
        &self,
        indicator: &Indicator,
        exact: &Exact,
        formula: &CompiledFormula,
        known: &Known<'_>,
    ) -> IndicatorScore {
        let within = exact.clamp(&Exact::from(Decimal::ZERO), &Exact::from(indicator.max)).clone();
        let Some(points) = round::exact(&within, self.set.policy.round) else {
            let text = "Phép tính vượt quá giới hạn của số.";
            return invalid(indicator, AnswerErrorKind::FormulaFailed, text.into());
        };
        let (was_capped, is_approximate) = (flags::was_capped(), flags::was_approximate());
        let told = tell::tell(formula, known, exact).unwrap_or_default();
        let told = tell::Told { is_approximate, ..told };
        let mut warnings = self.warnings(indicator, known);
        if was_capped || told.capped {
            warnings.push(explain::CAPPED.into());
        }
        IndicatorScore {
            points: Some(points),
            warnings,
            explanation: Some(explain::scored(known, formula, exact, points, &told)),
            ..blank(indicator, ScoreState::Scored)
        }
    }

    fn without_denominator(
        &self,
        indicator: &Indicator,
        formula: &CompiledFormula,
        known: &Known<'_>,
    ) -> IndicatorScore {
        let places = self.set.policy.round;
        let (state, points) = match indicator.zero {
            ZeroRule::Error => {
                let text = "Mẫu số bằng 0; hãy kiểm tra lại số liệu.";
                return invalid(indicator, AnswerErrorKind::ZeroDenominator, text.into());
            }
            ZeroRule::NotApplicable if !indicator.not_applicable => return forbidden(indicator),
            ZeroRule::NotApplicable => (ScoreState::NotApplicable, None),
            ZeroRule::Full => (ScoreState::Scored, Some(half_up(indicator.max, places))),
            ZeroRule::Zero => (ScoreState::Scored, Some(half_up(Decimal::ZERO, places))),
        };
        let told = explain::zero(known, formula, indicator.zero, points);
        let warnings = self.warnings(indicator, known);
        IndicatorScore { points, warnings, explanation: Some(told), ..blank(indicator, state) }
    }

    fn warnings(&self, indicator: &Indicator, known: &Known<'_>) -> Vec<String> {
        let compiled = self.formulas.get(&indicator.code).map_or(&[][..], |compiled| &compiled.warnings);
        let failed = |(warning, condition): (&Warning, &CompiledFormula)| {
            let holds = condition.evaluate(known.values()).ok().and_then(|value| value.as_bool().ok());
            (holds == Some(false)).then(|| warning.message.clone())
        };
        indicator.warnings.iter().zip(compiled).filter_map(failed).collect()
    }

    /// Sums up scores, one per indicator in the set's order.
    pub fn total(&self, indicators: Vec<IndicatorScore>) -> Scorecard {
        let policy = &self.set.policy;
        let by_code: HashMap<&str, &IndicatorScore> =
            indicators.iter().map(|score| (score.code.as_str(), score)).collect();
        let main_indexes: Vec<MainIndexScore> =
            self.set.main_indexes().map(|main| main_index(main, &by_code, policy.round)).collect();
        let points: Decimal = main_indexes.iter().map(|main| main.points).sum();
        let applicable: Decimal = main_indexes.iter().map(|main| main.applicable_maximum).sum();
        let is_open = |score: &&IndicatorScore| matches!(score.state, ScoreState::Pending | ScoreState::Invalid);
        let pending: Vec<String> = indicators.iter().filter(is_open).map(|score| score.code.clone()).collect();
        let exact = exact_index(points, applicable).filter(|_| pending.is_empty());
        let index = exact.and_then(|exact| round::fraction(exact, policy.round));
        Scorecard {
            set: self.set.slug.clone(),
            total: half_up(self.set.total, policy.round),
            applicable_maximum: half_up(applicable, policy.round),
            points: half_up(points, policy.round),
            index,
            exact_index: exact,
            band: index.and_then(|index| band(&policy.bands, index)),
            pending,
            main_indexes,
            indicators,
        }
    }
}

fn names<'a>(set: &'a IndicatorSet, indicator: &'a Indicator) -> Vec<&'a str> {
    let own = indicator.inputs.iter().map(|input| input.name.as_str());
    let facts = set.facts.iter().map(|fact| fact.name.as_str());
    let params = set.params.iter().map(|param| param.name.as_str());
    own.chain(facts).chain(params).chain(std::iter::once("max")).collect()
}

fn readers(set: &IndicatorSet, formulas: &HashMap<String, Compiled>) -> BTreeMap<String, Vec<String>> {
    let mut readers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for indicator in set.indicators() {
        let Some(compiled) = formulas.get(&indicator.code) else { continue };
        let own = |name: &&String| indicator.inputs.iter().any(|input| &input.name == *name);
        let all = compiled.formula.iter().chain(&compiled.warnings).flat_map(|formula| &formula.reads);
        for name in all.filter(|name| !own(name)) {
            let codes = readers.entry(name.clone()).or_default();
            if !codes.contains(&indicator.code) {
                codes.push(indicator.code.clone());
            }
        }
    }
    readers
}

fn blank(indicator: &Indicator, state: ScoreState) -> IndicatorScore {
    IndicatorScore {
        code: indicator.code.clone(),
        state,
        points: None,
        maximum: indicator.max,
        warnings: Vec::new(),
        error: None,
        own: None,
        explanation: None,
    }
}

fn invalid(indicator: &Indicator, kind: AnswerErrorKind, message: String) -> IndicatorScore {
    IndicatorScore { error: Some(validate::fail(kind, message)), ..blank(indicator, ScoreState::Invalid) }
}

fn forbidden(indicator: &Indicator) -> IndicatorScore {
    let text = "Bộ chỉ số không cho phép “không đánh giá” ở chỉ số này.";
    invalid(indicator, AnswerErrorKind::NotApplicableForbidden, text.into())
}

fn own_forbidden(indicator: &Indicator) -> IndicatorScore {
    let text = "Bộ chỉ số không cho phép đơn vị tự chấm điểm khác công thức ở chỉ số này.";
    invalid(indicator, AnswerErrorKind::OwnPointsForbidden, text.into())
}

fn not_applicable(indicator: &Indicator) -> IndicatorScore {
    if !indicator.not_applicable {
        return forbidden(indicator);
    }
    IndicatorScore {
        explanation: Some(explain::accepted_not_applicable()),
        ..blank(indicator, ScoreState::NotApplicable)
    }
}

fn given(indicator: &Indicator, points: Decimal, places: u32) -> IndicatorScore {
    match validate::points(points, indicator.max) {
        Err(error) => IndicatorScore { error: Some(error), ..blank(indicator, ScoreState::Invalid) },
        Ok(()) => {
            let points = half_up(points, places);
            IndicatorScore {
                points: Some(points),
                explanation: Some(explain::given(points, indicator.max)),
                ..blank(indicator, ScoreState::Scored)
            }
        }
    }
}

fn main_index(main: &MainIndex, by_code: &HashMap<&str, &IndicatorScore>, places: u32) -> MainIndexScore {
    let (mut points, mut applicable, mut open) = (Decimal::ZERO, Decimal::ZERO, false);
    for indicator in &main.indicators {
        let Some(score) = by_code.get(indicator.code.as_str()) else { continue };
        points += score.points.unwrap_or_default();
        open |= matches!(score.state, ScoreState::Pending | ScoreState::Invalid);
        if score.state != ScoreState::NotApplicable {
            applicable += indicator.max;
        }
    }
    let percent = exact_index(points, applicable).filter(|_| !open);
    MainIndexScore {
        code: main.code.clone(),
        points: half_up(points, places),
        applicable_maximum: half_up(applicable, places),
        percent: percent.and_then(|percent| round::fraction(percent, places)),
    }
}

/// The highest band whose edge the published index reaches; of two with one edge, the first.
fn band(bands: &[Band], index: Decimal) -> Option<String> {
    let reached = |band: &&Band| index > band.from || (band.inclusive && index == band.from);
    bands.iter().rev().filter(reached).max_by_key(|band| band.from).map(|band| band.name.clone())
}
