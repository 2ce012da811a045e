//! Every address of the product, written once. The router takes its pattern (`paths::sheet::PATH`), whatever leads there
//! asks for the address (`paths::sheet(id)`): links, forms, redirects, notices, what runs in the browser.
//!
//! What is renamed here is renamed everywhere; what is gone does not compile.

use crate::ids::{
    AccountId, AssessmentId, CouncilDecisionId, CouncilSessionId, EvidenceId, GroupId, PeriodId, SampleId, SetId,
    SimulationId, TaskId, VersionId,
};

macro_rules! paths {
    ($($name:ident($($part:ident: $kind:ty),*) = $path:literal;)*) => {$(
        pub mod $name {
            /// With its parts in braces, as the router reads it.
            pub const PATH: &str = $path;
        }

        #[doc = $path]
        pub fn $name($($part: $kind),*) -> String {
            format!($path, $($part = $part),*)
        }
    )*};
}

paths! {
    // Open to everybody.
    home() = "/";
    sign_in() = "/dang-nhap";
    sign_out() = "/dang-xuat";
    link() = "/moi";
    language(lang: &str) = "/ngon-ngu/{lang}";
    portal(tenant: &str) = "/{tenant}";
    portal_rankings(tenant: &str) = "/{tenant}/xep-hang";
    portal_ranking(tenant: &str, year: i32, group: &str) = "/{tenant}/xep-hang/{year}/{group}";
    portal_unit(tenant: &str, year: i32, group: &str, unit: &str) = "/{tenant}/xep-hang/{year}/{group}/{unit}";
    portal_score(tenant: &str, year: i32, group: &str, unit: &str, code: &str) = "/{tenant}/xep-hang/{year}/{group}/{unit}/{code}";
    portal_score_json(tenant: &str, year: i32, group: &str, unit: &str, code: &str) = "/{tenant}/du-lieu/{year}/{group}/{unit}/{code}";
    portal_methodology(tenant: &str, year: i32, group: &str) = "/{tenant}/phuong-phap/{year}/{group}";
    portal_compare(tenant: &str, year: i32, group: &str) = "/{tenant}/so-sanh/{year}/{group}";
    portal_search(tenant: &str) = "/{tenant}/tim";
    open_data(tenant: &str, year: i32) = "/{tenant}/du-lieu/{year}";
    open_data_csv(tenant: &str, year: i32) = "/{tenant}/du-lieu/{year}/ket-qua.csv";
    open_data_json(tenant: &str, year: i32) = "/{tenant}/du-lieu/{year}/ket-qua.json";

    // The people at work.
    start() = "/lam-viec";
    password() = "/lam-viec/mat-khau";
    sign_out_everywhere() = "/lam-viec/dang-xuat-moi-noi";
    inbox() = "/lam-viec/thong-bao";
    inbox_letters() = "/lam-viec/thong-bao/thu";
    authority() = "/lam-viec/co-quan";
    log() = "/lam-viec/nhat-ky";

    // The people and units of the authority.
    people() = "/lam-viec/nguoi-dung";
    person(account: AccountId) = "/lam-viec/nguoi-dung/{account}";
    person_role(account: AccountId) = "/lam-viec/nguoi-dung/{account}/vai-tro";
    person_role_end(account: AccountId) = "/lam-viec/nguoi-dung/{account}/vai-tro/thoi";
    person_link(account: AccountId) = "/lam-viec/nguoi-dung/{account}/lien-ket";
    person_disable(account: AccountId) = "/lam-viec/nguoi-dung/{account}/khoa";
    person_enable(account: AccountId) = "/lam-viec/nguoi-dung/{account}/mo";
    person_unlock(account: AccountId) = "/lam-viec/nguoi-dung/{account}/bo-gioi-han";
    units() = "/lam-viec/don-vi";
    units_import() = "/lam-viec/don-vi/nhap";

    // A year of assessment.
    exemptions(group: GroupId) = "/lam-viec/ky/nhom/{group}/khong-danh-gia";
    years() = "/lam-viec/ky";
    quota() = "/lam-viec/ky/dung-luong";
    year(period: PeriodId) = "/lam-viec/ky/{period}";
    year_open(period: PeriodId) = "/lam-viec/ky/{period}/mo";
    year_start_appraisal(period: PeriodId) = "/lam-viec/ky/{period}/tham-dinh";
    year_data_review(period: PeriodId) = "/lam-viec/ky/{period}/ra-soat";
    year_plan(period: PeriodId) = "/lam-viec/ky/{period}/ke-hoach";
    year_guidance(period: PeriodId) = "/lam-viec/ky/{period}/huong-dan";
    year_submitted(period: PeriodId) = "/lam-viec/ky/{period}/trinh";
    year_days_off(period: PeriodId) = "/lam-viec/ky/{period}/ngay-nghi";
    year_days_off_remove(period: PeriodId) = "/lam-viec/ky/{period}/ngay-nghi/bo";
    year_deadlines(period: PeriodId) = "/lam-viec/ky/{period}/han";
    year_extend(period: PeriodId) = "/lam-viec/ky/{period}/gia-han";
    year_send_back(period: PeriodId) = "/lam-viec/ky/{period}/tra-lai";
    year_units(period: PeriodId) = "/lam-viec/ky/{period}/don-vi";
    year_discard(period: PeriodId) = "/lam-viec/ky/{period}/xoa";
    year_take_back(period: PeriodId) = "/lam-viec/ky/{period}/thu-hoi";
    year_settings(period: PeriodId) = "/lam-viec/ky/{period}/quy-dinh";
    year_ranking(period: PeriodId) = "/lam-viec/ky/{period}/xep-hang";
    year_publish(period: PeriodId) = "/lam-viec/ky/{period}/cong-bo";
    year_announce(period: PeriodId) = "/lam-viec/ky/{period}/tam-thoi";
    year_conclude(period: PeriodId) = "/lam-viec/ky/{period}/ket-luan";
    year_rules(period: PeriodId) = "/lam-viec/ky/{period}/quy-tac";
    year_engine(period: PeriodId) = "/lam-viec/ky/{period}/bo-may";

    // The council.
    council(period: PeriodId) = "/lam-viec/ky/{period}/hoi-dong";
    council_withdraw(period: PeriodId) = "/lam-viec/ky/{period}/hoi-dong/bo";
    council_end_seat(period: PeriodId) = "/lam-viec/ky/{period}/hoi-dong/thoi";
    council_take_over(period: PeriodId) = "/lam-viec/ky/{period}/hoi-dong/ky-truoc";
    council_decide(period: PeriodId) = "/lam-viec/ky/{period}/hoi-dong/quyet-dinh";
    council_decision(period: PeriodId, decision: CouncilDecisionId) = "/lam-viec/ky/{period}/hoi-dong/quyet-dinh/{decision}";
    assignments(period: PeriodId) = "/lam-viec/ky/{period}/phan-cong";
    assignments_remove(period: PeriodId) = "/lam-viec/ky/{period}/phan-cong/bo";
    differences(period: PeriodId) = "/lam-viec/ky/{period}/chenh-lech";
    sessions(period: PeriodId) = "/lam-viec/ky/{period}/phien-hop";
    session(session: CouncilSessionId) = "/lam-viec/ky/phien-hop/{session}";
    session_vote(session: CouncilSessionId) = "/lam-viec/ky/phien-hop/{session}/bieu-quyet";
    session_seal(session: CouncilSessionId) = "/lam-viec/ky/phien-hop/{session}/khoa";
    session_minutes(session: CouncilSessionId) = "/lam-viec/ky/phien-hop/{session}/bien-ban.docx";
    second_scores_draw(period: PeriodId) = "/lam-viec/ky/{period}/cham-lai";
    second_scores() = "/lam-viec/cham-lai";
    second_score(sample: SampleId) = "/lam-viec/cham-lai/{sample}";
    appraisals() = "/lam-viec/tham-dinh";
    appraise_group(group: GroupId) = "/lam-viec/tham-dinh/nhom/{group}";
    appraise_indicator(group: GroupId, code: &str) = "/lam-viec/tham-dinh/nhom/{group}/{code}";
    appraise(sheet: AssessmentId) = "/lam-viec/tham-dinh/{sheet}";
    appraise_decide(sheet: AssessmentId, code: &str) = "/lam-viec/tham-dinh/{sheet}/chi-so/{code}";
    appraise_ask(sheet: AssessmentId, code: &str) = "/lam-viec/tham-dinh/{sheet}/chi-so/{code}/hoi";
    appraise_answer_petition(sheet: AssessmentId, code: &str) = "/lam-viec/tham-dinh/{sheet}/chi-so/{code}/kien-nghi";
    appraise_accept(sheet: AssessmentId) = "/lam-viec/tham-dinh/{sheet}/cong-nhan";

    // Scorecards, and what proves them.
    sheet(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}";
    sheet_withdraw(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/rut";
    sheet_submit(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/trinh";
    sheet_signing(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/ky";
    sheet_hand_in(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/trinh-lanh-dao";
    sheet_take_back(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/rut-trinh";
    sheet_hand_back(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/tra-chuyen-vien";
    sheet_team(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/phan-viec";
    row_remark(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/chi-so/{code}/trao-doi";
    sheet_improvement(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/cai-thien";
    sheet_tasks(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/viec";
    sheet_task(sheet: AssessmentId, task: TaskId) = "/lam-viec/phieu/{sheet}/viec/{task}";
    sheet_prefill(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/nam-truoc";
    sheet_archive(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/ho-so.zip";
    sheet_not_assessed(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/khong-danh-gia";
    sheet_not_assessed_document(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/khong-danh-gia.docx";
    sheet_workbook_file(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/bieu.xlsx";
    sheet_workbook(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/bieu";
    sheet_workbook_write(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/bieu/ghi";
    sheet_reopen(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/mo-lai";
    sheet_discussion(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/hoi-dong";
    sheet_reply(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/hoi-dong/{code}/tra-loi";
    sheet_petition(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/hoi-dong/{code}/kien-nghi";
    desk(sheet: AssessmentId, main: &str) = "/lam-viec/phieu/{sheet}/{main}";
    desk_save(sheet: AssessmentId) = "/lam-viec/phieu/{sheet}/tra-loi";
    row(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/chi-so/{code}";
    row_explain(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/chi-so/{code}/giai-thich";
    row_history(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/chi-so/{code}/qua-trinh";
    row_piece(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/chi-so/{code}/phan";
    evidence(evidence: EvidenceId) = "/lam-viec/tlkc/{evidence}";
    evidence_card(sheet: AssessmentId, code: &str, evidence: EvidenceId) = "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/the";
    evidence_detach(sheet: AssessmentId, code: &str, evidence: EvidenceId) = "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc/{evidence}/go";
    evidence_attach(sheet: AssessmentId, code: &str) = "/lam-viec/phieu/{sheet}/chi-so/{code}/tlkc";

    // Indicator sets, their versions, simulations.
    sets() = "/lam-viec/bo-chi-so";
    sets_four_eyes() = "/lam-viec/bo-chi-so/hai-nguoi";
    set_new() = "/lam-viec/bo-chi-so/moi";
    set(set: SetId) = "/lam-viec/bo-chi-so/{set}";
    set_change(set: SetId) = "/lam-viec/bo-chi-so/{set}/bang";
    set_preview(set: SetId) = "/lam-viec/bo-chi-so/{set}/xem";
    set_code(set: SetId) = "/lam-viec/bo-chi-so/{set}/ma";
    set_check(set: SetId) = "/lam-viec/bo-chi-so/{set}/kiem";
    set_compare(set: SetId) = "/lam-viec/bo-chi-so/{set}/so-sanh";
    set_simulate(set: SetId) = "/lam-viec/bo-chi-so/{set}/mo-phong";
    simulation_progress() = "/lam-viec/mo-phong";
    simulation(simulation: SimulationId) = "/lam-viec/mo-phong/{simulation}";
    set_health(set: SetId) = "/lam-viec/bo-chi-so/{set}/phan-tich";
    set_upstream(set: SetId) = "/lam-viec/bo-chi-so/{set}/nguon";
    set_issue(set: SetId) = "/lam-viec/bo-chi-so/{set}/ban-hanh";
    set_approve(set: SetId) = "/lam-viec/bo-chi-so/{set}/phe-duyet";
    set_withdraw(set: SetId) = "/lam-viec/bo-chi-so/{set}/rut";
    version_decision(version: VersionId) = "/lam-viec/phien-ban/{version}/quyet-dinh";
    version_share(version: VersionId) = "/lam-viec/phien-ban/{version}/chia-se";
    version(version: VersionId) = "/lam-viec/phien-ban/{version}";
}
