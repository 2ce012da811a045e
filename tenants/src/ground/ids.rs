//! Ids have kinds, so that swapped arguments do not compile. Each is a UUID, version 7: new ones sort by time.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "store", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            #[allow(clippy::new_without_default)] // an id is made on purpose, never by default
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        #[cfg(feature = "store")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids!(
    TenantId,
    AccountId,
    MemberId,
    UnitId,
    SetId,
    VersionId,
    PeriodId,
    /// A ranking group of a period.
    GroupId,
    /// One unit's scorecard in one period.
    AssessmentId,
    EvidenceId,
    PublicationId,
    SimulationId,
    NoticeId,
    DutyId,
    PetitionId,
    TaskId,
    CouncilSessionId,
    CouncilDecisionId,
    /// A seat in a period's council.
    SeatId,
    /// A row scored twice.
    SampleId,
    /// A link that lets a person set a password once.
    LinkId,
);
