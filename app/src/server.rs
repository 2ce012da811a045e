//! The site map and what every request passes through.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, on};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};

use crate::page_front::Fronted;
use crate::site::{Access::*, Site};
use crate::{App, again, assets, error, health, keeper, pages, postman, security, serve, session, text, typed};

/// Every page, form and endpoint. Fixed paths win over `/{tenant}`.
pub fn site(app: &App) -> Site {
    rules(sheets(council(periods(outside(Site::new(app))))))
}

/// Open to everybody: the entrance, signing in, what is published.
fn outside(site: Site) -> Site {
    site.get("/", Open, pages::home::show)
        .get("/dang-nhap", Open, pages::account::sign_in::show)
        .post("/dang-nhap", Open, pages::account::sign_in::submit)
        .post("/dang-xuat", Open, pages::account::sign_in::leave)
        .get("/ngon-ngu/{lang}", Open, pages::account::language::choose)
        .get("/{tenant}", Open, pages::portal::newest)
        .get("/{tenant}/xep-hang", Open, pages::portal::ranking::choose)
        .get("/{tenant}/xep-hang/{year}/{group}", Open, pages::portal::ranking::show)
        .get("/{tenant}/xep-hang/{year}/{group}/{unit}", Open, pages::portal::unit::show)
        .get("/{tenant}/xep-hang/{year}/{group}/{unit}/{code}", Open, pages::portal::score::show)
        .get("/{tenant}/du-lieu/{year}/{group}/{unit}/{code}", Open, pages::portal::score::json)
        .get("/{tenant}/phuong-phap/{year}/{group}", Open, pages::portal::methodology::show)
        .get("/{tenant}/so-sanh/{year}/{group}", Open, pages::portal::compare::show)
        .get("/{tenant}/tim", Open, pages::portal::search::show)
        .get("/{tenant}/du-lieu/{year}", Open, pages::portal::open_data::show)
        .get("/{tenant}/du-lieu/{year}/ket-qua.csv", Open, pages::portal::open_data::csv)
        .get("/{tenant}/du-lieu/{year}/ket-qua.json", Open, pages::portal::open_data::json)
}

/// The desk of staff, the periods of their authority, and the log.
fn periods(site: Site) -> Site {
    site.get("/lam-viec", Signed, pages::start::show)
        .post("/lam-viec/dang-xuat-moi-noi", Signed, pages::account::sign_in::leave_everywhere)
        .get("/lam-viec/ky/nhom/{group}/khong-danh-gia", Signed, pages::year::exemptions::show)
        .post("/lam-viec/ky/nhom/{group}/khong-danh-gia", Signed, pages::year::exemptions::save)
        .get("/lam-viec/thong-bao", Signed, pages::account::inbox::show)
        .post("/lam-viec/thong-bao", Signed, pages::account::inbox::read)
        .post("/lam-viec/thong-bao/thu", Signed, pages::account::inbox::wish)
        .post("/lam-viec/co-quan", Signed, pages::account::authority::change)
        .get("/lam-viec/ky", Signed, pages::year::list::show)
        .post("/lam-viec/ky", Signed, pages::year::list::create)
        .post("/lam-viec/ky/dung-luong", Signed, pages::year::quota::set)
        .get("/lam-viec/ky/{period}", Signed, pages::year::board::show)
        .post("/lam-viec/ky/{period}/mo", Signed, pages::year::board::open)
        .post("/lam-viec/ky/{period}/tham-dinh", Signed, pages::year::board::start_appraisal)
        .get("/lam-viec/ky/{period}/ra-soat", Signed, pages::year::data_review::show)
        .get("/lam-viec/ky/{period}/ke-hoach", Signed, pages::year::plan::show)
        .post("/lam-viec/ky/{period}/ke-hoach", Signed, pages::year::plan::save)
        .data("/lam-viec/ky/{period}/huong-dan", Signed, pages::year::plan::guidance)
        .add(Method::POST, "/lam-viec/ky/{period}/huong-dan", Signed, upload(pages::year::plan::guide))
        .post("/lam-viec/ky/{period}/trinh", Signed, pages::year::plan::submitted)
        .post("/lam-viec/ky/{period}/ngay-nghi", Signed, pages::year::plan::add_day)
        .post("/lam-viec/ky/{period}/ngay-nghi/bo", Signed, pages::year::plan::remove_day)
        .post("/lam-viec/ky/{period}/han", Signed, pages::year::deadlines::change)
        .post("/lam-viec/ky/{period}/gia-han", Signed, pages::year::extension::extend)
        .post("/lam-viec/ky/{period}/tra-lai", Signed, pages::year::extension::send_back)
        .get("/lam-viec/ky/{period}/don-vi", Signed, pages::year::units::show)
        .post("/lam-viec/ky/{period}/don-vi", Signed, pages::year::units::save)
        .post("/lam-viec/ky/{period}/xoa", Signed, pages::year::settings::discard)
        .post("/lam-viec/ky/{period}/thu-hoi", Signed, pages::year::settings::take_back)
        .post("/lam-viec/ky/{period}/quy-dinh", Signed, pages::year::settings::settle)
        .get("/lam-viec/ky/{period}/xep-hang", Signed, pages::year::board::ranking)
        .get("/lam-viec/ky/{period}/cong-bo", Signed, pages::year::publish::show)
        .post("/lam-viec/ky/{period}/cong-bo", Signed, pages::year::publish::publish)
        .get("/lam-viec/nhat-ky", Signed, pages::log::show)
}

/// The council of a period: who sits in it, who judges what, its desks, its sessions.
fn council(site: Site) -> Site {
    site.get("/lam-viec/ky/{period}/hoi-dong", Signed, pages::council::seats::show)
        .post("/lam-viec/ky/{period}/hoi-dong", Signed, pages::council::seats::seat)
        .post("/lam-viec/ky/{period}/hoi-dong/bo", Signed, pages::council::seats::withdraw)
        .post("/lam-viec/ky/{period}/hoi-dong/thoi", Signed, pages::council::seats::end)
        .post("/lam-viec/ky/{period}/hoi-dong/ky-truoc", Signed, pages::council::seats::take_over)
        .add(Method::POST, "/lam-viec/ky/{period}/hoi-dong/quyet-dinh", Signed, upload(pages::council::seats::decide))
        .data("/lam-viec/ky/{period}/hoi-dong/quyet-dinh/{decision}", Signed, pages::council::seats::decision)
        .get("/lam-viec/ky/{period}/phan-cong", Signed, pages::council::assignments::show)
        .post("/lam-viec/ky/{period}/phan-cong", Signed, pages::council::assignments::assign)
        .post("/lam-viec/ky/{period}/phan-cong/bo", Signed, pages::council::assignments::unassign)
        .get("/lam-viec/ky/{period}/chenh-lech", Signed, pages::council::differences::show)
        .get("/lam-viec/ky/{period}/phien-hop", Signed, pages::council::minutes::list)
        .post("/lam-viec/ky/{period}/phien-hop", Signed, pages::council::minutes::open)
        .get("/lam-viec/ky/phien-hop/{session}", Signed, pages::council::minutes::show)
        .post("/lam-viec/ky/phien-hop/{session}", Signed, pages::council::minutes::write)
        .post("/lam-viec/ky/phien-hop/{session}/bieu-quyet", Signed, pages::council::minutes::vote)
        .post("/lam-viec/ky/phien-hop/{session}/khoa", Signed, pages::council::minutes::seal)
        .data("/lam-viec/ky/phien-hop/{session}/bien-ban.docx", Signed, pages::council::minutes::document)
        .post("/lam-viec/ky/{period}/tam-thoi", Signed, pages::year::board::announce)
        .post("/lam-viec/ky/{period}/ket-luan", Signed, pages::year::board::conclude)
        .post("/lam-viec/ky/{period}/cham-lai", Signed, pages::council::second_scores::draw)
        .get("/lam-viec/cham-lai", Signed, pages::council::second_scores::list)
        .get("/lam-viec/cham-lai/{sample}", Signed, pages::council::second_scores::show)
        .post("/lam-viec/cham-lai/{sample}", Signed, pages::council::second_scores::score)
        .get("/lam-viec/tham-dinh", Signed, pages::council::list::show)
        .get("/lam-viec/tham-dinh/nhom/{group}", Signed, pages::council::indicator::first)
        .get("/lam-viec/tham-dinh/nhom/{group}/{code}", Signed, pages::council::indicator::show)
        .post("/lam-viec/tham-dinh/nhom/{group}/{code}", Signed, pages::council::indicator::accept)
        .get("/lam-viec/tham-dinh/{sheet}", Signed, pages::council::unit::show)
        .post("/lam-viec/tham-dinh/{sheet}/chi-so/{code}", Signed, pages::council::unit::decide)
        .post("/lam-viec/tham-dinh/{sheet}/chi-so/{code}/hoi", Signed, pages::council::unit::ask)
        .post("/lam-viec/tham-dinh/{sheet}/chi-so/{code}/kien-nghi", Signed, pages::council::unit::answer)
        .post("/lam-viec/tham-dinh/{sheet}/cong-nhan", Signed, pages::council::unit::accept)
}

/// Scorecards, and what proves them.
fn sheets(site: Site) -> Site {
    site.get("/lam-viec/phieu/{sheet}", Signed, pages::sheet::overview::show)
        .post("/lam-viec/phieu/{sheet}/rut", Signed, pages::sheet::overview::withdraw)
        .post("/lam-viec/phieu/{sheet}/trinh", Signed, pages::sheet::signing::submit)
        .get("/lam-viec/phieu/{sheet}/ky", Signed, pages::sheet::signing::show)
        .post("/lam-viec/phieu/{sheet}/trinh-lanh-dao", Signed, pages::sheet::review::hand_in)
        .post("/lam-viec/phieu/{sheet}/rut-trinh", Signed, pages::sheet::review::take_back)
        .post("/lam-viec/phieu/{sheet}/tra-chuyen-vien", Signed, pages::sheet::review::hand_back)
        .get("/lam-viec/phieu/{sheet}/phan-viec", Signed, pages::sheet::team::show)
        .post("/lam-viec/phieu/{sheet}/phan-viec", Signed, pages::sheet::team::split)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/trao-doi", Signed, pages::sheet::team::remark)
        .get("/lam-viec/phieu/{sheet}/cai-thien", Signed, pages::sheet::improvement::show)
        .post("/lam-viec/phieu/{sheet}/viec", Signed, pages::sheet::improvement::add)
        .post("/lam-viec/phieu/{sheet}/viec/{task}", Signed, pages::sheet::improvement::finish)
        .post("/lam-viec/phieu/{sheet}/nam-truoc", Signed, pages::sheet::overview::prefill)
        .data("/lam-viec/phieu/{sheet}/ho-so.zip", Signed, pages::sheet::archive::download)
        .get("/lam-viec/phieu/{sheet}/khong-danh-gia", Signed, pages::sheet::not_assessed::show)
        .data("/lam-viec/phieu/{sheet}/khong-danh-gia.docx", Signed, pages::sheet::not_assessed::document)
        .data("/lam-viec/phieu/{sheet}/bieu.xlsx", Signed, pages::sheet::workbook::download)
        .get("/lam-viec/phieu/{sheet}/bieu", Signed, pages::sheet::workbook::show)
        .add(Method::POST, "/lam-viec/phieu/{sheet}/bieu", Signed, form_with_file(pages::sheet::workbook::preview))
        .add(Method::POST, "/lam-viec/phieu/{sheet}/bieu/ghi", Signed, form_with_file(pages::sheet::workbook::write))
        .get("/lam-viec/phieu/{sheet}/mo-lai", Signed, pages::sheet::reopen::show)
        .post("/lam-viec/phieu/{sheet}/mo-lai", Signed, pages::sheet::reopen::save)
        .get("/lam-viec/phieu/{sheet}/hoi-dong", Signed, pages::sheet::discussion::show)
        .post("/lam-viec/phieu/{sheet}/hoi-dong/{code}/tra-loi", Signed, pages::sheet::discussion::reply)
        .post("/lam-viec/phieu/{sheet}/hoi-dong/{code}/kien-nghi", Signed, pages::sheet::discussion::petition)
        .get("/lam-viec/phieu/{sheet}/{main}", Signed, pages::sheet::desk::show)
        .post("/lam-viec/phieu/{sheet}/tra-loi", Signed, pages::sheet::desk::save)
        .data("/lam-viec/phieu/{sheet}/chi-so/{code}", Signed, pages::sheet::desk::row)
        .data("/lam-viec/phieu/{sheet}/chi-so/{code}/giai-thich", Signed, pages::sheet::desk::explain)
        .get("/lam-viec/phieu/{sheet}/chi-so/{code}/qua-trinh", Signed, pages::sheet::history::show)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}", Signed, pages::sheet::desk::save_form)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/phan", Signed, pages::sheet::pieces::receive)
        .data("/lam-viec/tlkc/{evidence}", Signed, pages::sheet::evidence::download)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/the", Signed, pages::sheet::evidence::correct)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/go", Signed, pages::sheet::evidence::detach)
        .add(Method::POST, "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc", Signed, upload(pages::sheet::evidence::attach))
}

/// Indicator sets, their versions, and the rules of a running period.
fn rules(site: Site) -> Site {
    site.get("/lam-viec/bo-chi-so", Signed, pages::sets::list)
        .post("/lam-viec/bo-chi-so/hai-nguoi", Signed, pages::sets::four_eyes)
        .get("/lam-viec/bo-chi-so/moi", Signed, pages::sets::new::show)
        .post("/lam-viec/bo-chi-so/moi", Signed, pages::sets::new::create)
        .get("/lam-viec/bo-chi-so/{set}", Signed, pages::sets::table::show)
        .post("/lam-viec/bo-chi-so/{set}/bang", Signed, pages::sets::table::change)
        .post("/lam-viec/bo-chi-so/{set}/xem", Signed, pages::sets::table::preview)
        .get("/lam-viec/bo-chi-so/{set}/ma", Signed, pages::sets::code::show)
        .post("/lam-viec/bo-chi-so/{set}/ma", Signed, pages::sets::code::write)
        .post("/lam-viec/bo-chi-so/{set}/kiem", Signed, pages::sets::code::lint)
        .get("/lam-viec/bo-chi-so/{set}/so-sanh", Signed, pages::sets::compare::show)
        .get("/lam-viec/bo-chi-so/{set}/mo-phong", Signed, pages::sets::simulate::show)
        .post("/lam-viec/bo-chi-so/{set}/mo-phong", Signed, pages::sets::simulate::run)
        .data("/lam-viec/mo-phong", Signed, pages::sets::simulate::progress)
        .get("/lam-viec/mo-phong/{simulation}", Signed, pages::sets::simulate::report)
        .get("/lam-viec/bo-chi-so/{set}/phan-tich", Signed, pages::sets::health::show)
        .get("/lam-viec/bo-chi-so/{set}/nguon", Signed, pages::sets::upstream::show)
        .post("/lam-viec/bo-chi-so/{set}/nguon", Signed, pages::sets::upstream::take)
        .get("/lam-viec/bo-chi-so/{set}/ban-hanh", Signed, pages::sets::issue::show)
        .add(Method::POST, "/lam-viec/bo-chi-so/{set}/ban-hanh", Signed, upload(pages::sets::issue::issue))
        .post("/lam-viec/bo-chi-so/{set}/phe-duyet", Signed, pages::sets::issue::approve)
        .post("/lam-viec/bo-chi-so/{set}/rut", Signed, pages::sets::issue::withdraw)
        .data("/lam-viec/phien-ban/{version}/quyet-dinh", Signed, pages::sets::issue::decision)
        .post("/lam-viec/phien-ban/{version}/chia-se", Signed, pages::sets::issue::share)
        .get("/lam-viec/ky/{period}/quy-tac", Signed, pages::year::rule_change::show)
        .post("/lam-viec/ky/{period}/quy-tac", Signed, pages::year::rule_change::change)
        .data("/lam-viec/phien-ban/{version}", Signed, pages::sets::download)
}

/// Files stream to their store; what counts is the limit there, a little above it here for the form around the file.
fn upload<H, T>(handler: H) -> MethodRouter<App>
where
    H: Handler<T, App>,
    T: 'static,
{
    let limit = usize::try_from(tenants::files::MAX_FILE).unwrap_or(usize::MAX).saturating_add(ORDINARY_BODY);
    on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(limit))
}

/// A workbook, or what one changes, is held whole: small, and read in the worker.
fn form_with_file<H, T>(handler: H) -> MethodRouter<App>
where
    H: Handler<T, App>,
    T: 'static,
{
    on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(2 * tenants::workbook::LARGEST))
}

pub(crate) const ORDINARY_BODY: usize = typed::ORDINARY;
const PATIENCE: Duration = Duration::from_secs(30);
const LAST_WORDS: Duration = Duration::from_secs(20);

/// Everything that is worked out for the request.
pub fn router(app: &App) -> Router {
    let pages = site(app)
        .into_router()
        .layer(from_fn(again::when_given_up))
        .layer(session::layer(app))
        .layer(DefaultBodyLimit::max(ORDINARY_BODY));
    let request_id = HeaderName::from_static("x-request-id");
    // The first is the outermost: the error page is in the reader's language and carries the security headers.
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(request_id.clone(), ShortCode))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(tracing::Level::INFO)),
        )
        .layer(PropagateRequestIdLayer::new(request_id))
        .layer(from_fn(text::language))
        .layer(from_fn_with_state(app.clone(), security::headers))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), error::present))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn_with_state(app.clone(), security::same_site_only))
        .layer(from_fn(security::no_nul));
    pages.fallback(crate::site::without_slash).merge(fixtures()).layer(layers).with_state(app.clone())
}

/// The whole service behind its kept pages.
pub fn service(app: &App) -> Fronted<Router> {
    Fronted::new(app, router(app))
}

/// What belongs to no page and needs no session.
fn fixtures() -> Router<App> {
    Router::new()
        .route("/assets/{file}", axum::routing::get(assets::serve))
        .route("/healthz", axum::routing::get(health::alive))
        .route("/readyz", axum::routing::get(health::ready))
}

/// Eight characters that a person can read out on the telephone.
#[derive(Clone)]
struct ShortCode;

impl MakeRequestId for ShortCode {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let code: String = uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect();
        HeaderValue::try_from(code).ok().map(RequestId::new)
    }
}

/// Paths are logged without their query, which may hold names people searched for.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    tracing::info_span!("request", code = id, method = %request.method(), path = request.uri().path())
}

/// A server that has bound its port.
pub struct Bound {
    listener: TcpListener,
    pub address: SocketAddr,
}

pub async fn bind(listen: SocketAddr) -> anyhow::Result<Bound> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("listening on {listen}"))?;
    Ok(Bound { address: listener.local_addr()?, listener })
}

/// Serves until the process is told to stop, then finishes what is under way.
pub async fn serve(bound: Bound, app: App) -> anyhow::Result<()> {
    let (tell, mut told) = watch::channel(false);
    tokio::spawn(async move {
        stop_asked().await;
        tracing::info!("stopping: finishing requests under way");
        let _ = tell.send(true);
    });
    tokio::spawn(session::sweep(app.clone()));
    tokio::spawn(postman::walk(app.clone()));
    tokio::spawn(keeper::walk(app.clone()));
    let mut told_too = told.clone();
    let serving = serve::until(bound.listener, service(&app), async move {
        let _ = told.changed().await;
    });
    tokio::select! {
        () = serving => (),
        () = async { let _ = told_too.changed().await; tokio::time::sleep(LAST_WORDS).await } => (),
    }
    Ok(())
}

async fn stop_asked() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! { _ = interrupt => (), _ = terminate.recv() => () },
        Err(_) => drop(interrupt.await),
    }
}
