#include "pipeline/ledger/reconcile.h"

#include <array>

#include "pipeline/ledger/rollup_rows.h"
#include "pipeline/ledger/row.h"

namespace signalbox::ledger {
namespace {

using store::Param;

static_assert(static_cast<int>(Outcome::kUncertain) == 4);  // as the statements say

constexpr store::Statement kUpdate =
    "UPDATE ledger_requests SET outcome = $3, status = $4, input_tokens = $5, output_tokens "
    "= $6, cached_tokens = $7, reasoning_tokens = $8, cache_write_tokens = $9, "
    "cache_write_hour_tokens = $10, audio_input_tokens = $11, audio_cached_tokens = $12, "
    "audio_output_tokens = $13, image_input_tokens = $14, image_output_tokens = $15, "
    "citation_tokens = $16, images = $17, input_milliseconds = $18, output_milliseconds = "
    "$19, characters = $20, searches = $21, search_size = $22, usage_source = $23, "
    "cost_nano_usd = $24, cost_stated = $25, answer_bytes = $26, first_byte_us = $27, "
    "total_us = $28 WHERE id = $1 AND attempt = $2";

// Places in a row's columns of what a truth changes, as kUpdate names them: outcome to cost_stated,
// then answer_bytes to total_us.
constexpr std::size_t kFirst = 21;
constexpr std::size_t kFirstCount = 23;
constexpr std::size_t kSecond = 46;
constexpr std::size_t kSecondCount = 3;

core::Result<std::int64_t> Update(store::Transaction& transaction, const Record& truth) {
  std::array<Param, kRowColumns> row;
  BindRow(truth, {}, row);
  std::array<Param, 2 + kFirstCount + kSecondCount> params{row[0], row[1]};
  std::copy_n(row.begin() + kFirst, kFirstCount, params.begin() + 2);
  std::copy_n(row.begin() + kSecond, kSecondCount, params.begin() + 2 + kFirstCount);
  return transaction.Run(kUpdate, params);
}

// What was known about the call, with how it ended after all.
Record WithTruth(const Record& row, const Record& truth) {
  Record settled = row;
  settled.outcome = truth.outcome;
  settled.status = truth.status;
  settled.usage = truth.usage;
  settled.usage_source = truth.usage_source;
  settled.cost_nano_usd = truth.cost_nano_usd;
  settled.cost_stated = truth.cost_stated;
  settled.answer_bytes = truth.answer_bytes;
  settled.first_byte_us = truth.first_byte_us;
  settled.total_us = truth.total_us;
  return settled;
}

}  // namespace

core::Result<bool> SettleUncertain(store::Transaction& transaction, const Record& truth,
                                   core::WallTime now, Rollups& rollups) {
  const Param id = std::as_bytes(std::span(truth.request.uuid.bytes));
  const Param attempt = std::int64_t{truth.attempt};
  // First of all the row is ours alone.
  SB_TRY(const std::int64_t found, transaction.Run("UPDATE ledger_requests SET reconciled_at = $3 "
                                                   "WHERE id = $1 AND attempt = $2 AND outcome = 4",
                                                   {id, attempt, now.time_since_epoch().count()}));
  if (found == 0) {
    return false;
  }
  SB_CHECK_OK(transaction.Query("SELECT " SB_LEDGER_COLUMNS
                                " FROM ledger_requests WHERE id = $1 AND attempt = $2",
                                {id, attempt}, [&](const store::Row& columns) {
                                  const Record before = ReadRow(columns);
                                  rollups.Add(before, -1);
                                  rollups.Add(WithTruth(before, truth));
                                  return core::Status();
                                }));
  SB_CHECK_OK(Update(transaction, truth));
  return true;
}

core::Result<bool> Reconcile(store::Sql& sql, const Record& truth, core::WallTime now) {
  bool changed = false;
  SB_CHECK_OK(sql.Write([&](store::Transaction& transaction) -> core::Status {
    Rollups rollups;
    SB_TRY(changed, SettleUncertain(transaction, truth, now, rollups));
    return changed ? AddRollups(transaction, rollups) : core::Status();
  }));
  return changed;
}

}  // namespace signalbox::ledger
