#![allow(clippy::unwrap_used)]

use super::*;

const WORDS: Words<'static> = Words {
    notice: &|problems, apart| {
        let told: Vec<_> = problems.into_iter().map(|problem| problem.message).collect();
        format!("[{}{}]", told.join(","), apart.map(|id| format!(" ->{id}")).unwrap_or_default())
    },
    problem: &|told| format!("!{told}"),
    rest: &|| "<rest>".to_owned(),
};

fn kept(fields: &[(&str, &str)], problems: &[(&str, &str)]) -> Kept {
    Kept {
        action: "/a".into(),
        fields: fields.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        problems: problems.iter().map(|(field, told)| Problem::new(field, told)).collect(),
        files: false,
    }
}

fn check(page: &str, kept: &Kept, expected: &str) {
    assert_eq!(fill(page.to_owned(), kept, &WORDS), expected);
}

#[test]
fn each_kind_of_field_takes_what_was_typed() {
    check(
        r#"<form action="/a"><input name="t" value="old"><input type="hidden" name="r" value="2"></form>"#,
        &kept(&[("t", "\"<b>&"), ("r", "1")], &[]),
        r#"<form action="/a" id="can-sua-o">[]<input name="t" value="&quot;&lt;b&gt;&amp;"><input type="hidden" name="r" value="2"></form>"#,
    );
    check(
        r#"<form action="/a" id="x"><textarea name="t">old</textarea></form>"#,
        &kept(&[("t", "</textarea><i>")], &[]),
        r#"<form action="/a" id="x">[]<textarea name="t">&lt;/textarea&gt;&lt;i&gt;</textarea></form>"#,
    );
    check(
        r#"<form action="/a" id="x"><select name="s"><option value="1" selected>A</option><option value="2">B</option></select></form>"#,
        &kept(&[("s", "2")], &[]),
        r#"<form action="/a" id="x">[]<select name="s"><option value="1">A</option><option value="2" selected="">B</option></select></form>"#,
    );
    check(
        r#"<form action="/a" id="x"><input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2"></form>"#,
        &kept(&[("c", "2")], &[]),
        r#"<form action="/a" id="x">[]<input type="checkbox" name="c" value="1"><input type="checkbox" name="c" value="2" checked=""></form>"#,
    );
    check(
        r#"<form action="/a" id="x"><input name="t"><input name="t"><input name="p" type="password"></form>"#,
        &kept(&[("t", "1"), ("t", "2"), ("p", "3")], &[]),
        r#"<form action="/a" id="x">[]<input name="t" value="1"><input name="t" value="2"><input name="p" type="password"></form>"#,
    );
}

#[test]
fn what_confirms_is_given_anew() {
    check(
        r#"<form action="/a" id="x"><input type="checkbox" name="seen" value="1" data-anew></form>"#,
        &kept(&[("seen", "1")], &[]),
        r#"<form action="/a" id="x">[]<input type="checkbox" name="seen" value="1" data-anew></form>"#,
    );
}

#[test]
fn of_many_alike_the_one_with_the_same_hidden_fields_is_meant() {
    check(
        r#"<form action="/a"><input type="hidden" name="s" value="1"><input name="t"></form><details><summary></summary><form action="/a"><input type="hidden" name="s" value="2"><input name="t"></form></details>"#,
        &kept(&[("s", "2"), ("t", "x")], &[]),
        r#"<form action="/a"><input type="hidden" name="s" value="1"><input name="t"></form><details open=""><summary></summary><form action="/a" id="can-sua-o">[]<input type="hidden" name="s" value="2"><input name="t" value="x"></form></details>"#,
    );
}

#[test]
fn problems_stand_at_their_fields_and_the_others_above() {
    check(
        r#"<form action="/a" id="x"><input name="f-so"></form><input form="x" name="t">"#,
        &kept(&[("f-so", "y"), ("t", "z")], &[("so", "không phải số"), ("", "chung")]),
        r#"<form action="/a" id="x">[chung]<input name="f-so" value="y" aria-invalid="true">!không phải số</form><input form="x" name="t" value="z">"#,
    );
}

#[test]
fn inside_an_island_there_are_values_alone() {
    check(
        r#"<div class="staff-in"><leptos-island><form action="/a"><input name="t"></form></leptos-island></div>"#,
        &kept(&[("t", "x")], &[("t", "sai")]),
        r#"<div class="staff-in">[sai ->can-sua-o]<leptos-island><form action="/a" id="can-sua-o"><input name="t" value="x"></form></leptos-island></div>"#,
    );
}

#[test]
fn without_its_form_what_was_typed_stands_on_top() {
    check(
        r#"<div class="staff-in"><p>xong</p></div>"#,
        &kept(&[("t", "x")], &[]),
        r#"<div class="staff-in">[]<rest><p>xong</p></div>"#,
    );
}
