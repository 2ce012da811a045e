//! Rhai's errors in words an author understands.

use rhai::{EvalAltResult, FnCallExpr, LexError, ParseError, ParseErrorType, Position};

use super::vocabulary::{Help, Word};
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
        ParseErrorType::VariableExists(name) => ("duplicate-name", format!("Tên “{name}” đã được dùng.")),
        ParseErrorType::ExprTooDeep => {
            ("too-complex", "Biểu thức lồng quá sâu; hãy tách nhỏ hoặc viết gọn lại.".into())
        }
        ParseErrorType::TooManyFunctions | ParseErrorType::WrongFnDefinition => no_functions(),
        ParseErrorType::LiteralTooLarge(..) | ParseErrorType::BadInput(LexError::StringTooLong(_)) => {
            ("too-large", "Chuỗi, mảng hoặc bảng quá dài.".into())
        }
        ParseErrorType::Reserved(word) if word == "fn" => no_functions(),
        ParseErrorType::Reserved(word) => reserved(word),
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) => reserved(symbol),
        ParseErrorType::BadInput(LexError::UnterminatedString) => ("syntax", "Chuỗi chưa đóng dấu ngoặc kép.".into()),
        ParseErrorType::BadInput(LexError::UnexpectedInput(text)) => ("syntax", format!("Không hiểu “{text}” ở đây.")),
        ParseErrorType::BadInput(_) => ("syntax", "Không hiểu phần này.".into()),
        ParseErrorType::UnexpectedEOF => ("syntax", "Thiếu phần cuối: kịch bản kết thúc giữa chừng.".into()),
        ParseErrorType::MissingToken(token, _) => ("syntax", format!("Thiếu “{token}”.")),
        ParseErrorType::MissingSymbol(_) => ("syntax", "Thiếu một phần của biểu thức ở đây.".into()),
        ParseErrorType::DuplicatedProperty(name) => ("duplicate-name", format!("Mục “{name}” viết hai lần.")),
        ParseErrorType::AssignmentToConstant(name) => ("not-allowed", format!("Không được gán lại “{name}”.")),
        other => ("syntax", format!("Sai cú pháp: {other}.")),
    }
}

fn no_functions() -> (&'static str, String) {
    ("not-allowed", "Không được định nghĩa hàm trong bộ chỉ số.".into())
}

fn reserved(word: &str) -> (&'static str, String) {
    ("not-allowed", format!("“{word}” không dùng được ở đây."))
}

/// Code and message of a run-time error.
pub fn of_eval(cause: &EvalAltResult, known: &[&str]) -> (&'static str, String) {
    match cause.unwrap_inner() {
        EvalAltResult::ErrorParsing(kind, position) => of_parse(&ParseError(Box::new(kind.clone()), *position), known),
        EvalAltResult::ErrorVariableNotFound(name, _) => ("unknown-name", unknown(name, known)),
        EvalAltResult::ErrorVariableExists(name, _) => ("duplicate-name", format!("Tên “{name}” đã được dùng.")),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => ("unknown-function", unknown_function(signature, known)),
        EvalAltResult::ErrorPropertyNotFound(name, _) => ("unknown-name", format!("Không có mục “{name}”.")),
        EvalAltResult::ErrorTooManyOperations(_) => ("too-long", "Kịch bản chạy quá lâu; hãy bỏ vòng lặp lớn.".into()),
        EvalAltResult::ErrorStackOverflow(_) => ("too-complex", "Lời gọi lồng quá sâu.".into()),
        EvalAltResult::ErrorDataTooLarge(..) => ("too-large", "Chuỗi, mảng hoặc bảng quá lớn.".into()),
        EvalAltResult::ErrorTooManyVariables(_) => ("too-large", "Quá nhiều biến.".into()),
        EvalAltResult::ErrorArithmetic(text, _) if text.starts_with("Division by zero") => {
            ("zero-division", "Chia cho 0.".into())
        }
        EvalAltResult::ErrorArithmetic(text, _) if text.starts_with("Not a real number") => {
            ("no-real-number", "Số âm không có lũy thừa với số mũ không nguyên.".into())
        }
        EvalAltResult::ErrorArithmetic(..) => ("overflow", "Phép tính vượt quá giới hạn của số.".into()),
        EvalAltResult::ErrorMismatchDataType(expected, actual, _)
        | EvalAltResult::ErrorMismatchOutputType(expected, actual, _) => {
            ("wrong-type", format!("Sai kiểu dữ liệu: cần {}, gặp {}.", kind(expected), kind(actual)))
        }
        EvalAltResult::ErrorFor(_) => ("wrong-type", "“for” cần một danh sách hoặc một khoảng như 1..5.".into()),
        EvalAltResult::ErrorArrayBounds(..) | EvalAltResult::ErrorIndexNotFound(..) => {
            ("out-of-bounds", "Danh sách không có phần tử này.".into())
        }
        EvalAltResult::ErrorRuntime(text, _) => ("invalid", text.to_string()),
        other => {
            let mut plain = other.to_string();
            // The place is told with the diagnostic, not in its words.
            plain.truncate(plain.find(" (line ").unwrap_or(plain.len()));
            ("failed", format!("Không chạy được: {plain}."))
        }
    }
}

/// Rhai's names of types in words.
fn kind(name: &str) -> &str {
    match name {
        "bool" => "có/không",
        "i64" | "decimal" | super::numbers::FRACTION => "số",
        "string" | "&str | ImmutableString | String" | "&str" => "chuỗi",
        "array" => "danh sách",
        "indicator" => "chỉ số",
        "kind" => "loại số liệu",
        "marker" => "na, full, nought, error, invalid",
        "map" => "bảng #{…}",
        "()" => "giá trị rỗng",
        other => other,
    }
}

/// What is wrong with a formula's call by its name and number of arguments; `own` counts the `x` of `x.half()`.
pub fn of_call(call: &FnCallExpr, own: usize) -> Option<(&'static str, String)> {
    if call.op_token.is_some() {
        return None;
    }
    let Some(word) = Word::named(&call.name) else {
        let words: Vec<&str> = super::vocabulary().map(|word| word.name).collect();
        return Some(("unknown-function", no_function(&call.name, &words)));
    };
    let given = call.args.len() + own;
    let Help { name, signature, .. } = word.help();
    let text = || format!("Hàm “{name}” viết là {signature}; ở đây có {given} tham số.");
    (given != word.arity()).then(|| ("wrong-arguments", text()))
}

/// A call that found no function for the types it was given.
fn unknown_function(signature: &str, known: &[&str]) -> String {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ")"));
    let types: Vec<&str> = types.trim_end_matches(')').split(", ").filter(|name| !name.is_empty()).map(kind).collect();
    if known.contains(&name) || !name.starts_with(|first: char| first.is_alphabetic()) {
        return format!("“{name}” không dùng được với: {}.", types.join(", "));
    }
    no_function(name, known)
}

fn no_function(name: &str, known: &[&str]) -> String {
    let nearest = nearest(name, known).map(|word| format!(" Có phải “{word}”?")).unwrap_or_default();
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
