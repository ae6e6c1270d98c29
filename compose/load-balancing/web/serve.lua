-- One answer: who answers, who it thinks asked, and how many requests it has carried out.
local mood = require("mood")

return function()
    local now = mood()
    ngx.req.read_body()
    local count = ngx.shared.counts:incr("requests", 1, 0)
    local orders = ngx.shared.counts:get("orders") or 0
    if ngx.req.get_method() == "POST" then
        orders = ngx.shared.counts:incr("orders", 1, 0)
    end
    if now["die-at"] == count then
        require("die")()
    end
    ngx.sleep(now.delay or 0)
    if now.orders == "lose" and ngx.req.get_method() == "POST" then
        return ngx.exit(444) -- the work is done, and the connection closed without a word
    end
    local told = ngx.var.proxy_protocol_addr
    local body = table.concat({
        "server=" .. ngx.var.hostname,
        "request=" .. count,
        "orders=" .. orders,
        "peer=" .. ngx.var.remote_addr,
        "forwarded=" .. (ngx.var.http_x_forwarded_for or "-"),
        "proxy=" .. (told and told ~= "" and told or "-"),
    }, "\n") .. "\n"
    ngx.header.content_length = #body
    ngx.print(body)
end
