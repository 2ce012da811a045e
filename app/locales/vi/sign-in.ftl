sign-in-title = Đăng nhập
sign-in-about = Dành cho cán bộ, công chức tham gia đánh giá chỉ số chuyển đổi số.
sign-in-login = Tên đăng nhập
sign-in-password = Mật khẩu
sign-in-submit = Đăng nhập
sign-in-refused = Tên đăng nhập hoặc mật khẩu không đúng.
sign-in-throttled = Đã thử sai quá nhiều lần, nên mật khẩu chưa được kiểm tra. Hãy đợi { $seconds } giây rồi thử lại.
sign-in-no-role = Tài khoản chưa được phân vai trò ở đơn vị nào. Hãy liên hệ quản trị viên.
