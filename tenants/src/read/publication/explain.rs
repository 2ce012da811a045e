//! How one published score came about, for anybody. A published year is closed: its rows and decisions cannot change any
//! more, so they say the same as its snapshot, in more detail than a snapshot of a thousand units could hold.

use sea_orm::{ColumnTrait, QueryFilter};

use super::Published;
use crate::assessments::{Entered, Explained, explained};
use crate::decisions::{Decided, standing};
use crate::periods::Stage;
use crate::points::from_stored;
use crate::policy::{Action, Subject};
use crate::sheets::Loaded;
use crate::store::Tx;
use crate::store::entities::{assessments, periods, ranking_groups};
use crate::{Error, Result};

/// One score of a published year. Persons are left out: the unit entered, the council decided.
pub async fn explain(tx: &Tx, year: i32, group: &str, unit: &str, code: &str) -> Result<Explained> {
    tx.allow(Action::ReadPublished, Subject::Tenant)?;
    let published = tx.scoped::<periods::Entity>().filter(periods::Column::Year.eq(year));
    let published = published.filter(periods::Column::Stage.eq(Stage::Published.as_str())).one(tx.conn()).await?;
    let period = published.ok_or(Error::NotFound)?;
    let of_period = tx.scoped::<ranking_groups::Entity>().filter(ranking_groups::Column::PeriodId.eq(period.id));
    let of_group = group.to_owned();
    let group = of_period.filter(ranking_groups::Column::Slug.eq(group)).one(tx.conn()).await?;
    let sheet = tx
        .scoped::<assessments::Entity>()
        .filter(assessments::Column::GroupId.eq(group.ok_or(Error::NotFound)?.id))
        .filter(assessments::Column::UnitCode.eq(unit))
        .one(tx.conn())
        .await?
        .ok_or(Error::NotFound)?;
    let loaded = Loaded::read(tx, sheet.id).await?;
    let mut told = explained(tx, &loaded, code).await?;
    let places = loaded.rules.set().policy.round;
    let kept = loaded.rows.get(code).and_then(|row| row.self_points).map(|points| from_stored(points, places));
    let follows = told.score.points == kept;
    let decided = standing(tx, &loaded, code).await?;
    told.appraised = decided.map(|decided| Decided { by: "Hội đồng thẩm định".into(), ..decided });
    told.entered = told.entered.map(|entered| Entered { by: sheet.unit_name.clone(), ..entered });
    if told.draft {
        // What nobody signed is not published; of what was signed before, the points alone.
        told.score.points = told.signed_points;
        told.entered = None;
        told.score.explanation = None;
    }
    agrees(&super::store::read(tx, year, None).await?, (&of_group, unit, code), &told, follows)?;
    Ok(told)
}

/// What the rows say now is what was published, and their figures give the points kept beside them (`follows`). `Err(Mismatch)` otherwise: nobody is told another score than the published.
fn agrees(
    published: &Published,
    (group, unit, code): (&str, &str, &str),
    told: &Explained,
    follows: bool,
) -> Result<()> {
    let groups = &published.snapshot.groups;
    let edition = groups.iter().find(|one| one.slug == group).and_then(|one| one.unit(unit));
    let score = edition.and_then(|edition| edition.scores.iter().find(|score| score.code == code));
    let score = score.ok_or(Error::NotFound)?;
    let given = told.appraised.as_ref().and_then(|decided| decided.points);
    if follows && score.self_points == told.signed_points && (told.appraised.is_none() || score.points == given) {
        return Ok(());
    }
    let what = format!("{code} of {unit}, {group} {}", published.year);
    Err(Error::Mismatch(format!("{what}: its stored figures do not give the published score")))
}
