//! What tests start from: tenants, accounts, people with roles.

use time::macros::date;

use super::TestDb;
use crate::caller::{Caller, Grant, Role};
use crate::ids::{AccountId, TenantId, UnitId};
use crate::members::{self, NewMember};
use crate::store::operator::{self, NewAccount, NewTenant};

/// What every account's password is.
pub const PASSWORD: &str = "mật khẩu thử nghiệm";

/// A signed-in person with roles bound to no unit; nothing of it is stored.
pub fn caller(tenant: TenantId, roles: &[Role]) -> Caller {
    let grants = roles.iter().map(|role| Grant { role: *role, unit: None }).collect();
    Caller { tenant, account: Some(AccountId::new()), name: "Người thử".into(), grants }
}

impl TestDb {
    pub async fn tenant(&self, slug: &str) -> TenantId {
        let new = NewTenant {
            parent: None,
            slug: slug.into(),
            name: format!("Cơ quan {slug}"),
            short_name: slug.into(),
            is_sample: true,
            valid_from: date!(2020 - 01 - 01),
        };
        operator::create_tenant(&self.db, new).await.unwrap()
    }

    pub async fn account(&self, login: &str) -> AccountId {
        let new = NewAccount {
            login: login.into(),
            display_name: format!("Người dùng {login}"),
            email: None,
            password: PASSWORD.into(),
        };
        operator::create_account(&self.db, new).await.unwrap()
    }

    /// Gives an account a role.
    pub async fn member(&self, tenant: TenantId, account: AccountId, role: Role, unit: Option<UnitId>) {
        let tx = self.db.begin(&caller(tenant, &[Role::TenantAdmin])).await.unwrap();
        members::create(&tx, NewMember { account, role, unit }).await.unwrap();
        tx.commit().await.unwrap();
    }
}
