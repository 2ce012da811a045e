//! One way to submit a form: every POST of the site map takes a `Submission`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use app::server;
use app::site::Access;
use axum::http::Method;

use crate::common::Service;

/// Forms that go another way. It may only shrink; each line says why.
const ANOTHER_WAY: [(&str, &str); 32] = [
    ("/lam-viec/bo-chi-so/moi", "a file; its preview keeps the page"),
    ("/lam-viec/bo-chi-so/{set}/ban-hanh", "a file; shows its page again"),
    ("/lam-viec/bo-chi-so/{set}/bang", "shows its page again"),
    ("/lam-viec/bo-chi-so/{set}/kiem", "answers a script; changes nothing"),
    ("/lam-viec/bo-chi-so/{set}/ma", "shows its page again"),
    ("/lam-viec/bo-chi-so/{set}/xem", "changes nothing"),
    ("/lam-viec/co-quan", "writes the session alone"),
    ("/lam-viec/dang-xuat-moi-noi", "ends the session"),
    ("/lam-viec/don-vi", "shows its page again"),
    ("/lam-viec/don-vi/nhap", "a preview keeps the page"),
    ("/lam-viec/ky", "shows its page again"),
    ("/lam-viec/ky/nhom/{group}/khong-danh-gia", "shows its page again"),
    ("/lam-viec/ky/{period}/don-vi", "shows its page again"),
    ("/lam-viec/ky/{period}/hoi-dong", "shows its page again"),
    ("/lam-viec/ky/{period}/hoi-dong/quyet-dinh", "a file; shows its page again"),
    ("/lam-viec/ky/{period}/phan-cong", "shows its page again"),
    ("/lam-viec/mat-khau", "shows its page again"),
    ("/lam-viec/nguoi-dung", "shows its page again, with the link once"),
    ("/lam-viec/nguoi-dung/{account}/bo-gioi-han", "shows its page again"),
    ("/lam-viec/nguoi-dung/{account}/khoa", "shows its page again"),
    ("/lam-viec/nguoi-dung/{account}/lien-ket", "shows the link once"),
    ("/lam-viec/nguoi-dung/{account}/mo", "shows its page again"),
    ("/lam-viec/nguoi-dung/{account}/vai-tro", "shows its page again"),
    ("/lam-viec/nguoi-dung/{account}/vai-tro/thoi", "shows its page again"),
    ("/lam-viec/phieu/{sheet}/bieu", "changes nothing"),
    ("/lam-viec/phieu/{sheet}/bieu/ghi", "a file; takes the transaction with it"),
    ("/lam-viec/phieu/{sheet}/chi-so/{code}/phan", "a piece of a file, for a script"),
    ("/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc", "files; answers scripts too"),
    ("/lam-viec/phieu/{sheet}/tra-loi", "answers a script"),
    ("/lam-viec/phieu/{sheet}/trinh", "shows its page again"),
    ("/lam-viec/phieu/{sheet}/viec", "shows its page again"),
    ("/lam-viec/tham-dinh/{sheet}/chi-so/{code}", "shows its page again"),
];

#[tokio::test]
async fn every_form_is_submitted_the_one_way() {
    let service = Service::start().await;
    let routes = server::site(&service.app).routes.into_iter();
    let forms = routes.filter(|route| route.method == Method::POST && route.access == Access::Signed);
    let others: BTreeSet<&str> = forms.filter(|route| !route.is_submitted).map(|route| route.path).collect();
    let known: BTreeSet<&str> = ANOTHER_WAY.iter().map(|(path, _)| *path).collect();
    assert_eq!(others, known);
}
