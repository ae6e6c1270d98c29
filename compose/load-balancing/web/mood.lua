-- What /run/mood says: lines of name=value; numbers as numbers.
return function()
    local found = {}
    for line in io.lines("/run/mood") do
        local name, value = line:match("^(%S+)=(%S+)$")
        if name then
            found[name] = tonumber(value) or value
        end
    end
    return found
end
