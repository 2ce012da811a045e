//! The words of a definition script with their help, for completion, hover and the documentation.

use super::Help;

/// All words, in the order a script uses them.
pub const fn definition_words() -> &'static [Help] {
    &WORDS
}

const fn word(name: &'static str, signature: &'static str, help: &'static str) -> Help {
    Help { name, signature, help }
}

const WORDS: [Help; 30] = [
    word(
        "indicator_set",
        "indicator_set(ma, #{ name, basis, total, not_applicable, round })",
        "Mở đầu kịch bản: mã, tên, căn cứ, tổng điểm, có cho phép “không đánh giá”, số chữ số làm tròn.",
    ),
    word("param", "param(ten, gia_tri, nhan)", "Tham số: một ngưỡng có tên mà mọi công thức đọc được."),
    word("fact", "fact(ten, count(nhan))", "Số liệu dùng chung: đơn vị nhập một lần, mọi công thức đọc được."),
    word("group", "group(ma, ten, diem)", "Nhóm chỉ số; các chỉ số chính khai báo sau nó thuộc về nó."),
    word("main_index", "main_index(ma, ten, diem)", "Chỉ số chính; các chỉ số thành phần khai báo sau nó thuộc về nó."),
    word("indicator", "indicator(ma, ten, diem_toi_da)", "Chỉ số thành phần; viết tiếp .input, .formula, .evidence…"),
    word("key", ".key(khoa)", "Định danh giữ nguyên qua các năm khi mã thay đổi; mặc định là mã."),
    word("input", ".input(ten, count(nhan))", "Số liệu đơn vị nhập ở chỉ số này."),
    word("formula", ".formula(\"ratio(a, b) * max\")", "Công thức tính điểm: một biểu thức; max là điểm tối đa."),
    word("zero", ".zero(na)", "Mẫu số bằng 0 nghĩa là gì: na, full, nought hoặc error."),
    word("not_applicable", ".not_applicable(true)", "Chỉ số này có được đề nghị “không đánh giá” hay không."),
    word("evidence_required", ".evidence_required(true)", "Điểm trên 0 phải có tài liệu kiểm chứng."),
    word(
        "explanation_minimum",
        ".explanation_minimum(100)",
        "Điểm trên 0 phải có giải trình dài ít nhất chừng ấy ký tự.",
    ),
    word(
        "self_score",
        ".self_score(\"adjustable\")",
        "Đơn vị được tự chấm điểm khác công thức (adjustable) hoặc chỉ theo công thức (computed, mặc định).",
    ),
    word("evidence", ".evidence(noi_dung)", "Tài liệu kiểm chứng cần có."),
    word("guidance", ".guidance(noi_dung)", "Hướng dẫn chấm điểm."),
    word("source", ".source(noi_dung)", "Căn cứ của công thức, hoặc ghi rõ là đề xuất."),
    word("warn", ".warn(\"a <= b\", thong_bao)", "Cảnh báo số liệu khi điều kiện sai; không đổi điểm."),
    word(
        "expect",
        ".expect(ten, #{ a: 1 }, diem)",
        "Trường hợp thử: số liệu này phải cho số điểm này, na hoặc invalid.",
    ),
    word("count", "count(nhan)", "Số đếm: số nguyên không âm."),
    word("number", "number(nhan)", "Số bất kỳ không âm."),
    word("money", "money(nhan)", "Số tiền, đồng."),
    word("percent", "percent(nhan)", "Phần trăm từ 0 đến 100."),
    word("yes_no", "yes_no(nhan)", "Có hoặc không."),
    word("level", "level(nhan, [[0, \"Chưa có\"], [1, \"Đã có\"]])", "Một trong các mức liệt kê."),
    word("by", ".by(\"authority\")", "Ai cung cấp số liệu: unit, authority, survey hoặc feed."),
    word("na", "na", "Không đánh giá."),
    word("full", "full", "Trọn điểm."),
    word("nought", "nought", "0 điểm."),
    word("invalid", "invalid", "Số liệu bị từ chối; dùng trong trường hợp thử."),
];
