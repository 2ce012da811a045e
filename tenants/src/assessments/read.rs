//! A sheet read in two statements: what it belongs to, and what it holds.

use std::collections::{BTreeMap, HashMap};

use engine::Value;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, IntoIden, LockType, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, IdenStatic, Iterable, QueryResult};

use crate::audit::ChainEnd;
use crate::evidence::{self, EvidenceItem};
use crate::ids::AssessmentId;
use crate::store::entities::evidence as documents;
use crate::store::entities::{
    assessment_facts, assessment_rows, assessments, audit_heads, evidence_files, evidence_links, periods,
    ranking_groups, set_versions,
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
const FACT_NAME: &str = "fact_name";
const FACT_VALUE: &str = "fact_value";

/// What stays locked until the transaction ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Nothing,
    SheetAndChain,
}

/// The sheet with what it belongs to.
pub(super) struct Head {
    pub sheet: assessments::Model,
    pub period: periods::Model,
    pub group: ranking_groups::Model,
    /// Of the set's version.
    pub content_hash: String,
}

/// What was entered and attached.
pub(super) struct Content {
    pub rows: HashMap<String, assessment_rows::Model>,
    pub facts: BTreeMap<String, Value>,
    pub evidence: HashMap<String, Vec<EvidenceItem>>,
}

pub(super) async fn head(tx: &Tx, id: AssessmentId, hold: Hold) -> Result<Head> {
    use assessments::{Column, Entity as Sheets};
    let mut select = SelectStatement::new();
    add_columns::<Sheets>(&mut select, SHEET);
    add_columns::<periods::Entity>(&mut select, PERIOD);
    add_columns::<ranking_groups::Entity>(&mut select, GROUP);
    let version = same_tenant::<ranking_groups::Entity, set_versions::Entity>();
    select
        .column(set_versions::Column::ContentHash.as_column_ref())
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
        .cond_where(Column::TenantId.eq(tx.tenant()).and(Column::Id.eq(id)));
    if hold == Hold::SheetAndChain {
        add_columns::<audit_heads::Entity>(&mut select, CHAIN);
        let locked = [Sheets.into_iden(), audit_heads::Entity.into_iden()];
        select
            .inner_join(audit_heads::Entity, same_tenant::<Sheets, audit_heads::Entity>())
            .lock_with_tables(LockType::Update, locked);
    }
    let found = tx.conn().query_one(&select).await?.ok_or(Error::NotFound)?;
    if hold == Hold::SheetAndChain {
        let end = audit_heads::Model::from_query_result(&found, CHAIN)?;
        tx.hold_chain_end(ChainEnd { seq: end.seq, hash: end.hash });
    }
    Ok(Head {
        sheet: assessments::Model::from_query_result(&found, SHEET)?,
        period: periods::Model::from_query_result(&found, PERIOD)?,
        group: ranking_groups::Model::from_query_result(&found, GROUP)?,
        content_hash: found.try_get("", set_versions::Column::ContentHash.as_str())?,
    })
}

/// Rows, each once per piece of evidence attached to it, then facts with nothing but name and value. Whoever attaches
/// evidence stores the row, so no evidence is without one.
pub(super) async fn content(tx: &Tx, id: AssessmentId) -> Result<Content> {
    let mut select = rows(tx, id);
    select.union(UnionType::All, facts(tx, id));
    let mut content = Content { rows: HashMap::new(), facts: BTreeMap::new(), evidence: HashMap::new() };
    for found in tx.conn().query_all(&select).await? {
        match found.try_get::<Option<String>>("", FACT_NAME)? {
            Some(name) => {
                let value: String = found.try_get("", FACT_VALUE)?;
                content.facts.insert(name, serde_json::from_str(&value).map_err(Error::internal)?);
            }
            None => add_row(&mut content, &found)?,
        }
    }
    for items in content.evidence.values_mut() {
        items.sort_by_key(|item| item.uploaded_at);
    }
    Ok(content)
}

fn add_row(content: &mut Content, found: &QueryResult) -> Result<()> {
    let row = assessment_rows::Model::from_query_result(found, ROW)?;
    if let Some(document) = documents::Model::from_query_result_optional(found, DOCUMENT)? {
        let item = evidence::item(
            document,
            found.try_get("", evidence_files::Column::MediaType.as_str())?,
            found.try_get("", evidence_files::Column::Length.as_str())?,
            Some(evidence_links::Model::from_query_result(found, LINK)?),
        );
        content.evidence.entry(row.code.clone()).or_default().push(item);
    }
    content.rows.insert(row.code.clone(), row);
    Ok(())
}

fn rows(tx: &Tx, id: AssessmentId) -> SelectStatement {
    use assessment_rows::{Column, Entity as Rows};
    use evidence_links::{Column as Link, Entity as Links};
    let mut select = SelectStatement::new();
    select.expr_as(null(), FACT_NAME).expr_as(null(), FACT_VALUE);
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
        .from(Rows)
        .left_join(Links, attached)
        .left_join(documents::Entity, document)
        .left_join(evidence_files::Entity, file)
        .cond_where(Column::TenantId.eq(tx.tenant()).and(Column::AssessmentId.eq(id)));
    select
}

/// As wide as `rows`.
fn facts(tx: &Tx, id: AssessmentId) -> SelectStatement {
    use assessment_facts::{Column, Entity as Facts};
    let others = assessment_rows::Column::iter().count()
        + documents::Column::iter().count()
        + evidence_links::Column::iter().count()
        + 2;
    let mut select = SelectStatement::new();
    select
        .column(Column::Name.as_column_ref())
        .column(Column::Value.as_column_ref())
        .exprs(std::iter::repeat_n(null(), others))
        .from(Facts)
        .cond_where(Column::TenantId.eq(tx.tenant()).and(Column::AssessmentId.eq(id)));
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
