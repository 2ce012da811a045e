//! Documents as public offices write them: A4, Times New Roman, the parts placed as Decree 30/2020/NĐ-CP (annex I) says.
//! Always in Vietnamese, whatever language the screen is in.

mod annex;
mod minutes;
mod paper;

pub use annex::annex;
pub use minutes::minutes;

/// The media type of a Word file.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
