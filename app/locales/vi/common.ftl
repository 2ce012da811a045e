product-name = Thước
product-line = Chỉ số chuyển đổi số
sample-data = Dữ liệu mẫu, không phải kết quả chính thức
skip-to-content = Đến nội dung chính
main-navigation = Điều hướng chính
sign-in-link = Dành cho cán bộ: đăng nhập
sign-out = Đăng xuất
sign-out-everywhere = Đăng xuất khỏi mọi thiết bị

role-unit_editor = Chuyên viên đơn vị
role-unit_approver = Lãnh đạo đơn vị
role-appraiser = Thành viên Hội đồng thẩm định
role-council_chair = Chủ tịch Hội đồng thẩm định
role-council_secretary = Thư ký Hội đồng thẩm định
role-period_manager = Cơ quan thường trực
role-rule_admin = Quản trị bộ chỉ số
role-publisher = Phụ trách công bố
role-inspector = Thanh tra, kiểm tra
role-tenant_admin = Quản trị đơn vị

name = Tên
save = Lưu
yes = Có
no = Không
form-stale = Đã có người lưu trước bạn; nội dung mới ở ngay dưới, phần bạn đã nhập được giữ lại. Hãy xem rồi gửi lại nếu cần.
rank-outside = Không xếp hạng
