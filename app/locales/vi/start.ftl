nav-desk = Việc của tôi
start-welcome = Xin chào, { $name }
start-about = Chọn việc cần làm.
start-due = hạn { $due }
