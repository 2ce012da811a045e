//! Evidence: files by content, documents, and what they prove.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(evidence_files()).await?;
        guard::tenant(manager, "evidence_files").await?;
        manager.create_table(evidence()).await?;
        guard::tenant(manager, "evidence").await?;
        manager.create_table(evidence_links()).await?;
        guard::index(manager, "evidence_links", &["tenant_id", "evidence_id"]).await?;
        guard::tenant(manager, "evidence_links").await?;
        Ok(())
    }
}

fn evidence_files() -> TableCreateStatement {
    Table::create()
        .table("evidence_files")
        .col(uuid("tenant_id"))
        .col(text("sha256"))
        .col(big_integer("length"))
        .col(text("media_type"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().col("tenant_id").col("sha256"))
        .take()
}

fn evidence() -> TableCreateStatement {
    Table::create()
        .table("evidence")
        .col(uuid("tenant_id"))
        .col(uuid("id"))
        .col(uuid("unit_id"))
        .col(text_null("sha256"))
        .col(text_null("link"))
        .col(text("name"))
        .col(text("document_number"))
        .col(date_null("issued_on"))
        .col(text("issuer"))
        .col(text("summary"))
        .col(text("signer"))
        .col(text("side"))
        .col(text("uploaded_by"))
        .col(timestamp_with_time_zone("uploaded_at"))
        .col(boolean("after_submission"))
        .col(timestamp_with_time_zone_null("removed_at"))
        .primary_key(Index::create().col("tenant_id").col("id"))
        .take()
}

fn evidence_links() -> TableCreateStatement {
    Table::create()
        .table("evidence_links")
        .col(uuid("tenant_id"))
        .col(uuid("evidence_id"))
        .col(uuid("assessment_id"))
        .col(text("code"))
        .col(text("page"))
        .primary_key(Index::create().col("tenant_id").col("assessment_id").col("code").col("evidence_id"))
        .take()
}
