-- What a balancer's check is told.
return function()
    if require("mood")().health == "bad" then
        ngx.status = 503
        return ngx.say("not well")
    end
    ngx.say("well")
end
