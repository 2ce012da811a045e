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
        .get("/dang-nhap", Open, pages::sign_in::show)
        .post("/dang-nhap", Open, pages::sign_in::submit)
        .post("/dang-xuat", Open, pages::sign_in::leave)
        .get("/ngon-ngu/{lang}", Open, pages::language::choose)
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
        .post("/lam-viec/dang-xuat-moi-noi", Signed, pages::sign_in::leave_everywhere)
        .get("/lam-viec/ky/nhom/{group}/khong-danh-gia", Signed, pages::exemptions::show)
        .post("/lam-viec/ky/nhom/{group}/khong-danh-gia", Signed, pages::exemptions::save)
        .get("/lam-viec/thong-bao", Signed, pages::inbox::show)
        .post("/lam-viec/thong-bao", Signed, pages::inbox::read)
        .post("/lam-viec/thong-bao/thu", Signed, pages::inbox::wish)
        .post("/lam-viec/co-quan", Signed, pages::seat::change)
        .get("/lam-viec/ky", Signed, pages::periods::show)
        .post("/lam-viec/ky", Signed, pages::periods::create)
        .post("/lam-viec/ky/dung-luong", Signed, pages::allowance::set)
        .get("/lam-viec/ky/{period}", Signed, pages::period::show)
        .post("/lam-viec/ky/{period}/mo", Signed, pages::period::open)
        .post("/lam-viec/ky/{period}/tham-dinh", Signed, pages::period::start_appraisal)
        .get("/lam-viec/ky/{period}/ra-soat", Signed, pages::scan::show)
        .get("/lam-viec/ky/{period}/ke-hoach", Signed, pages::plan::show)
        .post("/lam-viec/ky/{period}/ke-hoach", Signed, pages::plan::save)
        .data("/lam-viec/ky/{period}/huong-dan", Signed, pages::plan::guidance)
        .add(Method::POST, "/lam-viec/ky/{period}/huong-dan", Signed, upload(pages::plan::guide))
        .post("/lam-viec/ky/{period}/trinh", Signed, pages::plan::submitted)
        .post("/lam-viec/ky/{period}/ngay-nghi", Signed, pages::plan::add_day)
        .post("/lam-viec/ky/{period}/ngay-nghi/bo", Signed, pages::plan::remove_day)
        .post("/lam-viec/ky/{period}/han", Signed, pages::schedule::change)
        .post("/lam-viec/ky/{period}/gia-han", Signed, pages::grace::extend)
        .post("/lam-viec/ky/{period}/tra-lai", Signed, pages::grace::send_back)
        .get("/lam-viec/ky/{period}/don-vi", Signed, pages::enrolment::show)
        .post("/lam-viec/ky/{period}/don-vi", Signed, pages::enrolment::save)
        .post("/lam-viec/ky/{period}/xoa", Signed, pages::turning::discard)
        .post("/lam-viec/ky/{period}/thu-hoi", Signed, pages::turning::take_back)
        .post("/lam-viec/ky/{period}/quy-dinh", Signed, pages::turning::settle)
        .get("/lam-viec/ky/{period}/xep-hang", Signed, pages::period::ranking)
        .get("/lam-viec/ky/{period}/cong-bo", Signed, pages::publish::show)
        .post("/lam-viec/ky/{period}/cong-bo", Signed, pages::publish::publish)
        .get("/lam-viec/nhat-ky", Signed, pages::audit::show)
}

/// The council of a period: who sits in it, who judges what, its desks, its sessions.
fn council(site: Site) -> Site {
    site.get("/lam-viec/ky/{period}/hoi-dong", Signed, pages::council::show)
        .post("/lam-viec/ky/{period}/hoi-dong", Signed, pages::council::seat)
        .post("/lam-viec/ky/{period}/hoi-dong/bo", Signed, pages::council::withdraw)
        .post("/lam-viec/ky/{period}/hoi-dong/thoi", Signed, pages::council::end)
        .post("/lam-viec/ky/{period}/hoi-dong/ky-truoc", Signed, pages::council::take_over)
        .add(Method::POST, "/lam-viec/ky/{period}/hoi-dong/quyet-dinh", Signed, upload(pages::council::decide))
        .data("/lam-viec/ky/{period}/hoi-dong/quyet-dinh/{decision}", Signed, pages::council::decision)
        .get("/lam-viec/ky/{period}/phan-cong", Signed, pages::duties::show)
        .post("/lam-viec/ky/{period}/phan-cong", Signed, pages::duties::assign)
        .post("/lam-viec/ky/{period}/phan-cong/bo", Signed, pages::duties::unassign)
        .get("/lam-viec/ky/{period}/chenh-lech", Signed, pages::consistency::show)
        .get("/lam-viec/ky/{period}/phien-hop", Signed, pages::minutes::list)
        .post("/lam-viec/ky/{period}/phien-hop", Signed, pages::minutes::open)
        .get("/lam-viec/ky/phien-hop/{session}", Signed, pages::minutes::show)
        .post("/lam-viec/ky/phien-hop/{session}", Signed, pages::minutes::write)
        .post("/lam-viec/ky/phien-hop/{session}/bieu-quyet", Signed, pages::minutes::vote)
        .post("/lam-viec/ky/phien-hop/{session}/khoa", Signed, pages::minutes::seal)
        .data("/lam-viec/ky/phien-hop/{session}/bien-ban.docx", Signed, pages::minutes::document)
        .post("/lam-viec/ky/{period}/tam-thoi", Signed, pages::period::announce)
        .post("/lam-viec/ky/{period}/ket-luan", Signed, pages::period::conclude)
        .post("/lam-viec/ky/{period}/cham-lai", Signed, pages::samples::draw)
        .get("/lam-viec/cham-lai", Signed, pages::samples::list)
        .get("/lam-viec/cham-lai/{sample}", Signed, pages::samples::show)
        .post("/lam-viec/cham-lai/{sample}", Signed, pages::samples::score)
        .get("/lam-viec/tham-dinh", Signed, pages::appraisal::show)
        .get("/lam-viec/tham-dinh/nhom/{group}", Signed, pages::column::first)
        .get("/lam-viec/tham-dinh/nhom/{group}/{code}", Signed, pages::column::show)
        .post("/lam-viec/tham-dinh/nhom/{group}/{code}", Signed, pages::column::accept)
        .get("/lam-viec/tham-dinh/{sheet}", Signed, pages::appraise::show)
        .post("/lam-viec/tham-dinh/{sheet}/chi-so/{code}", Signed, pages::appraise::decide)
        .post("/lam-viec/tham-dinh/{sheet}/chi-so/{code}/hoi", Signed, pages::appraise::ask)
        .post("/lam-viec/tham-dinh/{sheet}/chi-so/{code}/kien-nghi", Signed, pages::appraise::answer)
        .post("/lam-viec/tham-dinh/{sheet}/cong-nhan", Signed, pages::appraise::accept)
}

/// Scorecards, and what proves them.
fn sheets(site: Site) -> Site {
    site.get("/lam-viec/phieu/{sheet}", Signed, pages::sheet::show)
        .post("/lam-viec/phieu/{sheet}/rut", Signed, pages::sheet::withdraw)
        .post("/lam-viec/phieu/{sheet}/trinh", Signed, pages::signing::submit)
        .get("/lam-viec/phieu/{sheet}/ky", Signed, pages::signing::show)
        .post("/lam-viec/phieu/{sheet}/trinh-lanh-dao", Signed, pages::review::hand_in)
        .post("/lam-viec/phieu/{sheet}/rut-trinh", Signed, pages::review::take_back)
        .post("/lam-viec/phieu/{sheet}/tra-chuyen-vien", Signed, pages::review::hand_back)
        .get("/lam-viec/phieu/{sheet}/phan-viec", Signed, pages::team::show)
        .post("/lam-viec/phieu/{sheet}/phan-viec", Signed, pages::team::split)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/trao-doi", Signed, pages::team::remark)
        .get("/lam-viec/phieu/{sheet}/cai-thien", Signed, pages::improvement::show)
        .post("/lam-viec/phieu/{sheet}/viec", Signed, pages::improvement::add)
        .post("/lam-viec/phieu/{sheet}/viec/{task}", Signed, pages::improvement::finish)
        .post("/lam-viec/phieu/{sheet}/nam-truoc", Signed, pages::sheet::prefill)
        .data("/lam-viec/phieu/{sheet}/ho-so.zip", Signed, pages::archive::download)
        .get("/lam-viec/phieu/{sheet}/khong-danh-gia", Signed, pages::annex::show)
        .data("/lam-viec/phieu/{sheet}/khong-danh-gia.docx", Signed, pages::annex::document)
        .data("/lam-viec/phieu/{sheet}/bieu.xlsx", Signed, pages::workbook::download)
        .get("/lam-viec/phieu/{sheet}/bieu", Signed, pages::workbook::show)
        .add(Method::POST, "/lam-viec/phieu/{sheet}/bieu", Signed, form_with_file(pages::workbook::preview))
        .add(Method::POST, "/lam-viec/phieu/{sheet}/bieu/ghi", Signed, form_with_file(pages::workbook::write))
        .get("/lam-viec/phieu/{sheet}/mo-lai", Signed, pages::reopen::show)
        .post("/lam-viec/phieu/{sheet}/mo-lai", Signed, pages::reopen::save)
        .get("/lam-viec/phieu/{sheet}/hoi-dong", Signed, pages::dialogue::show)
        .post("/lam-viec/phieu/{sheet}/hoi-dong/{code}/tra-loi", Signed, pages::dialogue::reply)
        .post("/lam-viec/phieu/{sheet}/hoi-dong/{code}/kien-nghi", Signed, pages::dialogue::petition)
        .get("/lam-viec/phieu/{sheet}/{main}", Signed, pages::desk::show)
        .post("/lam-viec/phieu/{sheet}/tra-loi", Signed, pages::desk::save)
        .data("/lam-viec/phieu/{sheet}/chi-so/{code}", Signed, pages::desk::row)
        .data("/lam-viec/phieu/{sheet}/chi-so/{code}/giai-thich", Signed, pages::desk::explain)
        .get("/lam-viec/phieu/{sheet}/chi-so/{code}/qua-trinh", Signed, pages::history::show)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}", Signed, pages::desk::save_form)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/phan", Signed, pages::pieces::receive)
        .data("/lam-viec/tlkc/{evidence}", Signed, pages::evidence::download)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/the", Signed, pages::evidence::correct)
        .post("/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/go", Signed, pages::evidence::detach)
        .add(Method::POST, "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc", Signed, upload(pages::evidence::attach))
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
        .get("/lam-viec/ky/{period}/quy-tac", Signed, pages::rule_change::show)
        .post("/lam-viec/ky/{period}/quy-tac", Signed, pages::rule_change::change)
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
