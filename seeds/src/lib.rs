//! Indicator sets that ship with the product, and the demo province.

/// A set as shipped.
#[derive(Clone, Copy, Debug)]
pub struct ShippedSet {
    pub slug: &'static str,
    pub name: &'static str,
    /// Its definition script.
    pub source: &'static str,
}

/// Bảng 1, Bảng 2, and an example for communes.
pub const SETS: [ShippedSet; 3] = [
    ShippedSet {
        slug: "so",
        name: "Bộ chỉ số đánh giá chuyển đổi số cấp Sở",
        source: include_str!("../sets/so-2022.rhai"),
    },
    ShippedSet {
        slug: "huyen",
        name: "Bộ chỉ số đánh giá chuyển đổi số cấp huyện",
        source: include_str!("../sets/huyen-2022.rhai"),
    },
    ShippedSet {
        slug: "xa",
        name: "Bộ chỉ số đánh giá chuyển đổi số cấp xã",
        source: include_str!("../sets/xa-vi-du.rhai"),
    },
];

pub mod demo;
