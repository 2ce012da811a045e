//! The steps of a year as a leader reads them: what is past, what is going on, what comes, and what is late.

use time::OffsetDateTime;

use super::{PeriodHead, Stage, is_over};
use crate::clock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Guidance,
    SelfAssessment,
    Appraisal,
    Petitions,
    Conclusion,
    Submission,
    Publication,
}

impl Step {
    /// Suffix of the text key `step-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Guidance => "guidance",
            Step::SelfAssessment => "self",
            Step::Appraisal => "appraisal",
            Step::Petitions => "petitions",
            Step::Conclusion => "conclusion",
            Step::Submission => "submission",
            Step::Publication => "publication",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Past,
    Now,
    Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub step: Step,
    /// Last second, where one is set.
    pub until: Option<OffsetDateTime>,
    pub progress: Progress,
    /// Not done, and its time has passed.
    pub late: bool,
}

/// The seven steps of a period at a moment.
pub fn timeline(period: &PeriodHead, now: OffsetDateTime) -> Vec<Milestone> {
    let end = |day: Option<time::Date>| day.map(clock::last_second);
    let here = position(period, now);
    let steps = [
        (Step::Guidance, period.self_from),
        (Step::SelfAssessment, Some(period.self_deadline)),
        (Step::Appraisal, end(period.appraise_until)),
        (Step::Petitions, period.petition_until),
        (Step::Conclusion, end(period.conclude_until)),
        (Step::Submission, end(period.submit_until)),
        (Step::Publication, Some(period.publish_deadline)),
    ];
    let milestone = |(place, (step, until)): (usize, (Step, Option<OffsetDateTime>))| Milestone {
        step,
        until,
        progress: match place.cmp(&here) {
            std::cmp::Ordering::Less => Progress::Past,
            std::cmp::Ordering::Equal => Progress::Now,
            std::cmp::Ordering::Greater => Progress::Next,
        },
        late: place >= here && until.is_some_and(|until| is_over(until, now)),
    };
    steps.into_iter().enumerate().map(milestone).collect()
}

/// Which step is going on; one past the last when all is done.
fn position(period: &PeriodHead, now: OffsetDateTime) -> usize {
    match period.stage {
        Stage::Draft => 0,
        Stage::SelfAssessment if period.self_from.is_some_and(|from| now < from) => 0,
        Stage::SelfAssessment => 1,
        Stage::Appraisal => match period.petition_until {
            None => 2,
            Some(until) if !is_over(until, now) => 3,
            Some(_) => 4,
        },
        Stage::Concluded if period.submitted_on.is_none() => 5,
        Stage::Concluded => 6,
        Stage::Published => 7,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::ids::PeriodId;

    #[test]
    fn the_year_goes_on_step_by_step() {
        let mut period = PeriodHead {
            id: PeriodId::new(),
            year: 2025,
            name: "Năm 2025".into(),
            stage: Stage::SelfAssessment,
            self_from: Some(datetime!(2026-01-05 00:00 +7)),
            self_deadline: datetime!(2026-01-30 23:59:59 +7),
            appraise_until: Some(date!(2026 - 02 - 20)),
            conclude_until: None,
            submit_until: None,
            publish_deadline: datetime!(2026-03-31 23:59:59 +7),
            is_sample: false,
            petition_until: None,
            guidance: None,
            submitted_on: None,
            submitted_number: None,
            settings: crate::periods::Settings::default(),
        };
        let at = |period: &PeriodHead, now| {
            let steps = timeline(period, now);
            let here = steps.iter().position(|step| step.progress == Progress::Now);
            (here, steps.iter().filter(|step| step.late).map(|step| step.step).collect::<Vec<_>>())
        };
        assert_eq!(at(&period, datetime!(2026-01-04 23:59:59 +7)), (Some(0), vec![]));
        assert_eq!(at(&period, datetime!(2026-01-05 00:00 +7)), (Some(1), vec![]));
        assert_eq!(at(&period, datetime!(2026-02-01 00:00 +7)), (Some(1), vec![Step::SelfAssessment]));
        period.stage = Stage::Appraisal;
        assert_eq!(at(&period, datetime!(2026-02-21 00:00 +7)), (Some(2), vec![Step::Appraisal]));
        period.petition_until = Some(datetime!(2026-03-01 23:59:59 +7));
        assert_eq!(at(&period, datetime!(2026-02-21 00:00 +7)).0, Some(3));
        assert_eq!(at(&period, datetime!(2026-03-02 00:00 +7)).0, Some(4));
        period.stage = Stage::Published;
        assert_eq!(at(&period, datetime!(2026-05-02 00:00 +7)), (None, vec![]));
    }
}
