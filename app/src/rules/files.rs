//! What the verbs read and write: files of others, and streams that may be closed.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

/// A file's text without the byte order mark that some editors put before it; `Err` says in Vietnamese why there is none.
pub fn read(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|cause| match cause.kind() {
        ErrorKind::NotFound => "Không có tệp này.".into(),
        ErrorKind::InvalidData => "Tệp không phải là văn bản UTF-8.".into(),
        ErrorKind::PermissionDenied => "Không có quyền đọc tệp này.".into(),
        ErrorKind::IsADirectory => "Đây là thư mục, không phải tệp.".into(),
        _ => format!("Không đọc được tệp ({cause})."),
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// The same for answers and scores, whose errors are named lines.
pub fn read_json(path: &Path) -> Result<String, Vec<String>> {
    read(path).map_err(|message| vec![format!("error[unreadable] {}: {message}", path.display())])
}

/// Tells the errors that keep a verb from its work.
pub fn refused(lines: &[String]) -> ExitCode {
    lines.iter().for_each(tell);
    ExitCode::FAILURE
}

/// A line on standard output. Nobody reading any more is no error.
pub fn say(line: impl Display) -> io::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// A line on standard error, where there is one.
pub fn tell(line: impl Display) {
    // Whoever closed standard error does not want to know; there is no other place to say it.
    let _ = writeln!(io::stderr(), "{line}");
}
