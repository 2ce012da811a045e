portal-nav-ranking = Ranking
home-title = Authorities that publish their digital transformation index
home-empty = No authority yet
home-empty-text = Once an authority is created, its public page is found here.
