//! Kinds, rules and policies in Vietnamese.

use rust_decimal::Decimal;

use crate::number::trim;
use crate::{Band, Input, InputKind, Provider, RankBy, SelfScore, ZeroRule};

pub fn points(points: Decimal) -> String {
    format!("{} điểm", trim(points))
}

pub fn allowed(yes: bool) -> &'static str {
    if yes { "cho phép" } else { "không cho phép" }
}

pub fn round(places: u32) -> String {
    match places {
        0 => "số nguyên".into(),
        places => format!("{places} chữ số thập phân"),
    }
}

pub fn rank_by(rank_by: RankBy) -> &'static str {
    match rank_by {
        RankBy::Published => "theo chỉ số đã làm tròn",
        RankBy::Unrounded => "theo chỉ số chưa làm tròn",
    }
}

/// "Tốt từ 90%; Khá trên 70%"; empty for none.
pub fn bands(bands: &[Band]) -> String {
    let tell = |band: &Band| {
        let edge = if band.inclusive { "từ" } else { "trên" };
        format!("{} {edge} {}%", band.name, trim(band.from))
    };
    bands.iter().map(tell).collect::<Vec<_>>().join("; ")
}

pub fn kind(kind: &InputKind) -> String {
    match kind {
        InputKind::YesNo => "có/không".into(),
        InputKind::Count => "số đếm".into(),
        InputKind::Number => "số".into(),
        InputKind::Money => "số tiền (đồng)".into(),
        InputKind::Percent => "phần trăm".into(),
        InputKind::Level(choices) => {
            let all: Vec<String> =
                choices.iter().map(|choice| format!("{} là {}", choice.value, choice.label)).collect();
            format!("mức ({})", all.join("; "))
        }
    }
}

pub fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Unit => "đơn vị nhập",
        Provider::Authority => "chỉ tiêu được giao",
        Provider::Survey => "kết quả khảo sát",
        Provider::Feed => "lấy từ hệ thống",
    }
}

/// "“Tổng số máy trạm” (may_tram, số đếm)".
pub fn input(input: &Input) -> String {
    let by = match input.provider {
        Provider::Unit => String::new(),
        given => format!(", {}", provider(given)),
    };
    format!("“{}” ({}, {}{by})", input.label, input.name, kind(&input.kind))
}

pub fn zero(rule: ZeroRule) -> &'static str {
    match rule {
        ZeroRule::Error => "là lỗi số liệu",
        ZeroRule::NotApplicable => "là không đánh giá",
        ZeroRule::Full => "được điểm tối đa",
        ZeroRule::Zero => "được 0 điểm",
    }
}

pub fn self_score(whose: SelfScore) -> &'static str {
    match whose {
        SelfScore::Computed => "theo công thức",
        SelfScore::Adjustable => "đơn vị được tự chấm khác công thức",
    }
}

/// What a score above zero must come with.
pub fn proof(proof: crate::Proof) -> String {
    let evidence = proof.evidence.then(|| "tài liệu kiểm chứng".to_owned());
    let explanation = (proof.explanation > 0).then(|| format!("giải trình từ {} ký tự", proof.explanation));
    let asked: Vec<String> = evidence.into_iter().chain(explanation).collect();
    if asked.is_empty() { "tài liệu kiểm chứng hoặc giải trình".into() } else { asked.join(" và ") }
}
