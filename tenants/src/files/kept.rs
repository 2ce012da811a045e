//! What the database knows of a file.

use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{Scan, StoredFile};
use crate::store::entities::evidence_files;
use crate::store::{Tx, new_row};
use crate::{Error, Problem, Result};

/// A file is known once per tenant, whatever it is attached to.
pub(crate) async fn keep_file(tx: &Tx, file: &StoredFile) -> Result<()> {
    use evidence_files::Column;
    self::refuse_known(tx, file).await?;
    let asked = file.scan != Scan::Unasked;
    let known = evidence_files::ActiveModel {
        sha256: Set(file.sha256.clone()),
        length: Set(i64::try_from(file.length).map_err(Error::internal)?),
        media_type: Set(file.media_type.clone()),
        created_at: Set(tx.now()),
        scan: Set(asked.then(|| file.scan.as_str().into())),
        scan_found: Set(None),
        scanned_at: Set((file.scan == Scan::Clean).then(|| tx.now())),
        look: Set(None),
        ..new_row(tx)
    };
    let mut once = sea_orm::sea_query::OnConflict::columns([Column::TenantId, Column::Sha256]);
    once.update_column(Column::MediaType);
    if file.scan == Scan::Clean {
        once.update_columns([Column::Scan, Column::ScannedAt]);
    }
    tx.upsert_vouched(known, once).await
}

/// `Err(Conflict)` for a file in quarantine: asked before any of its bytes are served.
pub async fn refuse_infected(tx: &Tx, sha256: &str) -> Result<()> {
    let found = tx.scoped::<evidence_files::Entity>().filter(evidence_files::Column::Sha256.eq(sha256));
    match found.one(tx.conn()).await? {
        Some(file) if file.scan() == Scan::Infected => {
            Err(Error::Conflict("Tệp này có mã độc nên đã được cách ly, không mở được. Hãy thay bằng tệp sạch.".into()))
        }
        _ => Ok(()),
    }
}

/// `Err(Invalid)` where the same content lies in quarantine already, whether or not a scanner is at hand now.
pub(crate) async fn refuse_known(tx: &Tx, file: &StoredFile) -> Result<()> {
    refuse_infected(tx, &file.sha256).await.map_err(|refused| match refused {
        Error::Conflict(_) => Error::Invalid(vec![Problem::new(
            "file",
            "Tệp này có mã độc và đang bị cách ly. Hãy lấy lại tài liệu từ bản gốc, quét virus rồi tải lên tệp khác.",
        )]),
        other => other,
    })
}

impl evidence_files::Model {
    pub(crate) fn scan(&self) -> Scan {
        Scan::parse(self.scan.as_deref())
    }
}
