nav-desk = Việc của tôi
desk-welcome = Xin chào, { $name }
desk-about = Chọn việc cần làm.
