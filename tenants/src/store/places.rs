//! Places an account is known at: the browser it signed in with, by a random token kept there, and the address it came from.
//! Only their hashes are stored.

use rand::Rng;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use time::Duration;

use super::entities::known_places;
use super::{Db, sha256_hex};
use crate::Result;
use crate::ids::AccountId;

/// A place not used for so long is unknown again.
const REMEMBERED: Duration = Duration::days(180);

/// Where an attempt comes from.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub address: &'a str,
    /// The token of the browser, if it brought one.
    pub device: Option<&'a str>,
}

/// How well an account is known at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nobody else has the browser's token.
    Device,
    /// An office stands behind it.
    Address,
    Not,
}

impl Place<'_> {
    fn address_key(&self) -> String {
        sha256_hex(format!("address:{}", self.address).as_bytes())
    }

    pub(super) fn device_key(&self) -> Option<String> {
        self.device.map(|token| sha256_hex(format!("device:{token}").as_bytes()))
    }
}

pub(super) async fn known(db: &Db, account: AccountId, place: Place<'_>) -> Result<Known> {
    let (address, device) = (place.address_key(), place.device_key());
    let keys = [Some(address.clone()), device.clone()].into_iter().flatten();
    let recent = known_places::Column::LastAt.gt(db.clock.now() - REMEMBERED);
    let found = known_places::Entity::find().filter(known_places::Column::AccountId.eq(account));
    let found = found.filter(known_places::Column::Place.is_in(keys)).filter(recent);
    let found = found.all(&db.read_own(account).await?).await?;
    let has = |key: &str| found.iter().any(|row| row.place == key);
    Ok(match device {
        Some(device) if has(&device) => Known::Device,
        _ if has(&address) => Known::Address,
        _ => Known::Not,
    })
}

/// Knows the account here from now on. Answers the token its browser keeps.
pub(super) async fn remember(db: &Db, account: AccountId, place: Place<'_>) -> Result<String> {
    let token = place.device.filter(|token| is_token(token)).map_or_else(new_token, str::to_owned);
    let place = Place { device: Some(&token), ..place };
    let row = |key: String| known_places::ActiveModel {
        account_id: Set(account),
        place: Set(key),
        last_at: Set(db.clock.now()),
    };
    let rows = [Some(place.address_key()), place.device_key()].into_iter().flatten().map(row);
    let again = OnConflict::columns([known_places::Column::AccountId, known_places::Column::Place])
        .update_column(known_places::Column::LastAt)
        .to_owned();
    let tx = db.begin_own(account).await?;
    known_places::Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx).await?;
    // Places nobody came from for long are forgotten.
    let mine = known_places::Entity::delete_many().filter(known_places::Column::AccountId.eq(account));
    mine.filter(known_places::Column::LastAt.lt(db.clock.now() - REMEMBERED)).exec(&tx).await?;
    tx.commit().await?;
    Ok(token)
}

fn new_token() -> String {
    let bytes: [u8; 24] = rand::rng().random();
    super::hex(&bytes)
}

fn is_token(text: &str) -> bool {
    text.len() == 48 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
