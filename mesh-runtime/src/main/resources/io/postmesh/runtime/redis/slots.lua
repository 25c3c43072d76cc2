-- How many connections each worker may have to one place: a sorted set, its members 'slots:wanted:since:worker', its
-- scores the milliseconds at which each lease ends. Who asks in vain touches nobody's lease but its own.
-- KEYS[1] the place   ARGV: worker, limit of all together, slots wanted, connections open now, for how long this holds
-- Answers {slots granted, milliseconds after which asking makes sense when they are too few}.
local TURN = ARGV[5] / 3 -- where there are fewer slots than workers, each has its turn
local SOON = 1000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me, limit, wanted, open = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ends = now + ARGV[5]

local old, mine, others = {}, nil, {}
local leases = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'WITHSCORES')
for i = 1, #leases, 2 do
  local slots, want, since, who = string.match(leases[i], '^(%d+):(%d+):(%d+):(.*)$')
  local lease = {slots = tonumber(slots), wanted = tonumber(want), since = tonumber(since), ends = tonumber(leases[i + 1])}
  if who == me then
    old[#old + 1] = leases[i]
    mine = lease
  else
    others[#others + 1] = lease
  end
end

local workers = #others + 1
local equal = math.max(1, math.floor(limit / workers))
local taken, owed, hungry, ahead, greedy, first = 0, 0, 0, 0, false, ends
for _, other in ipairs(others) do
  taken = taken + other.slots
  owed = owed + math.max(other.slots, math.min(other.wanted, equal))
  greedy = greedy or other.slots > equal
  first = math.min(first, other.ends)
  if other.slots == 0 and other.wanted > 0 then
    hungry = hungry + 1
    if not mine or other.since < mine.since then ahead = ahead + 1 end
  end
end

-- Nobody takes what others hold; and beyond an equal part, nothing that others still want of theirs.
local granted = math.min(wanted, limit - taken, math.max(equal, limit - owed))
if workers > limit then
  local holds = mine and mine.slots > 0
  if not holds then
    granted = math.min(granted, limit - taken - ahead)
  elseif hungry > 0 and now - mine.since >= TURN then
    granted = 0
  end
end
granted = math.max(0, granted)
local slots = math.max(granted, open)

-- Written before the old one goes: a Redis without memory refuses the first write, and the lease stands as it was.
local new = ''
if wanted > 0 or open > 0 then
  local same = mine and (mine.slots > 0) == (slots > 0)
  new = slots .. ':' .. wanted .. ':' .. string.format('%.0f', same and mine.since or now) .. ':' .. me
  redis.call('ZADD', KEYS[1], ends, new)
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
for _, lease in ipairs(old) do
  if lease ~= new then redis.call('ZREM', KEYS[1], lease) end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)

if granted >= wanted then return {granted, 0} end
-- Who has more than an equal part gives it back at its next sweep; else some lease has to end first.
if greedy or workers > limit then return {granted, SOON} end
return {granted, math.max(100, first - now)}
