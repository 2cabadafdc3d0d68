#include "io/store/shared/tallies.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/json/writer.h"
#include "io/store/shared/accounts.h"
#include "io/store/slice.h"

namespace signalbox::store {
namespace {

constexpr std::size_t kColumns = 6;

core::Status WriteDown(Transaction& transaction, std::span<const Tally> tallies, std::int64_t now) {
  auto next = tallies.begin();
  SB_TRY([[maybe_unused]] const std::int64_t written,
         transaction.RunEach("INSERT INTO shared_tallies (name, teller, sequence, amount, ends_at) "
                             "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name, teller) DO UPDATE "
                             "SET sequence = $3, amount = $4, ends_at = $5 "
                             "WHERE shared_tallies.sequence < $3 OR shared_tallies.ends_at <= $6",
                             kColumns, [&](std::span<Param> out) {
                               if (next == tallies.end()) {
                                 return false;
                               }
                               const Tally& tally = *next++;
                               out[0] = std::string_view(tally.key);
                               out[1] = std::string_view(tally.teller);
                               out[2] = tally.sequence;
                               out[3] = tally.amount;
                               out[4] = now + tally.ttl.count();
                               out[5] = now;
                               return true;
                             }));
  return {};
}

// All names as one parameter.
std::string NamesOf(std::span<const Tally> tallies) {
  std::string json;
  json::Writer writer(json);
  writer.BeginArray();
  for (const Tally& tally : tallies) {
    writer.String(tally.key);
  }
  writer.EndArray();
  return json;
}

}  // namespace

core::Result<std::vector<std::int64_t>> TellIn(Transaction& transaction,
                                               std::span<const Tally> tallies) {
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  SB_CHECK_OK(WriteDown(transaction, tallies, now));
  std::map<std::string, std::int64_t, std::less<>> sums;
  const VisitRow visit = [&sums](const Row& row) -> core::Status {
    sums.emplace(row.Text(0), std::min(row.Int(1), kMostAmount));
    return {};
  };
  const std::string names = NamesOf(tallies);
  if (transaction.engine() == Engine::kSqlite) {
    SB_CHECK_OK(
        transaction.Query("SELECT name, SUM(amount) FROM shared_tallies WHERE ends_at > $2 "
                          "AND name IN (SELECT value FROM json_each($1)) GROUP BY name",
                          {std::string_view(names), now}, visit));
  } else {
    SB_CHECK_OK(transaction.Query(
        "SELECT name, CAST(SUM(amount) AS BIGINT) FROM shared_tallies WHERE ends_at > $2 "
        "AND name IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb))) GROUP BY name",
        {std::string_view(names), now}, visit));
  }
  std::vector<std::int64_t> answers;
  answers.reserve(tallies.size());
  for (const Tally& tally : tallies) {
    const auto sum = sums.find(tally.key);
    answers.push_back(sum == sums.end() ? 0 : sum->second);
  }
  return answers;
}

}  // namespace signalbox::store
