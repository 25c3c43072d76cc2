-- The generic cell rate algorithm: one key holds the time at which all that was taken is paid off.
-- KEYS[1] the limit   ARGV: limit, period in microseconds, burst, how many to take, microseconds the caller would wait
-- Answers {1, microseconds until its turn}: taken. Or {0, microseconds after which asking makes sense again}.
-- The server's clock decides, so workers whose clocks differ still share one limit.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[2]) / tonumber(ARGV[1])
local n = tonumber(ARGV[4])
-- More than the burst at once is let through from a full bucket, and paid off afterwards.
local burst = math.max(tonumber(ARGV[3]), n)

local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + n * interval
local wait = paid - burst * interval - now
if wait > tonumber(ARGV[5]) then
  return {0, math.ceil(wait)}
end
redis.call('SET', KEYS[1], string.format('%.3f', paid), 'PX', math.ceil((paid - now) / 1000) + 1)
return {1, math.max(math.ceil(wait), 0)}
