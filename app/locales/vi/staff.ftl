nav-periods = Kỳ đánh giá
nav-periods-about = Tiến độ, kế hoạch, Hội đồng và kết quả của từng kỳ.
nav-appraisal = Thẩm định
nav-appraisal-about = Phiếu của các đơn vị đang chờ Hội đồng thẩm định.
nav-sets = Bộ chỉ số
nav-sets-about = Kịch bản, phiên bản đã ban hành và bản thảo của các bộ chỉ số.
nav-audit = Nhật ký
nav-audit-about = Mọi thay đổi, theo thứ tự thời gian, có chuỗi mã băm chống sửa.
breadcrumb = Đường dẫn
unit = Đơn vị
state = Trạng thái
points = Điểm
index = Chỉ số
rank = Hạng
reason = Lý do
self-points = Điểm tự đánh giá
appraised-points = Điểm thẩm định
explanation = Giải trình
main-indexes = Chỉ số chính
decision-number = Số quyết định
decision-date = Ngày ban hành

kind-department = Sở, ban, ngành
kind-district = Cấp huyện
kind-commune = Cấp xã
kind-agency = Đơn vị trực thuộc

stage-draft = Chuẩn bị
stage-self_assessment = Tự đánh giá
stage-appraisal = Thẩm định
stage-concluded = Đã kết luận
stage-published = Đã công bố

sheet-not_started = Chưa bắt đầu
sheet-drafting = Đang nhập
sheet-submitted = Đã nộp
sheet-returned = Bị trả lại
sheet-not_submitted = Không tự đánh giá
sheet-concluded = Đã kết luận
sheet-late = Nộp muộn

claim-no_function = Đơn vị không có chức năng, nhiệm vụ này
claim-not_this_year = Quy định không yêu cầu thực hiện trong năm đánh giá

seats = Cơ quan đang làm việc
seats-change = Chuyển
