//! What is stored of an indicator: what somebody entered, and what the engine makes of it. The two are written apart: an
//! act that only scores never writes what was entered, however old its reading is.

use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter};
use serde_json::json;
use std::collections::BTreeSet;

use super::loaded::Loaded;
use crate::ids::AssessmentId;
use crate::points::to_stored;
use crate::store::Tx;
use crate::store::entities::assessment_rows::{self, ActiveModel, Column, Entity};
use crate::{Error, Result};

const KEY: [Column; 3] = [Column::TenantId, Column::AssessmentId, Column::Code];

/// What the engine makes of a row.
const COMPUTED: [Column; 3] = [Column::State, Column::SelfPoints, Column::Score];

/// What somebody enters, with who and when.
const ENTERED: [Column; 10] = [
    Column::Inputs,
    Column::Explanation,
    Column::Claim,
    Column::ClaimReason,
    Column::Exempt,
    Column::Unconfirmed,
    Column::OwnPoints,
    Column::UpdatedBy,
    Column::UpdatedAt,
    Column::Revision,
];

/// Scores some rows of a sheet again and writes what came out, nothing else. Rows nobody has touched are stored too once a
/// shared fact scores them; they keep revision 0.
pub(crate) async fn refresh_rows(tx: &Tx, loaded: &mut Loaded, codes: &BTreeSet<String>) -> Result<()> {
    let fresh = scored(tx, loaded, codes)?;
    write_scores(tx, fresh).await
}

/// The same, and what was entered in those of the rows whose revision was raised. One statement.
pub(crate) async fn keep_rows(tx: &Tx, loaded: &mut Loaded, codes: &BTreeSet<String>) -> Result<()> {
    let fresh = scored(tx, loaded, codes)?;
    let mut replace = computed();
    for column in ENTERED {
        let kept = Expr::col((Entity, column));
        let newer = fresh_value(Column::Revision).gt(Expr::col((Entity, Column::Revision)));
        let entered: CaseStatement = Expr::case(newer, fresh_value(column)).finally(kept);
        replace.value(column, entered);
    }
    tx.upsert(fresh, replace).await
}

/// Keeps beside the rows of a sheet that were signed a second time what the head has just signed.
pub(crate) async fn keep_signed_again(tx: &Tx, sheet: AssessmentId, codes: &[&String]) -> Result<()> {
    tx.update_many::<Entity>()
        .col_expr(Column::SignedPoints, Expr::col(Column::SelfPoints))
        .filter(Column::AssessmentId.eq(sheet))
        .filter(Column::Code.is_in(codes.iter().map(|code| code.as_str())))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Keeps beside every row of a sheet what the head has just signed, or forgets it when the signature is taken back.
pub(crate) async fn keep_signed(tx: &Tx, sheet: AssessmentId, signed: bool) -> Result<()> {
    let points = if signed { Expr::col(Column::SelfPoints) } else { Expr::value(Option::<i64>::None) };
    tx.update_many::<Entity>()
        .col_expr(Column::SignedPoints, points)
        .filter(Column::AssessmentId.eq(sheet))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Writes what the engine made of rows, of however many sheets.
pub(crate) async fn write_scores(tx: &Tx, fresh: Vec<ActiveModel>) -> Result<()> {
    tx.upsert(fresh, computed()).await
}

fn computed() -> OnConflict {
    OnConflict::columns(KEY).update_columns(COMPUTED).to_owned()
}

/// The value a statement would have inserted.
fn fresh_value(column: Column) -> Expr {
    Expr::col((Alias::new("excluded"), column))
}

/// State, self points and explanation of rows as the engine gives them now, put into `loaded` and answered as rows to write.
pub(crate) fn scored(tx: &Tx, loaded: &mut Loaded, codes: &BTreeSet<String>) -> Result<Vec<ActiveModel>> {
    let answers = loaded.answers_of(codes)?;
    let mut fresh = Vec::with_capacity(codes.len());
    for code in codes {
        let score = loaded.score(code, &answers)?;
        let state = loaded.row_state(code, &score);
        let row = loaded.rows.entry(code.clone()).or_insert_with(|| untouched(tx, loaded.sheet.id, code));
        row.state = state.as_str().into();
        row.self_points = score.points.map(to_stored);
        row.score = Some(serde_json::to_value(&score).map_err(Error::internal)?);
        fresh.push(ActiveModel::from(row.clone()).reset_all());
    }
    Ok(fresh)
}

/// A row nobody has touched.
pub(crate) fn untouched(tx: &Tx, sheet: AssessmentId, code: &str) -> assessment_rows::Model {
    assessment_rows::Model {
        tenant_id: tx.tenant(),
        assessment_id: sheet,
        code: code.into(),
        inputs: json!({}),
        explanation: String::new(),
        claim: None,
        claim_reason: String::new(),
        exempt: false,
        unconfirmed: false,
        own_points: None,
        state: String::new(),
        self_points: None,
        signed_points: None,
        score: None,
        revision: 0,
        updated_by: tx.caller().name.clone(),
        updated_at: tx.now(),
    }
}
