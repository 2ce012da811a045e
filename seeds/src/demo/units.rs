//! Điện Biên's units as they stood from 2022 to 2024: code (part of the public address), name, short name.

use tenants::units::UnitKind;

pub struct SampleUnit {
    pub kind: UnitKind,
    pub code: &'static str,
    pub name: &'static str,
    pub short: &'static str,
    /// Staff of a department (sample figures), communes of a district (as before 01/07/2025), villages of a commune (sample).
    pub size: u64,
    /// Handles no administrative procedures, so claims N/A where the set asks for them.
    pub no_procedures: bool,
}

const fn department(code: &'static str, name: &'static str, short: &'static str, size: u64) -> SampleUnit {
    SampleUnit { kind: UnitKind::Department, code, name, short, size, no_procedures: false }
}

const fn without_procedures(code: &'static str, name: &'static str, short: &'static str, size: u64) -> SampleUnit {
    SampleUnit { kind: UnitKind::Department, code, name, short, size, no_procedures: true }
}

const fn district(code: &'static str, name: &'static str, size: u64) -> SampleUnit {
    SampleUnit { kind: UnitKind::District, code, name, short: name, size, no_procedures: false }
}

const fn commune(code: &'static str, name: &'static str, size: u64) -> SampleUnit {
    SampleUnit { kind: UnitKind::Commune, code, name, short: name, size, no_procedures: false }
}

/// The standing agency of the steering committee until 02/2025.
pub const MANAGING: &str = "so-thong-tin-va-truyen-thong";

pub const PROVINCE: [SampleUnit; 29] = [
    without_procedures("van-phong-ubnd-tinh", "Văn phòng UBND tỉnh", "VP UBND tỉnh", 68),
    department("so-noi-vu", "Sở Nội vụ", "Sở Nội vụ", 56),
    department("so-tu-phap", "Sở Tư pháp", "Sở Tư pháp", 41),
    department("so-ke-hoach-va-dau-tu", "Sở Kế hoạch và Đầu tư", "Sở KH&ĐT", 52),
    department("so-tai-chinh", "Sở Tài chính", "Sở Tài chính", 64),
    department("so-cong-thuong", "Sở Công Thương", "Sở Công Thương", 47),
    department("so-nong-nghiep-va-phat-trien-nong-thon", "Sở Nông nghiệp và Phát triển nông thôn", "Sở NN&PTNT", 88),
    department("so-giao-thong-van-tai", "Sở Giao thông vận tải", "Sở GTVT", 49),
    department("so-xay-dung", "Sở Xây dựng", "Sở Xây dựng", 44),
    department("so-tai-nguyen-va-moi-truong", "Sở Tài nguyên và Môi trường", "Sở TN&MT", 61),
    department(MANAGING, "Sở Thông tin và Truyền thông", "Sở TT&TT", 38),
    department("so-lao-dong-thuong-binh-va-xa-hoi", "Sở Lao động - Thương binh và Xã hội", "Sở LĐ-TB&XH", 58),
    department("so-van-hoa-the-thao-va-du-lich", "Sở Văn hóa, Thể thao và Du lịch", "Sở VHTT&DL", 53),
    department("so-khoa-hoc-va-cong-nghe", "Sở Khoa học và Công nghệ", "Sở KH&CN", 36),
    department("so-giao-duc-va-dao-tao", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", 55),
    department("so-y-te", "Sở Y tế", "Sở Y tế", 57),
    department("so-ngoai-vu", "Sở Ngoại vụ", "Sở Ngoại vụ", 29),
    without_procedures("thanh-tra-tinh", "Thanh tra tỉnh", "Thanh tra tỉnh", 37),
    without_procedures("ban-dan-toc", "Ban Dân tộc", "Ban Dân tộc", 26),
    district("thanh-pho-dien-bien-phu", "Thành phố Điện Biên Phủ", 12),
    district("thi-xa-muong-lay", "Thị xã Mường Lay", 3),
    district("huyen-dien-bien", "Huyện Điện Biên", 21),
    district("huyen-dien-bien-dong", "Huyện Điện Biên Đông", 14),
    district("huyen-muong-ang", "Huyện Mường Ảng", 10),
    district("huyen-muong-cha", "Huyện Mường Chà", 12),
    district("huyen-muong-nhe", "Huyện Mường Nhé", 11),
    district("huyen-nam-po", "Huyện Nậm Pồ", 15),
    district("huyen-tua-chua", "Huyện Tủa Chùa", 12),
    district("huyen-tuan-giao", "Huyện Tuần Giáo", 19),
];

/// Communes of the district tenant, as they stood before 01/07/2025.
pub const COMMUNES: [SampleUnit; 3] = [
    commune("xa-thanh-nua", "Xã Thanh Nưa", 14),
    commune("xa-thanh-luong", "Xã Thanh Luông", 16),
    commune("xa-thanh-hung", "Xã Thanh Hưng", 13),
];
