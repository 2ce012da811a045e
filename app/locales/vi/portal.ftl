portal-nav-ranking = Xếp hạng
home-title = Các cơ quan công bố chỉ số chuyển đổi số
home-empty = Chưa có cơ quan nào
home-empty-text = Khi một cơ quan được tạo, trang công bố của cơ quan đó sẽ có ở đây.
