//! The two fields a new password is typed into.

use leptos::prelude::*;
use tenants::Problem;

use crate::components::Field;
use crate::text::t;

#[component]
pub fn PasswordFields(problems: Vec<Problem>) -> impl IntoView {
    view! {
        <Field name="password" label=t("password-new") hint=t("password-hint") problems=problems.clone()>
            <input id="password" name="password" type="password" autocomplete="new-password" required minlength="10" maxlength="1000"/>
        </Field>
        <Field name="again" label=t("password-again") problems>
            <input id="again" name="again" type="password" autocomplete="new-password" required maxlength="1000"/>
        </Field>
    }
}
