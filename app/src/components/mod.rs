//! Shared pieces without actions of their own. Their look is in `styles/components.css`, `table.css`, `form.css`.

mod button;
mod card;
mod empty;
mod evidence_list;
mod field;
mod figure;
mod flash;
mod lead;
pub mod nav;
mod progress;
pub mod public_layout;
mod refused;
pub mod staff_layout;
mod stages;
mod table;
mod tag;

pub use button::{Button, ButtonKind};
pub use card::{Card, Fact, StatFacts};
pub use empty::EmptyState;
pub use evidence_list::EvidenceList;
pub use field::{Field, ProblemList};
pub use figure::{FigureField, figure};
pub use flash::Flash;
pub use islands::text_area::TextArea;
pub use lead::{Breadcrumb, Lead};
pub use progress::Progress;
pub use refused::{Refused, WhatWasTyped};
pub use stages::{head_tags, sheet_tag, stage_tag};
pub use table::Table;
pub use tag::{Tag, TagKind};
