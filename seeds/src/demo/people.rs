//! Accounts of the demo, named by role and unit; no real persons.

use std::collections::HashMap;

use tenants::caller::Role;
use tenants::ids::{TenantId, UnitId};
use tenants::members::{self, NewMember};
use tenants::store::operator::{self, NewAccount};
use tenants::store::{Db, sign_in};
use tenants::{Caller, Error, Result};

/// The password of every demo account.
pub const PASSWORD: &str = "thuoc-mau-2025";

/// An account to show to a newcomer.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub login: &'static str,
    pub who: &'static str,
}

/// The accounts a newcomer needs to walk through a year.
pub const SHOWN: [Shown; 14] = [
    Shown {
        login: "chuyenvien.so-noi-vu", who: "Chuyên viên Sở Nội vụ: nhập số liệu, đính kèm tài liệu kiểm chứng"
    },
    Shown { login: "lanhdao.so-noi-vu", who: "Lãnh đạo Sở Nội vụ: rà soát, ký và nộp phiếu" },
    Shown { login: "quanly", who: "Cơ quan thường trực: mở kỳ, theo dõi tiến độ, gia hạn" },
    Shown { login: "hoidong", who: "Thành viên Hội đồng (Sở Tài chính): thẩm định" },
    Shown { login: "chutich", who: "Chủ tịch Hội đồng: kết luận" },
    Shown { login: "congbo", who: "Phụ trách công bố" },
    Shown { login: "bochiso", who: "Quản trị bộ chỉ số" },
    Shown { login: "thanhtra", who: "Thanh tra, kiểm tra: xem tất cả, không sửa" },
    Shown { login: "quantri", who: "Quản trị đơn vị: đơn vị, thành viên" },
    Shown { login: "huyen.bochiso", who: "Huyện Điện Biên: quản trị bộ chỉ số của huyện" },
    Shown { login: "huyen.quanly", who: "Huyện Điện Biên: quản lý kỳ đánh giá các xã" },
    Shown { login: "huyen.chutich", who: "Huyện Điện Biên: Chủ tịch Hội đồng thẩm định" },
    Shown { login: "huyen.congbo", who: "Huyện Điện Biên: phụ trách công bố" },
    Shown { login: "chuyenvien.xa-thanh-hung", who: "Chuyên viên Xã Thanh Hưng: phiếu còn dở dang" },
];

/// People of one tenant being set up.
pub struct People<'a> {
    pub db: &'a Db,
    pub tenant: TenantId,
    pub admin: Caller,
    callers: HashMap<String, Caller>,
}

impl<'a> People<'a> {
    /// Starts with the tenant's administrator.
    pub async fn of(db: &'a Db, tenant: TenantId, login: &str, name: &str) -> Result<People<'a>> {
        let account = operator::create_account(db, account(login, name)).await?;
        let admin = operator::appoint_admin(db, tenant, account).await?;
        Ok(People { db, tenant, admin, callers: HashMap::new() })
    }

    /// An account with one role.
    pub async fn add(&mut self, login: &str, name: &str, role: Role, unit: Option<UnitId>) -> Result<()> {
        let id = operator::create_account(self.db, account(login, name)).await?;
        let tx = self.db.begin(&self.admin).await?;
        members::create(&tx, NewMember { account: id, role, unit }).await?;
        tx.commit().await?;
        let caller = sign_in::caller_of(self.db, id, self.tenant, None).await?.ok_or(Error::NotFound)?;
        self.callers.insert(login.into(), caller);
        Ok(())
    }

    /// The caller behind a login added before.
    pub fn caller(&self, login: &str) -> Result<&Caller> {
        self.callers.get(login).ok_or(Error::NotFound)
    }
}

fn account(login: &str, name: &str) -> NewAccount {
    NewAccount { login: login.into(), display_name: name.into(), email: None, password: PASSWORD.into() }
}
