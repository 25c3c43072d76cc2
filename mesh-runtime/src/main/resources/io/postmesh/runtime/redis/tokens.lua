-- The generic cell rate algorithm (gcra.lua), giving as many tokens as there are instead of all or none.
-- KEYS[1] the limit   ARGV: limit, period in microseconds, burst, how many tokens at most
-- Answers {tokens granted, microseconds after which as many as were asked for are there again}.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[2]) / tonumber(ARGV[1])
local burst = tonumber(ARGV[3])
local most = math.min(tonumber(ARGV[4]), burst)

local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
-- A thousandth of a token more: what is there but for rounding is there.
local there = math.floor(burst - (paid - now) / interval + 0.001)
local granted = math.max(0, math.min(most, there))
if granted > 0 then
  paid = paid + granted * interval
  redis.call('SET', KEYS[1], string.format('%.3f', paid), 'PX', math.ceil((paid - now) / 1000) + 1)
end
return {granted, math.max(0, math.ceil(paid - now - (burst - most) * interval))}
