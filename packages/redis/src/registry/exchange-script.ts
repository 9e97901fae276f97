/**
 * All that gateways do with the shared registry is one script: it carries out what a gateway brings and answers
 * everything there is. Times are those of the server, so gateways need not agree on theirs.
 *
 * `seen` is when a gateway was last here. When none was for longer than the allowed absence, Redis was away: then a
 * time of grace of one lease begins, in which no lease ends and gateways bring back what they knew. Who deregistered in
 * that time is remembered, so that another gateway's memory does not bring it back.
 *
 * KEYS: instances (key → `since:until:registration`), state. ARGV: lease, absence, most instances, channel, origin, then
 * threes of kind, key and registration. Kinds: `take` registers or renews, `recall` brings back, `drop` deregisters.
 */
import { defineScript } from '../script.ts';

export type OperationKind = 'take' | 'recall' | 'drop';

/** Server time, keys dropped, keys refused because the registry is full, then keys and values in turn. */
export type ExchangeReply = [now: number, dropped: string[], refused: string[], rows: string[]];

export const exchangeScript = defineScript(`
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lease, absence, instances_max = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local state = redis.call('HMGET', KEYS[2], 'seen', 'grace_until')
local seen, grace_until = tonumber(state[1] or '0'), tonumber(state[2] or '0')
local returned = now - seen > absence
if returned then
  grace_until = now + lease
  redis.call('DEL', KEYS[2])
end
local function text(number) return string.format('%.0f', number) end
redis.call('HSET', KEYS[2], 'seen', text(now), 'grace_until', text(grace_until))

local known, size, changed = {}, 0, false
local function keep(key, since, ends, registration)
  redis.call('HSET', KEYS[1], key, text(since) .. ':' .. text(ends) .. ':' .. registration)
end
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  local since, ends, registration = string.match(rows[i + 1], '^(%d+):(%d+):(.*)$')
  ends = tonumber(ends or '0')
  if since and returned and ends < grace_until then
    ends = grace_until
    keep(rows[i], since, ends, registration)
  end
  if ends <= now then
    redis.call('HDEL', KEYS[1], rows[i])
    changed = true
  else
    known[rows[i]] = { tonumber(since), registration }
    size = size + 1
  end
end

local dropped, refused = {}, {}
for i = 6, #ARGV, 3 do
  local kind, key, registration = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local before = known[key]
  if kind == 'drop' then
    if now < grace_until then redis.call('HSET', KEYS[2], 'gone:' .. key, '1') end
    if before then
      redis.call('HDEL', KEYS[1], key)
      known[key] = nil
      size = size - 1
      changed = true
      dropped[#dropped + 1] = key
    end
  elseif kind == 'take' or (not before and now < grace_until and redis.call('HEXISTS', KEYS[2], 'gone:' .. key) == 0) then
    if not before and size >= instances_max then
      refused[#refused + 1] = key
    else
      if kind == 'take' then redis.call('HDEL', KEYS[2], 'gone:' .. key) end
      if not before then size = size + 1 end
      local since = before and before[1] or now
      changed = changed or not before or before[2] ~= registration
      known[key] = { since, registration }
      keep(key, since, now + lease, registration)
    end
  end
end
if changed then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
return { now, dropped, refused, redis.call('HGETALL', KEYS[1]) }`);
