//! Điện Biên's units as they stood from 2022 to 2024: code (part of the public address), name, short name.

use tenants::units::UnitKind;

pub struct SampleUnit {
    pub kind: UnitKind,
    pub code: &'static str,
    pub name: &'static str,
    pub short: &'static str,
    /// Handles no administrative procedures, so claims N/A where the set asks for them.
    pub no_procedures: bool,
}

const fn department(code: &'static str, name: &'static str, short: &'static str) -> SampleUnit {
    SampleUnit { kind: UnitKind::Department, code, name, short, no_procedures: false }
}

const fn without_procedures(code: &'static str, name: &'static str, short: &'static str) -> SampleUnit {
    SampleUnit { kind: UnitKind::Department, code, name, short, no_procedures: true }
}

const fn district(code: &'static str, name: &'static str) -> SampleUnit {
    SampleUnit { kind: UnitKind::District, code, name, short: name, no_procedures: false }
}

const fn commune(code: &'static str, name: &'static str) -> SampleUnit {
    SampleUnit { kind: UnitKind::Commune, code, name, short: name, no_procedures: false }
}

/// The standing agency of the steering committee until 02/2025.
pub const MANAGING: &str = "so-thong-tin-va-truyen-thong";

pub const PROVINCE: [SampleUnit; 29] = [
    without_procedures("van-phong-ubnd-tinh", "Văn phòng UBND tỉnh", "VP UBND tỉnh"),
    department("so-noi-vu", "Sở Nội vụ", "Sở Nội vụ"),
    department("so-tu-phap", "Sở Tư pháp", "Sở Tư pháp"),
    department("so-ke-hoach-va-dau-tu", "Sở Kế hoạch và Đầu tư", "Sở KH&ĐT"),
    department("so-tai-chinh", "Sở Tài chính", "Sở Tài chính"),
    department("so-cong-thuong", "Sở Công Thương", "Sở Công Thương"),
    department("so-nong-nghiep-va-phat-trien-nong-thon", "Sở Nông nghiệp và Phát triển nông thôn", "Sở NN&PTNT"),
    department("so-giao-thong-van-tai", "Sở Giao thông vận tải", "Sở GTVT"),
    department("so-xay-dung", "Sở Xây dựng", "Sở Xây dựng"),
    department("so-tai-nguyen-va-moi-truong", "Sở Tài nguyên và Môi trường", "Sở TN&MT"),
    department(MANAGING, "Sở Thông tin và Truyền thông", "Sở TT&TT"),
    department("so-lao-dong-thuong-binh-va-xa-hoi", "Sở Lao động - Thương binh và Xã hội", "Sở LĐ-TB&XH"),
    department("so-van-hoa-the-thao-va-du-lich", "Sở Văn hóa, Thể thao và Du lịch", "Sở VHTT&DL"),
    department("so-khoa-hoc-va-cong-nghe", "Sở Khoa học và Công nghệ", "Sở KH&CN"),
    department("so-giao-duc-va-dao-tao", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT"),
    department("so-y-te", "Sở Y tế", "Sở Y tế"),
    department("so-ngoai-vu", "Sở Ngoại vụ", "Sở Ngoại vụ"),
    without_procedures("thanh-tra-tinh", "Thanh tra tỉnh", "Thanh tra tỉnh"),
    without_procedures("ban-dan-toc", "Ban Dân tộc", "Ban Dân tộc"),
    district("thanh-pho-dien-bien-phu", "Thành phố Điện Biên Phủ"),
    district("thi-xa-muong-lay", "Thị xã Mường Lay"),
    district("huyen-dien-bien", "Huyện Điện Biên"),
    district("huyen-dien-bien-dong", "Huyện Điện Biên Đông"),
    district("huyen-muong-ang", "Huyện Mường Ảng"),
    district("huyen-muong-cha", "Huyện Mường Chà"),
    district("huyen-muong-nhe", "Huyện Mường Nhé"),
    district("huyen-nam-po", "Huyện Nậm Pồ"),
    district("huyen-tua-chua", "Huyện Tủa Chùa"),
    district("huyen-tuan-giao", "Huyện Tuần Giáo"),
];

/// Communes of the district tenant, as they stood before 01/07/2025.
pub const COMMUNES: [SampleUnit; 3] = [
    commune("xa-thanh-nua", "Xã Thanh Nưa"),
    commune("xa-thanh-luong", "Xã Thanh Luông"),
    commune("xa-thanh-hung", "Xã Thanh Hưng"),
];
