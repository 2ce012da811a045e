//! Sheets read in two statements, however many: what they belong to, and what they hold.

use engine::Value;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Order, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, IdenStatic, Iterable, QueryResult};
use std::collections::{BTreeMap, HashMap};

use crate::audit::ChainEnd;
use crate::documents::{EvidenceItem, KnownFile, item};
use crate::ids::{AssessmentId, GroupId, PeriodId, SetId};
use crate::store::entities::{
    assessment_facts, assessment_rows, assessments, audit_heads, evidence as documents, evidence_files, evidence_links,
    periods, ranking_groups, set_versions,
};
use crate::store::{TenantEntity, Tx};
use crate::{Error, Result};

/// Prefixes of the columns of each table in a joined answer.
const SHEET: &str = "s_";

const PERIOD: &str = "p_";

const GROUP: &str = "g_";

const ROW: &str = "r_";

const DOCUMENT: &str = "d_";

const LINK: &str = "l_";

const CHAIN: &str = "c_";

const FACT_SHEET: &str = "fact_sheet";

const FACT_NAME: &str = "fact_name";

const FACT_VALUE: &str = "fact_value";

/// Which sheets are read at once.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    One(AssessmentId),
    OfGroup(GroupId),
    OfPeriod(PeriodId),
}

impl Which {
    /// The sheets themselves.
    fn sheets(self) -> Expr {
        match self {
            Which::One(id) => assessments::Column::Id.eq(id),
            Which::OfGroup(group) => assessments::Column::GroupId.eq(group),
            Which::OfPeriod(period) => assessments::Column::PeriodId.eq(period),
        }
    }

    /// What names one of the sheets in a column of its own.
    pub(crate) fn named_by(self, tx: &Tx, column: impl ColumnTrait) -> Expr {
        if let Which::One(id) = self {
            return column.eq(id);
        }
        let mut ids = SelectStatement::new();
        ids.column(assessments::Column::Id.as_column_ref())
            .from(assessments::Entity)
            .cond_where(assessments::Column::TenantId.eq(tx.tenant()).and(self.sheets()));
        column.in_subquery(ids)
    }
}

/// What is read along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Along {
    Nothing,
    /// The end of the audit chain, which an act that changes the sheet will append to.
    Chain,
}

/// The sheet with what it belongs to.
pub(crate) struct Head {
    pub sheet: assessments::Model,
    pub period: periods::Model,
    pub group: ranking_groups::Model,
    /// Of the set's version.
    pub content_hash: String,
    pub set: SetId,
}

/// What was entered and attached.
#[derive(Default)]
pub(crate) struct Content {
    pub rows: HashMap<String, assessment_rows::Model>,
    pub facts: BTreeMap<String, Value>,
    pub evidence: HashMap<String, Vec<EvidenceItem>>,
}

/// In the order of their units' codes.
pub(crate) async fn heads(tx: &Tx, which: Which, along: Along) -> Result<Vec<Head>> {
    use assessments::{Column, Entity as Sheets};
    let mut select = SelectStatement::new();
    add_columns::<Sheets>(&mut select, SHEET);
    add_columns::<periods::Entity>(&mut select, PERIOD);
    add_columns::<ranking_groups::Entity>(&mut select, GROUP);
    let version = same_tenant::<ranking_groups::Entity, set_versions::Entity>();
    select
        .column(set_versions::Column::ContentHash.as_column_ref())
        .column(set_versions::Column::SetId.as_column_ref())
        .from(Sheets)
        .inner_join(
            periods::Entity,
            same_tenant::<Sheets, periods::Entity>().add(equal(Column::PeriodId, periods::Column::Id)),
        )
        .inner_join(
            ranking_groups::Entity,
            same_tenant::<Sheets, ranking_groups::Entity>().add(equal(Column::GroupId, ranking_groups::Column::Id)),
        )
        .inner_join(
            set_versions::Entity,
            version.add(equal(ranking_groups::Column::VersionId, set_versions::Column::Id)),
        )
        .cond_where(Column::TenantId.eq(tx.tenant()).and(which.sheets()))
        .order_by(Column::UnitCode.as_column_ref(), Order::Asc);
    if along == Along::Chain {
        add_columns::<audit_heads::Entity>(&mut select, CHAIN);
        select.inner_join(audit_heads::Entity, same_tenant::<Sheets, audit_heads::Entity>());
    }
    let found = tx.conn().query_all(&select).await?;
    if let (Along::Chain, Some(first)) = (along, found.first()) {
        let end = audit_heads::Model::from_query_result(first, CHAIN)?;
        tx.hold_chain_end(ChainEnd { seq: end.seq, hash: end.hash });
    }
    found.iter().map(head).collect()
}

fn head(found: &QueryResult) -> Result<Head> {
    Ok(Head {
        sheet: assessments::Model::from_query_result(found, SHEET)?,
        period: periods::Model::from_query_result(found, PERIOD)?,
        group: ranking_groups::Model::from_query_result(found, GROUP)?,
        content_hash: found.try_get("", set_versions::Column::ContentHash.as_str())?,
        set: found.try_get("", set_versions::Column::SetId.as_str())?,
    })
}

/// Rows, each once per piece of evidence attached to it, then facts with nothing but sheet, name and value. Whoever
/// attaches evidence stores the row, so no evidence is without one. A sheet that holds nothing is left out.
pub(crate) async fn contents(tx: &Tx, which: Which) -> Result<HashMap<AssessmentId, Content>> {
    let mut select = rows(tx, which);
    select.union(UnionType::All, facts(tx, which));
    let mut contents: HashMap<AssessmentId, Content> = HashMap::new();
    for found in tx.conn().query_all(&select).await? {
        match found.try_get::<Option<AssessmentId>>("", FACT_SHEET)? {
            Some(sheet) => {
                let (name, value): (String, String) = (found.try_get("", FACT_NAME)?, found.try_get("", FACT_VALUE)?);
                let value = serde_json::from_str(&value).map_err(Error::internal)?;
                contents.entry(sheet).or_default().facts.insert(name, value);
            }
            None => {
                let row = assessment_rows::Model::from_query_result(&found, ROW)?;
                add_row(contents.entry(row.assessment_id).or_default(), row, &found)?;
            }
        }
    }
    for items in contents.values_mut().flat_map(|content| content.evidence.values_mut()) {
        items.sort_by_key(|item| item.uploaded_at);
    }
    Ok(contents)
}

fn add_row(content: &mut Content, row: assessment_rows::Model, found: &QueryResult) -> Result<()> {
    if let Some(document) = documents::Model::from_query_result_optional(found, DOCUMENT)? {
        let link = evidence_links::Model::from_query_result(found, LINK)?;
        let item = item(document, known_file(found)?, Some(link));
        content.evidence.entry(row.code.clone()).or_default().push(item);
    }
    content.rows.insert(row.code.clone(), row);
    Ok(())
}

fn known_file(found: &QueryResult) -> Result<Option<KnownFile>> {
    use evidence_files::Column;
    let Some(media_type) = found.try_get("", Column::MediaType.as_str())? else { return Ok(None) };
    let (length, scan) = (found.try_get("", Column::Length.as_str())?, found.try_get("", Column::Scan.as_str())?);
    let scanned_at = found.try_get("", Column::ScannedAt.as_str())?;
    let look = found.try_get("", Column::Look.as_str())?;
    Ok(Some(KnownFile { media_type, length, scan, scanned_at, look }))
}

fn rows(tx: &Tx, which: Which) -> SelectStatement {
    use assessment_rows::{Column, Entity as Rows};
    use evidence_links::{Column as Link, Entity as Links};
    let mut select = SelectStatement::new();
    select.expr_as(null(), FACT_SHEET).expr_as(null(), FACT_NAME).expr_as(null(), FACT_VALUE);
    for column in Column::iter() {
        // The kept explanation is large, and whoever loads a sheet scores anew.
        let value = if column.as_str() == Column::Score.as_str() { null() } else { Expr::col(column.as_column_ref()) };
        select.expr_as(value, prefixed(ROW, column));
    }
    add_columns::<documents::Entity>(&mut select, DOCUMENT);
    add_columns::<Links>(&mut select, LINK);
    let attached = same_tenant::<Rows, Links>()
        .add(equal(Column::AssessmentId, Link::AssessmentId))
        .add(equal(Column::Code, Link::Code));
    let document = same_tenant::<Links, documents::Entity>().add(equal(Link::EvidenceId, documents::Column::Id));
    let file = same_tenant::<documents::Entity, evidence_files::Entity>()
        .add(equal(documents::Column::Sha256, evidence_files::Column::Sha256));
    select
        .column(evidence_files::Column::MediaType.as_column_ref())
        .column(evidence_files::Column::Length.as_column_ref())
        .column(evidence_files::Column::Scan.as_column_ref())
        .column(evidence_files::Column::ScannedAt.as_column_ref())
        .column(evidence_files::Column::Look.as_column_ref())
        .from(Rows)
        .left_join(Links, attached)
        .left_join(documents::Entity, document)
        .left_join(evidence_files::Entity, file)
        .cond_where(Column::TenantId.eq(tx.tenant()).and(which.named_by(tx, Column::AssessmentId)));
    select
}

/// As wide as `rows`.
fn facts(tx: &Tx, which: Which) -> SelectStatement {
    use assessment_facts::{Column, Entity as Facts};
    let others = assessment_rows::Column::iter().count()
        + documents::Column::iter().count()
        + evidence_links::Column::iter().count()
        + 5;
    let mut select = SelectStatement::new();
    select
        .column(Column::AssessmentId.as_column_ref())
        .column(Column::Name.as_column_ref())
        .column(Column::Value.as_column_ref())
        .exprs(std::iter::repeat_n(null(), others))
        .from(Facts)
        .cond_where(Column::TenantId.eq(tx.tenant()).and(which.named_by(tx, Column::AssessmentId)));
    select
}

fn add_columns<E: TenantEntity>(select: &mut SelectStatement, prefix: &str) {
    for column in E::Column::iter() {
        select.expr_as(Expr::col(column.as_column_ref()), prefixed(prefix, column));
    }
}

fn prefixed(prefix: &str, column: impl IdenStatic) -> String {
    format!("{prefix}{}", column.as_str())
}

fn same_tenant<A: TenantEntity, B: TenantEntity>() -> Cond {
    Cond::all().add(equal(A::tenant_column(), B::tenant_column()))
}

fn equal(left: impl ColumnTrait, right: impl ColumnTrait) -> Expr {
    Expr::col(left.as_column_ref()).eq(Expr::col(right.as_column_ref()))
}

/// A bound null would have a type, which a union compares.
fn null() -> Expr {
    Expr::cust("NULL")
}
