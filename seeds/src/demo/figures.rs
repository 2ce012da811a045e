//! How large the sample units are: the totals that the indicators divide by, in proportion to a unit's size.
//!
//! A department is measured by its staff, a district by its communes, a commune by its villages.

use tenants::units::UnitKind;

/// A total of `base + each × size`, and up to `spread` more, different for every unit. Money is in millions of đồng.
/// The name is an input's, with the indicator's code before it where the same name means something else elsewhere.
pub struct Figure {
    pub name: &'static str,
    pub base: u64,
    pub each: u64,
    pub spread: u64,
}

const fn figure(name: &'static str, base: u64, each: u64, spread: u64) -> Figure {
    Figure { name, base, each, spread }
}

const DEPARTMENT: [Figure; 20] = [
    figure("ccvc", 0, 1, 1),
    figure("may_tram", 0, 1, 6),
    figure("tong", 0, 1, 1),
    figure("so_vb_duoc_giao", 8, 0, 14),
    figure("tong_httt", 2, 0, 7),
    figure("tong_may_chu", 1, 0, 6),
    figure("so_ip_phat_hien", 0, 0, 4),
    figure("tong_yc", 42, 0, 1),
    figure("so_bo_duoc_giao", 3, 0, 9),
    figure("tong_vb_di", 600, 25, 900),
    figure("tong_hs", 300, 60, 900),
    figure("tong_hs_gq", 290, 60, 1),
    figure("tong_tthc", 30, 0, 90),
    figure("so_dvc", 30, 0, 90),
    figure("tong_tthc_phi", 8, 0, 40),
    figure("tong_hs_phi", 120, 20, 500),
    figure("so_phieu", 80, 0, 320),
    figure("tong_che_do", 4, 0, 14),
    figure("chi_cntt", 300, 4, 700),
    figure("tong_chi", 4_000, 150, 2_000),
];

const DISTRICT: [Figure; 37] = [
    figure("ccvc", 180, 95, 60),
    figure("may_tram", 170, 85, 60),
    figure("dan_so_truong_thanh", 0, 3_000, 1_500),
    figure("dan_so_15", 2_000, 3_100, 1_500),
    figure("dan_so_dk", 4_000, 3_150, 1_500),
    figure("ho_gia_dinh", 0, 1_020, 600),
    figure("thon_ban", 0, 11, 9),
    figure("xa", 0, 1, 1),
    figure("so_xa_tt", 0, 1, 1),
    figure("doanh_nghiep", 20, 12, 30),
    figure("dnnvv", 15, 11, 6),
    figure("chi_dau_tu", 20_000, 9_000, 40_000),
    figure("chi_thuong_xuyen", 90_000, 38_000, 60_000),
    figure("tong_chi", 130_000, 47_000, 90_000),
    figure("so_vb_duoc_giao", 12, 0, 18),
    figure("so_diem_cc", 4, 1, 6),
    figure("tong_truong", 4, 3, 8),
    figure("tong_httt", 3, 0, 5),
    figure("tong_may_chu", 1, 0, 5),
    figure("so_ip_phat_hien", 0, 0, 6),
    figure("chi_cntt", 1_200, 90, 1_500),
    figure("tong_yc", 42, 0, 1),
    figure("so_bo_duoc_giao", 3, 0, 7),
    figure("tong_vb_di", 1_500, 260, 1_500),
    figure("tong_hs", 2_000, 900, 4_000),
    figure("tong_hs_gq", 1_900, 900, 1),
    figure("so_dvc", 60, 0, 60),
    figure("tong_tthc_phi", 20, 0, 40),
    figure("tong_hs_phi", 400, 120, 900),
    figure("tong_doi_tuong", 900, 450, 1_200),
    figure("tong_cs", 4, 4, 9),
    figure("tong_dan", 300, 0, 400),
    figure("so_phieu", 150, 0, 600),
    figure("4.7 chi_tieu", 500, 350, 1),
    figure("7.1 chi_tieu", 3, 0, 5),
    figure("7.2 chi_tieu", 1, 0, 2),
    figure("7.8 chi_tieu", 300, 60, 1),
];

const COMMUNE: [Figure; 7] = [
    figure("cbcc", 20, 0, 4),
    figure("ho_gia_dinh", 0, 95, 200),
    figure("thon_ban", 0, 1, 1),
    figure("tong_ho_so", 300, 40, 400),
    figure("van_ban_di", 180, 0, 260),
    figure("nguoi_truong_thanh", 0, 275, 400),
    figure("dan_so", 500, 420, 400),
];

/// The proportions of a total for this kind of unit; what is not listed is small.
pub fn figure_of(kind: UnitKind, code: &str, name: &str) -> &'static Figure {
    const SMALL: Figure = figure("", 20, 0, 60);
    let known: &[Figure] = match kind {
        UnitKind::Department => &DEPARTMENT,
        UnitKind::District => &DISTRICT,
        UnitKind::Commune | UnitKind::Agency => &COMMUNE,
    };
    let own = format!("{code} {name}");
    known.iter().find(|figure| figure.name == name || figure.name == own).unwrap_or(&SMALL)
}
