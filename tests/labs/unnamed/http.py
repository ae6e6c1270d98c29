"""Where the HTTP lab's references, read as anybody's captures, bear no name."""

# page: what shows it is the client's log, which no capture holds; its packets are one object, asked for by some protocol.
# behind: one request by HTTP/3 could be page's as well, and page's packets tell nothing.
UNNAMED = ("page", "behind")
