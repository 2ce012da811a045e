//! People who can sign in; they belong to no tenant.

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use crate::ids::AccountId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub login: String,
    pub email: Option<String>,
    pub display_name: String,
    /// Empty for somebody who was invited and has not chosen a password yet.
    pub password_hash: String,
    pub created_at: OffsetDateTime,
    pub disabled_at: Option<OffsetDateTime>,
    /// One letter each morning, instead of one whenever something happens.
    pub mail_daily: bool,
    /// Failed attempts from before no longer count.
    pub unlocked_at: Option<OffsetDateTime>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
