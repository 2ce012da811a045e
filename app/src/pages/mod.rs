//! One file per page: its actions on top, its component below; a folder when it grows.

pub mod appraisal;
pub mod appraise;
pub mod audit;
pub mod column;
pub mod consistency;
pub mod desk;
pub mod dialogue;
pub mod duties;
pub mod evidence;
pub mod exemptions;
pub mod home;
pub mod inbox;
pub mod judging;
pub mod language;
pub mod period;
pub mod periods;
pub mod portal;
pub mod publish;
pub mod rule_change;
pub mod schedule;
pub mod seat;
pub mod sets;
pub mod sheet;
pub mod sign_in;
pub mod start;
