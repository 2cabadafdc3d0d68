#include "io/store/redis/scripts.h"

#include <initializer_list>

namespace signalbox::store {
namespace {

constexpr std::string_view kCommon = R"lua(
local MOST = 9007199254740991
local function clock()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
)lua";

// An error of a script is a word and more: Redis would put ERR before a word alone.
//
// An account is a hash. Its field `m` holds settled, life, told, told_at, recovers_until; a field
// `h:<name>` a holder's sequence, held, in_use, booked, uncertain, lease_end, silent. Numbers are
// written by '%.0f': Lua would write large ones as 9.007e+15. What a lease's end changes is not
// written down but worked out anew each time until the holder or a draw writes it.
constexpr std::string_view kBook = R"lua(
local function bounded(n) return math.max(-MOST, math.min(MOST, n)) end

local function numbers(text, count)
  local out = {}
  for word in string.gmatch(text, '%S+') do out[#out + 1] = tonumber(word) end
  return #out == count and out or nil
end

local function joined(list)
  local out = {}
  for i = 1, #list do out[i] = string.format('%.0f', list[i]) end
  return table.concat(out, ' ')
end

-- The account's numbers and its holders by name; nil when the hash is not one of ours.
local function load(key)
  local fields = redis.call('HGETALL', key)
  local account, holders = nil, {}
  for i = 1, #fields, 2 do
    if fields[i] == 'm' then
      account = numbers(fields[i + 1], 5)
    else
      local h = numbers(fields[i + 1], 7)
      if not h then return nil end
      holders[string.sub(fields[i], 3)] = h
    end
  end
  if not account and #fields > 0 then return nil end
  return account or {0, 0, 0, 0, 0}, holders
end

-- Frees slices whose leases have ended; returns the names of holders to forget.
local function end_leases(account, holders, now, remembered)
  local forgotten, changed = {}, {}
  for name, h in pairs(holders) do
    if h[6] <= now and h[2] > 0 then
      h[5] = math.min(h[3], h[2])
      account[1] = bounded(account[1] + h[5])
      h[2], h[7] = 0, 1
      changed[#changed + 1] = name
    end
    if h[6] + remembered <= now then forgotten[#forgotten + 1] = name end
  end
  for _, name in ipairs(forgotten) do holders[name] = nil end
  return forgotten, changed
end
)lua";

constexpr std::string_view kDraw = R"lua(
local holder = ARGV[1]
local a = {}
for i = 2, #ARGV do a[i] = tonumber(ARGV[i]) end
local sequence, limit, spent, in_use, wanted, ttl, keep = a[2], a[3], a[4], a[5], a[6], a[7], a[8]
local life, remembered = a[9], a[10]
local last = a[11] == 1 and {life = a[12], settled = a[13], at = a[14], booked = a[15], held = a[16]}

local now = clock()
local account, holders = load(KEYS[1])
if not account then return redis.error_reply('SBALIEN not one of ours') end
local forgotten, changed = end_leases(account, holders, now, remembered)

local function others()
  local held = 0
  for name, h in pairs(holders) do
    if name ~= holder then held = bounded(held + h[2]) end
  end
  return held
end
local function answer(h)
  local uncertain, silent = 0, 0
  for _, each in pairs(holders) do
    uncertain = bounded(uncertain + each[5])
    silent = silent + each[7]
  end
  return {h[2], account[1], others(), uncertain, silent, h[4], math.max(h[6] - now, 0), account[2],
          now}
end

local known = holders[holder]
if known and sequence < known[1] then return redis.error_reply('SBSTALE a later call came first') end
if known and sequence == known[1] then return answer(known) end
if account[2] == 0 then account[2] = life end

-- What a holder knows from an earlier life of the account: the latest word counts, once.
local stranger = last and last.life ~= account[2]
if stranger and (last.at > account[4] or (last.at == account[4] and last.settled > account[3])) then
  if account[4] == 0 then account[5] = now + ttl end
  account[1] = bounded(account[1] + last.settled - account[3])
  account[3], account[4] = last.settled, last.at
end

local booked, have, uncertain = 0, 0, 0
if known then
  booked, have, uncertain = known[4], known[2] + known[5], known[5]
elseif stranger then
  booked, have = last.booked, last.held
elseif last and now - last.at > remembered then
  booked = last.booked
end
local news = spent - booked
account[1] = bounded(account[1] + news - uncertain)
have = math.max(have - math.max(news, 0), 0)
local most = have
if now >= account[5] then most = math.max(limit - account[1] - others(), have) end
local mine = {sequence, math.min(math.max(wanted, in_use), most), in_use, spent, 0, now + ttl, 0}
holders[holder] = mine

for _, name in ipairs(changed) do
  if holders[name] and name ~= holder then
    redis.call('HSET', KEYS[1], 'h:' .. name, joined(holders[name]))
  end
end
for _, name in ipairs(forgotten) do redis.call('HDEL', KEYS[1], 'h:' .. name) end
redis.call('HSET', KEYS[1], 'm', joined(account), 'h:' .. holder, joined(mine))
if keep > 0 then redis.call('PEXPIRE', KEYS[1], keep) else redis.call('PERSIST', KEYS[1]) end
return answer(mine)
)lua";

constexpr std::string_view kPeek = R"lua(
local account, holders = load(KEYS[1])
if not account then return redis.error_reply('SBALIEN not one of ours') end
local now = clock()
end_leases(account, holders, now, tonumber(ARGV[1]))
local held, uncertain, silent, count = 0, 0, 0, 0
for _, h in pairs(holders) do
  held = bounded(held + h[2])
  uncertain = bounded(uncertain + h[5])
  silent = silent + h[7]
  if h[6] > now then count = count + 1 end
end
return {account[1], held, uncertain, silent, count}
)lua";

// A tally is a hash: for each teller "sequence amount end".
constexpr std::string_view kTell = R"lua(
local teller, sequence, amount, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local now = clock()
local fields = redis.call('HGETALL', KEYS[1])
local seen, mine, others, ended = 0, 0, 0, {}
for i = 1, #fields, 2 do
  local s, a, e = string.match(fields[i + 1], '^(%d+) (%d+) (%d+)$')
  if not s then return redis.error_reply('SBALIEN not one of ours') end
  if tonumber(e) <= now then
    ended[#ended + 1] = fields[i]
  elseif fields[i] == teller then
    seen, mine = tonumber(s), tonumber(a)
  else
    others = math.min(others + tonumber(a), MOST)
  end
end
for _, name in ipairs(ended) do redis.call('HDEL', KEYS[1], name) end
if sequence > seen then
  mine = amount
  redis.call('HSET', KEYS[1], teller, string.format('%.0f %.0f %.0f', sequence, amount, now + ttl))
  if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
end
return math.min(mine + others, MOST)
)lua";

constexpr std::string_view kCompareAndSet = R"lua(
local there = redis.call('GET', KEYS[1])
local expected = ARGV[1] == '1' and ARGV[2]
if there ~= expected then return 0 end
if tonumber(ARGV[4]) > 0 then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
else
  redis.call('SET', KEYS[1], ARGV[3])
end
return 1
)lua";

constexpr std::string_view kOwner = R"lua(
local now = clock()
local there = redis.call('HMGET', KEYS[1], 'holder', 'token', 'until')
local token, ends = tonumber(there[2] or '0'), tonumber(there[3] or '0')
)lua";

// The next token comes from the clock when this one is gone, a minute after its end.
constexpr std::string_view kAcquire = R"lua(
local ttl = tonumber(ARGV[2])
if ends > now and there[1] ~= ARGV[1] then return false end
if ends <= now then token = math.max(token + 1, now) end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'token', string.format('%.0f', token),
           'until', string.format('%.0f', now + ttl))
redis.call('PEXPIRE', KEYS[1], ttl + 60000)
return {token, ttl}
)lua";

constexpr std::string_view kRelease = R"lua(
if ends <= now or there[1] ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', '0')
return 1
)lua";

std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += part;
  }
  return text;
}

}  // namespace

const std::string& ScriptText(ScriptName script) {
  static const std::array<std::string, kScripts.size() + 1> texts{
      "",
      Joined({kCommon, kBook, kDraw}),
      Joined({kCommon, kBook, kPeek}),
      Joined({kCommon, kTell}),
      std::string(kCompareAndSet),
      Joined({kCommon, kOwner, kAcquire}),
      Joined({kCommon, kOwner, kRelease})};
  return texts[static_cast<std::size_t>(script)];
}

}  // namespace signalbox::store
