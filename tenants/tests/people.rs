//! Authorities, accounts, roles and one-time links, as an installation of one's own starts with them.
#![allow(clippy::unwrap_used)]

use tenants::accounts::{self, AccountState, Changed, Link, NewPerson, Password, Purpose};
use tenants::audit;
use tenants::cache::Cache;
use tenants::caller::{Caller, Role};
use tenants::ids::{AccountId, TenantId};
use tenants::members::{self, NewMember};
use tenants::store::authorities::{self, Authority, Done};
use tenants::store::sessions::{Sessions, StoredSession};
use tenants::store::sign_in::{self, Place, SignIn};
use tenants::store::{Db, operator};
use tenants::tenant::TenantKind;
use tenants::testing::{PASSWORD, TestDb, caller, count, on_both};
use tenants::{Error, Result, units};
use time::macros::date;
use time::{Duration, OffsetDateTime};

const OTHER: &str = "ngựa ô phi qua đèo gió";
const PLACE: Place<'static> = Place { address: "10.0.0.1", device: None };

fn authority(slug: &str, parent: Option<&str>) -> Authority {
    Authority {
        slug: slug.into(),
        name: format!("Tỉnh {slug}"),
        short_name: String::new(),
        kind: TenantKind::Province,
        parent: parent.map(str::to_owned),
        valid_from: date!(2026 - 01 - 01),
    }
}

fn person(login: &str) -> NewPerson {
    NewPerson { login: login.into(), name: format!("Người {login}"), email: None }
}

fn admin(tenant: TenantId) -> Caller {
    caller(tenant, &[Role::TenantAdmin])
}

/// Somebody invited into a role, by an administrator.
async fn invited(db: &TestDb, tenant: TenantId, login: &str, role: Role) -> (AccountId, Link) {
    let tx = db.db.begin(&admin(tenant)).await.unwrap();
    let (account, _) = accounts::create(&tx, &person(login), None).await.unwrap();
    members::give(&tx, NewMember { account, role, unit: None }).await.unwrap();
    let link = accounts::send(&tx, account).await.unwrap();
    tx.commit().await.unwrap();
    (account, link)
}

async fn act<T>(db: &Db, by: &Caller, deed: impl AsyncFnOnce(&tenants::store::Tx) -> Result<T>) -> Result<T> {
    let tx = db.begin(by).await?;
    let done = deed(&tx).await?;
    tx.commit().await?;
    Ok(done)
}

async fn enters(db: &TestDb, login: &str, password: &str) -> bool {
    let outcome = sign_in::sign_in(&db.db, &Cache::memory(), login, password, PLACE).await.unwrap();
    matches!(outcome, SignIn::Welcome { .. })
}

async fn state(db: &TestDb, login: &str) -> AccountState {
    accounts::find(&db.db, login).await.unwrap().unwrap().1
}

#[tokio::test]
async fn an_authority_is_created_once_and_changed_where_it_differs() {
    on_both(async |db| {
        let wanted = authority("vi-du", None);
        let (id, done) = authorities::ensure(&db.db, &wanted).await.unwrap();
        assert_eq!(done, Done::Created);
        assert_eq!(authorities::ensure(&db.db, &wanted).await.unwrap(), (id, Done::Unchanged));
        let renamed = Authority { name: "Tỉnh Ví Dụ".into(), ..wanted.clone() };
        assert_eq!(authorities::ensure(&db.db, &renamed).await.unwrap(), (id, Done::Changed));
        let (below, _) = authorities::ensure(&db.db, &authority("huyen", Some("vi-du"))).await.unwrap();
        let moved = authorities::ensure(&db.db, &authority("huyen", None)).await;
        assert!(matches!(moved, Err(Error::Conflict(_))), "{moved:?}");
        for bad in ["", "Viết Hoa", "lam-viec", "moi", "thiet-lap"] {
            let refused = authorities::ensure(&db.db, &authority(bad, None)).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{bad}");
        }
        let refused = authorities::ensure(&db.db, &authority("xa", Some("khong-co"))).await;
        assert!(matches!(&refused, Err(Error::Invalid(found)) if found[0].field == "parent"), "{refused:?}");
        let all = authorities::list(&db.db).await.unwrap();
        let told: Vec<_> = all.iter().map(|one| (one.slug.as_str(), one.name.as_str(), one.parent)).collect();
        assert_eq!(told, [("huyen", "Tỉnh huyen", Some(id)), ("vi-du", "Tỉnh Ví Dụ", None)]);
        assert_eq!(all[0].kind, Some(TenantKind::Province));
        let tx = db.db.read(&admin(id)).await.unwrap();
        let log: Vec<_> = audit::list(&tx, 0).await.unwrap().into_iter().map(|entry| entry.action).collect();
        assert_eq!(log, ["tenant.change", "tenant.create"]);
        assert_ne!(below, id);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_lets_somebody_in_once() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (account, link) = invited(&db, tenant, "moi", Role::TenantAdmin).await;
        assert_eq!((link.purpose, state(&db, "moi").await), (Purpose::Invitation, AccountState::Invited));
        assert!(!enters(&db, "moi", "").await && !enters(&db, "moi", PASSWORD).await);
        let shown = accounts::look(&db.db, &link.token).await.unwrap().unwrap();
        assert_eq!((shown.login.as_str(), shown.authority.as_str()), ("moi", "Cơ quan a"));
        assert_eq!(accounts::look(&db.db, "abc").await.unwrap(), None);
        let weak = accounts::redeem(&db.db, &link.token, "1234567890").await;
        assert!(matches!(&weak, Err(Error::Invalid(found)) if found[0].field == "password"), "{weak:?}");
        assert_eq!(accounts::redeem(&db.db, &link.token, PASSWORD).await.unwrap(), (account, tenant));
        assert!(enters(&db, "moi", PASSWORD).await);
        assert_eq!(state(&db, "moi").await, AccountState::Active);
        assert!(matches!(accounts::redeem(&db.db, &link.token, OTHER).await, Err(Error::NotFound)));
        assert_eq!(accounts::look(&db.db, &link.token).await.unwrap(), None);
        assert!(enters(&db, "moi", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_gets_in() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (_, link) = invited(&db, tenant, "moi", Role::TenantAdmin).await;
        let (one, two) =
            tokio::join!(accounts::redeem(&db.db, &link.token, PASSWORD), accounts::redeem(&db.db, &link.token, OTHER));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(enters(&db, "moi", if one.is_ok() { PASSWORD } else { OTHER }).await);
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_with_its_time_and_with_the_next_one() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (account, first) = invited(&db, tenant, "moi", Role::TenantAdmin).await;
        let second = act(&db.db, &admin(tenant), async |tx| accounts::send(tx, account).await).await.unwrap();
        assert_eq!(accounts::look(&db.db, &first.token).await.unwrap(), None);
        assert!(matches!(accounts::redeem(&db.db, &first.token, PASSWORD).await, Err(Error::NotFound)));
        db.db.clock.set(second.expires_at - Duration::SECOND);
        assert!(accounts::look(&db.db, &second.token).await.unwrap().is_some());
        db.db.clock.set(second.expires_at);
        assert_eq!(accounts::look(&db.db, &second.token).await.unwrap(), None);
        assert!(matches!(accounts::redeem(&db.db, &second.token, PASSWORD).await, Err(Error::NotFound)));
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        let tokens = format!("SELECT count(*) FROM one_time_links WHERE token_hash = '{}'", second.token);
        assert_eq!(count(&tx, &tokens).await, 0, "only hashes are stored");
    })
    .await;
}

#[tokio::test]
async fn a_link_is_no_other_authoritys_row() {
    let db = TestDb::postgres().await;
    let (a, b) = (db.tenant("a").await, db.tenant("b").await);
    let (_, link) = invited(&db, a, "moi", Role::TenantAdmin).await;
    let tx = db.db.read(&admin(b)).await.unwrap();
    assert_eq!(count(&tx, "SELECT count(*) FROM one_time_links").await, 0);
    drop(tx);
    assert!(accounts::look(&db.db, &link.token).await.unwrap().is_some());
}

#[tokio::test]
async fn an_administrator_has_no_say_in_an_account_that_works_elsewhere_too() {
    on_both(async |db| {
        let (a, b) = (db.tenant("a").await, db.tenant("b").await);
        let (account, _) = invited(&db, a, "chung", Role::Publisher).await;
        let by = admin(b);
        let found = act(&db.db, &by, async |tx| {
            let (found, made) = accounts::create(tx, &person("CHUNG"), None).await?;
            assert!(!made);
            members::give(tx, NewMember { account: found, role: Role::Inspector, unit: None }).await?;
            Ok(found)
        });
        assert_eq!(found.await.unwrap(), account);
        for by in [admin(a), admin(b)] {
            let refused = act(&db.db, &by, async |tx| accounts::send(tx, account).await).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
            let refused = act(&db.db, &by, async |tx| accounts::disable(tx, account).await).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
            let tx = db.db.read(&by).await.unwrap();
            let (person, is_ours) = accounts::get(&tx, account).await.unwrap();
            assert!(!is_ours && person.roles.len() == 1, "{person:?}");
        }
        // A role that ended counts too: whoever left an authority is not its new one's to take over.
        let tx = db.db.read(&admin(b)).await.unwrap();
        let role = accounts::get(&tx, account).await.unwrap().0.roles[0].id;
        drop(tx);
        act(&db.db, &admin(b), async |tx| members::end(tx, role).await).await.unwrap();
        let refused = act(&db.db, &admin(b), async |tx| accounts::send(tx, account).await).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        act(&db.db, &Caller::operator(a), async |tx| accounts::send(tx, account).await).await.unwrap();
        let stranger = db.account("la").await;
        let refused = act(&db.db, &admin(a), async |tx| accounts::send(tx, stranger).await).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        let not_admin = caller(a, &[Role::PeriodManager, Role::RuleAdmin, Role::Publisher]);
        let refused = act(&db.db, &not_admin, async |tx| accounts::create(tx, &person("x"), None).await).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_role_is_given_once_and_ends_once() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (account, _) = invited(&db, tenant, "moi", Role::Publisher).await;
        let new = NewMember { account, role: Role::Publisher, unit: None };
        assert!(!act(&db.db, &admin(tenant), async |tx| members::give(tx, new.clone()).await).await.unwrap());
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        let held = accounts::get(&tx, account).await.unwrap().0.roles;
        drop(tx);
        assert_eq!(held.len(), 1);
        for _ in 0..2 {
            act(&db.db, &admin(tenant), async |tx| members::end(tx, held[0].id).await).await.unwrap();
        }
        assert_eq!(sign_in::caller_of(&db.db, account, tenant, None).await.unwrap(), None);
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        let ends = "SELECT count(*) FROM audit_entries WHERE action = 'member.end'";
        assert_eq!(count(&tx, ends).await, 1);
        assert!(accounts::list(&tx).await.unwrap()[0].roles.is_empty(), "who was here is still listed");
        drop(tx);
        assert!(act(&db.db, &admin(tenant), async |tx| members::give(tx, new.clone()).await).await.unwrap());
        for role in [Role::System, Role::Operator] {
            let new = NewMember { account, role, unit: None };
            let refused = act(&db.db, &admin(tenant), async |tx| members::give(tx, new).await).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (first, link) = invited(&db, tenant, "mot", Role::TenantAdmin).await;
        accounts::redeem(&db.db, &link.token, PASSWORD).await.unwrap();
        let (second, link) = invited(&db, tenant, "hai", Role::TenantAdmin).await;
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        let role = accounts::get(&tx, first).await.unwrap().0.roles[0].id;
        drop(tx);
        // Somebody who has never signed in cannot administer anything.
        let refused = act(&db.db, &admin(tenant), async |tx| members::end(tx, role).await).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        let refused = act(&db.db, &admin(tenant), async |tx| accounts::disable(tx, first).await).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        accounts::redeem(&db.db, &link.token, PASSWORD).await.unwrap();
        let own = Caller { account: Some(second), ..admin(tenant) };
        let refused = act(&db.db, &own, async |tx| accounts::disable(tx, second).await).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        act(&db.db, &own, async |tx| accounts::disable(tx, first).await).await.unwrap();
        assert_eq!(state(&db, "mot").await, AccountState::Disabled);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_disabled_is_out_and_stays_out_of_old_sessions() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (account, link) = invited(&db, tenant, "moi", Role::Publisher).await;
        accounts::redeem(&db.db, &link.token, PASSWORD).await.unwrap();
        let sessions = Sessions::database(&db.db);
        let expires_at = OffsetDateTime::now_utc() + Duration::DAY;
        let session = StoredSession { account: Some(account), data: String::new(), expires_at };
        sessions.create("phiên", &session).await.unwrap();
        assert!(sign_in::caller_of(&db.db, account, tenant, Some("phiên")).await.unwrap().is_some());
        let open = act(&db.db, &admin(tenant), async |tx| accounts::send(tx, account).await).await.unwrap();
        for _ in 0..2 {
            act(&db.db, &admin(tenant), async |tx| accounts::disable(tx, account).await).await.unwrap();
        }
        assert!(!enters(&db, "moi", PASSWORD).await);
        assert_eq!(accounts::look(&db.db, &open.token).await.unwrap(), None);
        let refused = act(&db.db, &admin(tenant), async |tx| accounts::send(tx, account).await).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        act(&db.db, &admin(tenant), async |tx| accounts::enable(tx, account).await).await.unwrap();
        assert!(enters(&db, "moi", PASSWORD).await);
        assert_eq!(sign_in::caller_of(&db.db, account, tenant, Some("phiên")).await.unwrap(), None);
        assert_eq!(accounts::look(&db.db, &open.token).await.unwrap(), None, "a link of before stays ended");
    })
    .await;
}

#[tokio::test]
async fn another_password_ends_the_sessions_of_the_old_one() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (account, link) = invited(&db, tenant, "moi", Role::Publisher).await;
        accounts::redeem(&db.db, &link.token, PASSWORD).await.unwrap();
        let sessions = Sessions::database(&db.db);
        let expires_at = OffsetDateTime::now_utc() + Duration::DAY;
        let session = StoredSession { account: Some(account), data: String::new(), expires_at };
        for id in ["đây", "kia"] {
            sessions.create(id, &session).await.unwrap();
        }
        let own = sign_in::caller_of(&db.db, account, tenant, None).await.unwrap().unwrap();
        let cache = Cache::memory();
        let change = async |old: &str, new: &str| {
            accounts::change_password(&db.db, &cache, &own, (old, new), PLACE, Some("đây")).await
        };
        assert_eq!(change(OTHER, OTHER).await.unwrap(), Changed::Refused);
        assert!(matches!(change(PASSWORD, "ngắn").await, Err(Error::Invalid(_))));
        assert!(matches!(change(PASSWORD, PASSWORD).await, Err(Error::Invalid(_))));
        assert_eq!(change(PASSWORD, OTHER).await.unwrap(), Changed::Yes);
        let lives = async |id| sign_in::caller_of(&db.db, account, tenant, Some(id)).await.unwrap().is_some();
        assert!(lives("đây").await && !lives("kia").await);
        assert!(enters(&db, "moi", OTHER).await && !enters(&db, "moi", PASSWORD).await);
        let reset = act(&db.db, &admin(tenant), async |tx| accounts::send(tx, account).await).await.unwrap();
        assert_eq!(reset.purpose, Purpose::Reset);
        accounts::redeem(&db.db, &reset.token, PASSWORD).await.unwrap();
        assert!(!lives("đây").await);
        let hashed = Password::choose(OTHER, &[]).await.unwrap();
        act(&db.db, &Caller::operator(tenant), async |tx| accounts::set_password(tx, account, hashed).await)
            .await
            .unwrap();
        assert!(enters(&db, "moi", OTHER).await);
    })
    .await;
}

#[tokio::test]
async fn unlocking_forgets_what_failed_before() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let (account, link) = invited(&db, tenant, "moi", Role::Publisher).await;
        accounts::redeem(&db.db, &link.token, PASSWORD).await.unwrap();
        let cache = Cache::memory();
        let attempt = async |password| sign_in::sign_in(&db.db, &cache, "moi", password, PLACE).await.unwrap();
        let mut last = SignIn::Refused;
        for _ in 0..20 {
            last = attempt("sai").await;
        }
        assert!(matches!(last, SignIn::Throttled { .. }), "{last:?}");
        assert!(matches!(attempt(PASSWORD).await, SignIn::Throttled { .. }));
        act(&db.db, &admin(tenant), async |tx| accounts::unlock(tx, account).await).await.unwrap();
        assert!(matches!(attempt(PASSWORD).await, SignIn::Welcome { .. }));
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        let listed = accounts::list(&tx).await.unwrap();
        assert!(listed[0].last_sign_in.is_some_and(|at| at <= tx.now()), "{listed:?}");
    })
    .await;
}

#[tokio::test]
async fn an_account_of_before_goes_on() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let account = db.account("cu").await;
        operator::appoint_admin(&db.db, tenant, account).await.unwrap();
        assert!(enters(&db, "cu", PASSWORD).await);
        let own = sign_in::caller_of(&db.db, account, tenant, None).await.unwrap().unwrap();
        let problems = act(&db.db, &own, async |tx| {
            let new = NewPerson { login: "có dấu".into(), name: "A".into(), email: Some("không phải".into()) };
            accounts::create(tx, &new, None).await
        });
        let Err(Error::Invalid(problems)) = problems.await else { panic!() };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["login", "email"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_units_is_written_whole_or_its_cells_are_named() {
    on_both(async |db| {
        let tenant = db.tenant("a").await;
        let table = "Mã\tTên đơn vị\tLoại\tCấp trên\tViết tắt\nH1\tHuyện Một\tHuyện\n\nX1\tXã Một\tXã\tH1\tX.Một\n";
        let wrong = "H2\t\tHuyện\nX2\tXã Hai\tlạ\tH9\nX2\tXã Ba\tPhường\nH1\tTrùng\tHuyện\n\tKhông mã\tSở\n";
        let import = async |text: &str, keep: bool| {
            let tx = db.db.begin(&admin(tenant)).await.unwrap();
            let rows = units::import(&tx, &engine::table::split(text), date!(2026 - 01 - 01)).await.unwrap();
            if keep {
                tx.commit().await.unwrap();
            }
            rows
        };
        assert!(import(table, false).await.iter().all(|row| row.problems.is_empty()));
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        assert!(units::list(&tx).await.unwrap().is_empty(), "looking writes nothing");
        drop(tx);
        let rows = import(table, true).await;
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
        let told: Vec<(usize, Vec<String>)> = import(wrong, false)
            .await
            .into_iter()
            .map(|row| (row.number, row.problems.into_iter().map(|problem| problem.field).collect()))
            .collect();
        let fields = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>();
        let expected = [
            (1, fields(&["name"])),
            (2, fields(&["kind", "parent"])),
            (3, fields(&["official_code"])),
            (4, fields(&["official_code"])),
            (5, fields(&["official_code"])),
        ];
        assert_eq!(told, expected);
        let many: String = (0..168).map(|n| format!("P{n}\tPhường {n}\tPhường\n")).collect();
        assert_eq!(import(&many, true).await.len(), 168);
        let tx = db.db.read(&admin(tenant)).await.unwrap();
        assert_eq!(units::list(&tx).await.unwrap().len(), 170);
        drop(tx);
        let tx = db.db.begin(&caller(tenant, &[Role::PeriodManager])).await.unwrap();
        let refused = units::import(&tx, &engine::table::split(table), date!(2026 - 01 - 01)).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    })
    .await;
}
