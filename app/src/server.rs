//! The site map and what every request passes through.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use tenants::paths;
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
use crate::{App, assets, error, health, mailer, maintenance, pages, retry, security, serve, session, text, typed};

/// Every page, form and endpoint. Fixed paths win over `/{tenant}`.
pub fn site(app: &App) -> Site {
    people(rules(sheets(council(periods(outside(Site::new(app)))))))
}

/// Open to everybody: the entrance, signing in, what is published.
fn outside(site: Site) -> Site {
    site.get(paths::home::PATH, Open, pages::home::show)
        .get(paths::sign_in::PATH, Open, pages::account::sign_in::show)
        .post(paths::sign_in::PATH, Open, pages::account::sign_in::submit)
        .post(paths::sign_out::PATH, Open, pages::account::sign_in::leave)
        .get(paths::link::PATH, Open, pages::account::link::show)
        .post(paths::link::PATH, Open, pages::account::link::choose)
        .get(paths::language::PATH, Open, pages::account::language::choose)
        .get(paths::portal::PATH, Open, pages::portal::newest)
        .get(paths::portal_rankings::PATH, Open, pages::portal::ranking::choose)
        .get(paths::portal_ranking::PATH, Open, pages::portal::ranking::show)
        .get(paths::portal_unit::PATH, Open, pages::portal::unit::show)
        .get(paths::portal_score::PATH, Open, pages::portal::score::show)
        .get(paths::portal_score_json::PATH, Open, pages::portal::score::json)
        .get(paths::portal_methodology::PATH, Open, pages::portal::methodology::show)
        .get(paths::portal_compare::PATH, Open, pages::portal::compare::show)
        .get(paths::portal_search::PATH, Open, pages::portal::search::show)
        .get(paths::open_data::PATH, Open, pages::portal::open_data::show)
        .get(paths::open_data_csv::PATH, Open, pages::portal::open_data::csv)
        .get(paths::open_data_json::PATH, Open, pages::portal::open_data::json)
}

/// The desk of staff, the periods of their authority, and the log.
fn periods(site: Site) -> Site {
    site.get(paths::start::PATH, Signed, pages::start::show)
        .get(paths::password::PATH, Signed, pages::account::password::show)
        .post(paths::password::PATH, Signed, pages::account::password::change)
        .post(paths::sign_out_everywhere::PATH, Signed, pages::account::sign_in::leave_everywhere)
        .get(paths::exemptions::PATH, Signed, pages::year::exemptions::show)
        .post(paths::exemptions::PATH, Signed, pages::year::exemptions::save)
        .get(paths::inbox::PATH, Signed, pages::account::inbox::show)
        .post(paths::inbox::PATH, Signed, pages::account::inbox::read)
        .post(paths::inbox_letters::PATH, Signed, pages::account::inbox::wish)
        .post(paths::authority::PATH, Signed, pages::account::authority::change)
        .get(paths::years::PATH, Signed, pages::year::list::show)
        .post(paths::years::PATH, Signed, pages::year::list::create)
        .post(paths::quota::PATH, Signed, pages::year::quota::set)
        .get(paths::year::PATH, Signed, pages::year::board::show)
        .post(paths::year_open::PATH, Signed, pages::year::board::open)
        .post(paths::year_start_appraisal::PATH, Signed, pages::year::board::start_appraisal)
        .get(paths::year_data_review::PATH, Signed, pages::year::data_review::show)
        .get(paths::year_plan::PATH, Signed, pages::year::plan::show)
        .post(paths::year_plan::PATH, Signed, pages::year::plan::save)
        .data(paths::year_guidance::PATH, Signed, pages::year::plan::guidance)
        .upload(paths::year_guidance::PATH, Signed, with_file(), pages::year::plan::guide)
        .post(paths::year_submitted::PATH, Signed, pages::year::plan::submitted)
        .post(paths::year_days_off::PATH, Signed, pages::year::plan::add_day)
        .post(paths::year_days_off_remove::PATH, Signed, pages::year::plan::remove_day)
        .post(paths::year_deadlines::PATH, Signed, pages::year::deadlines::change)
        .post(paths::year_extend::PATH, Signed, pages::year::extension::extend)
        .post(paths::year_send_back::PATH, Signed, pages::year::extension::send_back)
        .get(paths::year_units::PATH, Signed, pages::year::units::show)
        .post(paths::year_units::PATH, Signed, pages::year::units::save)
        .post(paths::year_discard::PATH, Signed, pages::year::settings::discard)
        .post(paths::year_take_back::PATH, Signed, pages::year::settings::take_back)
        .post(paths::year_settings::PATH, Signed, pages::year::settings::settle)
        .get(paths::year_ranking::PATH, Signed, pages::year::board::ranking)
        .get(paths::year_publish::PATH, Signed, pages::year::publish::show)
        .post(paths::year_publish::PATH, Signed, pages::year::publish::publish)
        .get(paths::log::PATH, Signed, pages::log::show)
}

/// The people of the authority, and its units.
fn people(site: Site) -> Site {
    use pages::people::{list, person, units, units_import};
    site.get(paths::people::PATH, Signed, list::show)
        .post(paths::people::PATH, Signed, list::invite)
        .get(paths::person::PATH, Signed, person::show)
        .post(paths::person_role::PATH, Signed, person::give)
        .post(paths::person_role_end::PATH, Signed, person::end)
        .post(paths::person_link::PATH, Signed, person::link)
        .post(paths::person_disable::PATH, Signed, person::disable)
        .post(paths::person_enable::PATH, Signed, person::enable)
        .post(paths::person_unlock::PATH, Signed, person::unlock)
        .get(paths::units::PATH, Signed, units::show)
        .post(paths::units::PATH, Signed, units::create)
        .get(paths::units_import::PATH, Signed, units_import::show)
        .post(paths::units_import::PATH, Signed, units_import::import)
}

/// The council of a period: who sits in it, who judges what, its desks, its sessions.
fn council(site: Site) -> Site {
    site.get(paths::council::PATH, Signed, pages::council::seats::show)
        .post(paths::council::PATH, Signed, pages::council::seats::seat)
        .post(paths::council_withdraw::PATH, Signed, pages::council::seats::withdraw)
        .post(paths::council_end_seat::PATH, Signed, pages::council::seats::end)
        .post(paths::council_take_over::PATH, Signed, pages::council::seats::take_over)
        .upload(paths::council_decide::PATH, Signed, with_file(), pages::council::seats::decide)
        .data(paths::council_decision::PATH, Signed, pages::council::seats::decision)
        .get(paths::assignments::PATH, Signed, pages::council::assignments::show)
        .post(paths::assignments::PATH, Signed, pages::council::assignments::assign)
        .post(paths::assignments_remove::PATH, Signed, pages::council::assignments::unassign)
        .get(paths::differences::PATH, Signed, pages::council::differences::show)
        .get(paths::sessions::PATH, Signed, pages::council::minutes::list)
        .post(paths::sessions::PATH, Signed, pages::council::minutes::open)
        .get(paths::session::PATH, Signed, pages::council::minutes::show)
        .post(paths::session::PATH, Signed, pages::council::minutes::write)
        .post(paths::session_vote::PATH, Signed, pages::council::minutes::vote)
        .post(paths::session_seal::PATH, Signed, pages::council::minutes::seal)
        .data(paths::session_minutes::PATH, Signed, pages::council::minutes::document)
        .post(paths::year_announce::PATH, Signed, pages::year::board::announce)
        .post(paths::year_conclude::PATH, Signed, pages::year::board::conclude)
        .post(paths::second_scores_draw::PATH, Signed, pages::council::second_scores::draw)
        .get(paths::second_scores::PATH, Signed, pages::council::second_scores::list)
        .get(paths::second_score::PATH, Signed, pages::council::second_scores::show)
        .post(paths::second_score::PATH, Signed, pages::council::second_scores::score)
        .get(paths::appraisals::PATH, Signed, pages::council::list::show)
        .get(paths::appraise_group::PATH, Signed, pages::council::indicator::first)
        .get(paths::appraise_indicator::PATH, Signed, pages::council::indicator::show)
        .post(paths::appraise_indicator::PATH, Signed, pages::council::indicator::accept)
        .get(paths::appraise::PATH, Signed, pages::council::unit::show)
        .post(paths::appraise_decide::PATH, Signed, pages::council::unit::decide)
        .post(paths::appraise_ask::PATH, Signed, pages::council::unit::ask)
        .post(paths::appraise_answer_petition::PATH, Signed, pages::council::unit::answer)
        .post(paths::appraise_accept::PATH, Signed, pages::council::unit::accept)
}

/// Scorecards, and what proves them.
fn sheets(site: Site) -> Site {
    site.get(paths::sheet::PATH, Signed, pages::sheet::overview::show)
        .post(paths::sheet_withdraw::PATH, Signed, pages::sheet::overview::withdraw)
        .post(paths::sheet_submit::PATH, Signed, pages::sheet::signing::submit)
        .get(paths::sheet_signing::PATH, Signed, pages::sheet::signing::show)
        .post(paths::sheet_hand_in::PATH, Signed, pages::sheet::review::hand_in)
        .post(paths::sheet_take_back::PATH, Signed, pages::sheet::review::take_back)
        .post(paths::sheet_hand_back::PATH, Signed, pages::sheet::review::hand_back)
        .get(paths::sheet_team::PATH, Signed, pages::sheet::team::show)
        .post(paths::sheet_team::PATH, Signed, pages::sheet::team::split)
        .post(paths::row_remark::PATH, Signed, pages::sheet::team::remark)
        .get(paths::sheet_improvement::PATH, Signed, pages::sheet::improvement::show)
        .post(paths::sheet_tasks::PATH, Signed, pages::sheet::improvement::add)
        .post(paths::sheet_task::PATH, Signed, pages::sheet::improvement::finish)
        .post(paths::sheet_prefill::PATH, Signed, pages::sheet::overview::prefill)
        .data(paths::sheet_archive::PATH, Signed, pages::sheet::archive::download)
        .get(paths::sheet_not_assessed::PATH, Signed, pages::sheet::not_assessed::show)
        .data(paths::sheet_not_assessed_document::PATH, Signed, pages::sheet::not_assessed::document)
        .data(paths::sheet_workbook_file::PATH, Signed, pages::sheet::workbook::download)
        .get(paths::sheet_workbook::PATH, Signed, pages::sheet::workbook::show)
        .upload(paths::sheet_workbook::PATH, Signed, WITH_WORKBOOK, pages::sheet::workbook::preview)
        .upload(paths::sheet_workbook_write::PATH, Signed, WITH_WORKBOOK, pages::sheet::workbook::write)
        .get(paths::sheet_reopen::PATH, Signed, pages::sheet::reopen::show)
        .post(paths::sheet_reopen::PATH, Signed, pages::sheet::reopen::save)
        .get(paths::sheet_discussion::PATH, Signed, pages::sheet::discussion::show)
        .post(paths::sheet_reply::PATH, Signed, pages::sheet::discussion::reply)
        .post(paths::sheet_petition::PATH, Signed, pages::sheet::discussion::petition)
        .get(paths::desk::PATH, Signed, pages::sheet::desk::show)
        .post(paths::desk_save::PATH, Signed, pages::sheet::desk::save)
        .data(paths::row::PATH, Signed, pages::sheet::desk::row)
        .data(paths::row_explain::PATH, Signed, pages::sheet::desk::explain)
        .get(paths::row_history::PATH, Signed, pages::sheet::history::show)
        .post(paths::row::PATH, Signed, pages::sheet::desk::save_form)
        .post(paths::row_piece::PATH, Signed, pages::sheet::pieces::receive)
        .data(paths::evidence::PATH, Signed, pages::sheet::evidence::download)
        .post(paths::evidence_card::PATH, Signed, pages::sheet::evidence::correct)
        .post(paths::evidence_detach::PATH, Signed, pages::sheet::evidence::detach)
        .upload(paths::evidence_attach::PATH, Signed, with_file(), pages::sheet::evidence::attach)
}

/// Indicator sets, their versions, and the rules of a running period.
fn rules(site: Site) -> Site {
    site.get(paths::sets::PATH, Signed, pages::sets::list)
        .post(paths::sets_four_eyes::PATH, Signed, pages::sets::four_eyes)
        .get(paths::set_new::PATH, Signed, pages::sets::new::show)
        .post(paths::set_new::PATH, Signed, pages::sets::new::create)
        .get(paths::set::PATH, Signed, pages::sets::table::show)
        .post(paths::set_change::PATH, Signed, pages::sets::table::change)
        .post(paths::set_preview::PATH, Signed, pages::sets::table::preview)
        .get(paths::set_code::PATH, Signed, pages::sets::code::show)
        .post(paths::set_code::PATH, Signed, pages::sets::code::write)
        .post(paths::set_check::PATH, Signed, pages::sets::code::lint)
        .get(paths::set_compare::PATH, Signed, pages::sets::compare::show)
        .get(paths::set_simulate::PATH, Signed, pages::sets::simulate::show)
        .post(paths::set_simulate::PATH, Signed, pages::sets::simulate::run)
        .data(paths::simulation_progress::PATH, Signed, pages::sets::simulate::progress)
        .get(paths::simulation::PATH, Signed, pages::sets::simulate::report)
        .get(paths::set_health::PATH, Signed, pages::sets::health::show)
        .get(paths::set_upstream::PATH, Signed, pages::sets::upstream::show)
        .post(paths::set_upstream::PATH, Signed, pages::sets::upstream::take)
        .get(paths::set_issue::PATH, Signed, pages::sets::issue::show)
        .upload(paths::set_issue::PATH, Signed, with_file(), pages::sets::issue::issue)
        .post(paths::set_approve::PATH, Signed, pages::sets::issue::approve)
        .post(paths::set_withdraw::PATH, Signed, pages::sets::issue::withdraw)
        .data(paths::version_decision::PATH, Signed, pages::sets::issue::decision)
        .post(paths::version_share::PATH, Signed, pages::sets::issue::share)
        .get(paths::year_rules::PATH, Signed, pages::year::rule_change::show)
        .post(paths::year_rules::PATH, Signed, pages::year::rule_change::change)
        .get(paths::year_engine::PATH, Signed, pages::year::engine::show)
        .post(paths::year_engine::PATH, Signed, pages::year::engine::renew)
        .data(paths::version::PATH, Signed, pages::sets::download)
}

/// Files stream to their store; what counts is the limit there, a little above it here for the form around the file.
fn with_file() -> usize {
    usize::try_from(tenants::files::MAX_FILE).unwrap_or(usize::MAX).saturating_add(ORDINARY_BODY)
}

/// A workbook, or what one changes, is held whole: small, and read in the worker.
const WITH_WORKBOOK: usize = 2 * tenants::workbook::LARGEST;
pub(crate) const ORDINARY_BODY: usize = typed::ORDINARY;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);

/// Everything that is worked out for the request.
pub fn router(app: &App) -> Router {
    let pages = site(app)
        .into_router()
        .layer(from_fn(retry::when_given_up))
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
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
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
    tokio::spawn(mailer::walk(app.clone()));
    tokio::spawn(maintenance::walk(app.clone()));
    let mut told_too = told.clone();
    let serving = serve::until(bound.listener, service(&app), async move {
        let _ = told.changed().await;
    });
    tokio::select! {
        () = serving => (),
        () = async { let _ = told_too.changed().await; tokio::time::sleep(SHUTDOWN_GRACE).await } => (),
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
