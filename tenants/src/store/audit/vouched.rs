//! The tables the log vouches for.

/// Every table whose rows the log vouches for, as arguments of a generic function.
macro_rules! each_vouched {
    ($do:ident($($argument:expr),*)) => {{
        use crate::store::entities::*;
        $do::<appraisals::Entity>($($argument),*).await?;
        $do::<assessment_facts::Entity>($($argument),*).await?;
        $do::<assessment_rows::Entity>($($argument),*).await?;
        $do::<assessments::Entity>($($argument),*).await?;
        $do::<council_decisions::Entity>($($argument),*).await?;
        $do::<council_seats::Entity>($($argument),*).await?;
        $do::<council_sessions::Entity>($($argument),*).await?;
        $do::<days_off::Entity>($($argument),*).await?;
        $do::<duties::Entity>($($argument),*).await?;
        $do::<evidence::Entity>($($argument),*).await?;
        $do::<evidence_files::Entity>($($argument),*).await?;
        $do::<evidence_links::Entity>($($argument),*).await?;
        $do::<indicator_sets::Entity>($($argument),*).await?;
        $do::<members::Entity>($($argument),*).await?;
        $do::<periods::Entity>($($argument),*).await?;
        $do::<petition_answers::Entity>($($argument),*).await?;
        $do::<petitions::Entity>($($argument),*).await?;
        $do::<publications::Entity>($($argument),*).await?;
        $do::<ranking_groups::Entity>($($argument),*).await?;
        $do::<remarks::Entity>($($argument),*).await?;
        $do::<reopenings::Entity>($($argument),*).await?;
        $do::<reviews::Entity>($($argument),*).await?;
        $do::<row_clerks::Entity>($($argument),*).await?;
        $do::<rule_changes::Entity>($($argument),*).await?;
        $do::<second_samples::Entity>($($argument),*).await?;
        $do::<second_scores::Entity>($($argument),*).await?;
        $do::<set_proposals::Entity>($($argument),*).await?;
        $do::<set_versions::Entity>($($argument),*).await?;
        $do::<shared_versions::Entity>($($argument),*).await?;
        $do::<simulations::Entity>($($argument),*).await?;
        $do::<talks::Entity>($($argument),*).await?;
        $do::<tasks::Entity>($($argument),*).await?;
        $do::<unit_names::Entity>($($argument),*).await?;
        $do::<unit_parents::Entity>($($argument),*).await?;
        $do::<units::Entity>($($argument),*).await?;
        $do::<votes::Entity>($($argument),*).await?;
    }};
}
pub(crate) use each_vouched;
