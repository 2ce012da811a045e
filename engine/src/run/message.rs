//! Rhai's errors in words an author understands.

use rhai::{EvalAltResult, LexError, ParseError, ParseErrorType, Position};

use crate::diagnostic::{Diagnostic, Severity};

/// A diagnostic of error severity at a place in the file.
pub fn error(code: &str, message: String, (line, column): (usize, usize)) -> Diagnostic {
    Diagnostic { code: code.into(), message, severity: Severity::Error, line, column, indicator: None }
}

pub fn place(position: Position) -> (usize, usize) {
    (position.line().unwrap_or(0), position.position().unwrap_or(0))
}

/// Code and message of a parse error. `known` are the names that could have been meant.
pub fn of_parse(cause: &ParseError, known: &[&str]) -> (&'static str, String) {
    match cause.err_type() {
        ParseErrorType::VariableUndefined(name) => ("unknown-name", unknown(name, known)),
        ParseErrorType::ExprTooDeep => ("too-complex", "Biểu thức lồng quá sâu; hãy tách nhỏ hoặc viết gọn lại.".into()),
        ParseErrorType::TooManyFunctions | ParseErrorType::WrongFnDefinition => no_functions(),
        ParseErrorType::LiteralTooLarge(..) | ParseErrorType::BadInput(LexError::StringTooLong(_)) => {
            ("too-large", "Chuỗi, mảng hoặc bảng quá dài.".into())
        }
        ParseErrorType::Reserved(word) => ("reserved-word", format!("“{word}” là từ dành riêng, không dùng được ở đây.")),
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) => {
            ("syntax", format!("“{symbol}” không dùng được ở đây."))
        }
        ParseErrorType::UnexpectedEOF => ("syntax", "Thiếu phần cuối: kịch bản kết thúc giữa chừng.".into()),
        ParseErrorType::MissingToken(token, _) => ("syntax", format!("Thiếu “{token}”.")),
        other => ("syntax", format!("Sai cú pháp: {other}.")),
    }
}

fn no_functions() -> (&'static str, String) {
    ("not-allowed", "Không được định nghĩa hàm trong bộ chỉ số.".into())
}

/// Code and message of a run-time error.
pub fn of_eval(cause: &EvalAltResult, known: &[&str]) -> (&'static str, String) {
    match cause.unwrap_inner() {
        EvalAltResult::ErrorParsing(kind, position) => {
            of_parse(&ParseError(Box::new(kind.clone()), *position), known)
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => ("unknown-name", unknown(name, known)),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => ("unknown-function", unknown_function(signature)),
        EvalAltResult::ErrorTooManyOperations(_) => ("too-long", "Kịch bản chạy quá lâu; hãy bỏ vòng lặp lớn.".into()),
        EvalAltResult::ErrorStackOverflow(_) => ("too-complex", "Lời gọi lồng quá sâu.".into()),
        EvalAltResult::ErrorDataTooLarge(..) => ("too-large", "Chuỗi, mảng hoặc bảng quá lớn.".into()),
        EvalAltResult::ErrorTooManyVariables(_) => ("too-large", "Quá nhiều biến.".into()),
        EvalAltResult::ErrorMismatchDataType(expected, actual, _) => {
            ("wrong-type", format!("Sai kiểu dữ liệu: cần {expected}, gặp {actual}."))
        }
        EvalAltResult::ErrorMismatchOutputType(expected, actual, _) => {
            ("wrong-type", format!("Công thức phải cho một số; cần {expected}, gặp {actual}."))
        }
        EvalAltResult::ErrorRuntime(text, _) => ("invalid", text.to_string()),
        other => ("failed", format!("Không chạy được: {other}.")),
    }
}

fn unknown_function(signature: &str) -> String {
    let name = signature.split([' ', '(']).next().unwrap_or(signature);
    let words: Vec<&str> = super::vocabulary().iter().map(|word| word.name).collect();
    if words.contains(&name) {
        return format!("Hàm “{name}” không nhận các tham số này: {signature}.");
    }
    let nearest = nearest(name, &words).map(|word| format!(" Có phải “{word}”?")).unwrap_or_default();
    format!("Không có hàm “{name}”.{nearest}")
}

fn unknown(name: &str, known: &[&str]) -> String {
    let nearest = nearest(name, known).map(|word| format!(" Có phải “{word}”?")).unwrap_or_default();
    format!("Chưa khai báo “{name}”.{nearest}")
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let scored = known.iter().map(|word| (strsim::damerau_levenshtein(name, word), *word));
    let close = scored.filter(|(distance, _)| *distance <= name.chars().count() / 2 + 1);
    close.min().map(|(_, word)| word)
}
