//! Whether a sheet may be written now.

use super::loaded::Loaded;
use super::state::SheetState;
use crate::clock;
use crate::guards;
use crate::store::Tx;
use crate::{Error, Result, periods};

/// Whether an indicator can be written: the whole sheet is open, or this one was re-opened.
#[track_caller]
pub(crate) fn refuse_when_closed(tx: &Tx, loaded: &Loaded, code: &str) -> Result<()> {
    if loaded.reopened.contains_key(code) {
        return Ok(());
    }
    refuse_when_sheet_closed(tx, loaded)
}

#[track_caller]
pub(crate) fn refuse_when_sheet_closed(tx: &Tx, loaded: &Loaded) -> Result<()> {
    refuse_when_out_of_time(tx, loaded)?;
    guards::passes(signed(loaded))
}

fn signed(loaded: &Loaded) -> Result<()> {
    match loaded.sheet.state()? {
        SheetState::InternalReview => {
            Err(Error::Conflict("Phiếu đang trình lãnh đạo xem xét; chuyên viên rút lại thì sửa được.".into()))
        }
        state if state.is_writable() => Ok(()),
        _ => Err(Error::Conflict("Phiếu đã nộp; chỉ sửa được khi được trả lại.".into())),
    }
}

/// Whatever the sheet's own state: units may write and sign at this moment.
#[track_caller]
pub(crate) fn refuse_when_out_of_time(tx: &Tx, loaded: &Loaded) -> Result<()> {
    guards::passes(out_of_time(tx, loaded))
}

fn out_of_time(tx: &Tx, loaded: &Loaded) -> Result<()> {
    if let Some(from) = loaded.period.self_from.filter(|from| tx.now() < *from) {
        let told = format!("Kỳ đang ở bước hướng dẫn; đơn vị nhập số liệu từ {}.", clock::wall_clock(from));
        return Err(Error::Conflict(told));
    }
    if !is_open(tx, loaded)? {
        return Err(Error::Closed { until: Some(self::due(loaded)) });
    }
    Ok(())
}

pub(crate) fn due(loaded: &Loaded) -> time::OffsetDateTime {
    loaded.sheet.due(loaded.period.self_deadline)
}

pub(crate) fn is_open(tx: &Tx, loaded: &Loaded) -> Result<bool> {
    let period = &loaded.period;
    let window = (period.self_from, period.self_deadline);
    Ok(periods::is_open(period.stage()?, window, loaded.sheet.extended_to, tx.now()))
}
