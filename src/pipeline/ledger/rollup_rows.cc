#include "pipeline/ledger/rollup_rows.h"

#include <array>

namespace signalbox::ledger {
namespace {

using store::Param;

#define SB_ROLLUP_KEY "grain, dimension, bucket, tenant_id, value"
#define SB_ADD_TOTALS                                                                     \
  "requests = usage_rollups.requests + excluded.requests, calls = usage_rollups.calls + " \
  "excluded.calls, successes = usage_rollups.successes + excluded.successes, uncertain "  \
  "= usage_rollups.uncertain + excluded.uncertain, cached_calls = "                       \
  "usage_rollups.cached_calls + excluded.cached_calls, input_tokens = "                   \
  "usage_rollups.input_tokens + excluded.input_tokens, output_tokens = "                  \
  "usage_rollups.output_tokens + excluded.output_tokens, cached_tokens = "                \
  "usage_rollups.cached_tokens + excluded.cached_tokens, reasoning_tokens = "             \
  "usage_rollups.reasoning_tokens + excluded.reasoning_tokens, cache_write_tokens = "     \
  "usage_rollups.cache_write_tokens + excluded.cache_write_tokens, audio_tokens = "       \
  "usage_rollups.audio_tokens + excluded.audio_tokens, image_tokens = "                   \
  "usage_rollups.image_tokens + excluded.image_tokens, images = usage_rollups.images + "  \
  "excluded.images, searches = usage_rollups.searches + excluded.searches, "              \
  "cost_nano_usd = usage_rollups.cost_nano_usd + excluded.cost_nano_usd, "                \
  "uncertain_nano_usd = usage_rollups.uncertain_nano_usd + excluded.uncertain_nano_usd, " \
  "saved_nano_usd = usage_rollups.saved_nano_usd + excluded.saved_nano_usd, latency_us "  \
  "= usage_rollups.latency_us + excluded.latency_us, first_byte_us = "                    \
  "usage_rollups.first_byte_us + excluded.first_byte_us, l0 = usage_rollups.l0 + "        \
  "excluded.l0, l1 = usage_rollups.l1 + excluded.l1, l2 = usage_rollups.l2 + "            \
  "excluded.l2, l3 = usage_rollups.l3 + excluded.l3, l4 = usage_rollups.l4 + "            \
  "excluded.l4, l5 = usage_rollups.l5 + excluded.l5, l6 = usage_rollups.l6 + "            \
  "excluded.l6, l7 = usage_rollups.l7 + excluded.l7, l8 = usage_rollups.l8 + "            \
  "excluded.l8, l9 = usage_rollups.l9 + excluded.l9, l10 = usage_rollups.l10 + "          \
  "excluded.l10, l11 = usage_rollups.l11 + excluded.l11, l12 = usage_rollups.l12 + "      \
  "excluded.l12, l13 = usage_rollups.l13 + excluded.l13, l14 = usage_rollups.l14 + "      \
  "excluded.l14, l15 = usage_rollups.l15 + excluded.l15, l16 = usage_rollups.l16 + "      \
  "excluded.l16, l17 = usage_rollups.l17 + excluded.l17, l18 = usage_rollups.l18 + "      \
  "excluded.l18, l19 = usage_rollups.l19 + excluded.l19, l20 = usage_rollups.l20 + "      \
  "excluded.l20, l21 = usage_rollups.l21 + excluded.l21, l22 = usage_rollups.l22 + "      \
  "excluded.l22, l23 = usage_rollups.l23 + excluded.l23"
#define SB_TOTALS_PARAMS                                                                  \
  "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "     \
  "$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, " \
  "$36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48"

constexpr std::size_t kKeyColumns = 5;
constexpr std::size_t kColumns = kKeyColumns + Totals::kColumns;

constexpr store::Statement kAdd =
    "INSERT INTO usage_rollups (" SB_ROLLUP_KEY ", " SB_TOTALS_COLUMNS ") VALUES (" SB_TOTALS_PARAMS
    ") ON CONFLICT (" SB_ROLLUP_KEY ") DO UPDATE SET " SB_ADD_TOTALS;

// In the order of the key, as every writer takes its locks.
constexpr store::Statement kAddIncoming =
    "INSERT INTO usage_rollups (" SB_ROLLUP_KEY ", " SB_TOTALS_COLUMNS ") SELECT " SB_ROLLUP_KEY
    ", " SB_TOTALS_COLUMNS " FROM usage_incoming ORDER BY " SB_ROLLUP_KEY
    " ON CONFLICT (" SB_ROLLUP_KEY ") DO UPDATE SET " SB_ADD_TOTALS;

constexpr std::array<store::Statement, kColumns> kNames = {"grain",
                                                           "dimension",
                                                           "bucket",
                                                           "tenant_id",
                                                           "value",
                                                           "requests",
                                                           "calls",
                                                           "successes",
                                                           "uncertain",
                                                           "cached_calls",
                                                           "input_tokens",
                                                           "output_tokens",
                                                           "cached_tokens",
                                                           "reasoning_tokens",
                                                           "cache_write_tokens",
                                                           "audio_tokens",
                                                           "image_tokens",
                                                           "images",
                                                           "searches",
                                                           "cost_nano_usd",
                                                           "uncertain_nano_usd",
                                                           "saved_nano_usd",
                                                           "latency_us",
                                                           "first_byte_us",
                                                           "l0",
                                                           "l1",
                                                           "l2",
                                                           "l3",
                                                           "l4",
                                                           "l5",
                                                           "l6",
                                                           "l7",
                                                           "l8",
                                                           "l9",
                                                           "l10",
                                                           "l11",
                                                           "l12",
                                                           "l13",
                                                           "l14",
                                                           "l15",
                                                           "l16",
                                                           "l17",
                                                           "l18",
                                                           "l19",
                                                           "l20",
                                                           "l21",
                                                           "l22",
                                                           "l23"};

void Bind(const Rollups::Row& row, std::span<Param> out) {
  out[0] = static_cast<std::int64_t>(row.grain);
  out[1] = static_cast<std::int64_t>(row.dimension);
  out[2] = row.bucket;
  out[3] = std::string_view(row.tenant);
  out[4] = std::string_view(row.value);
  const auto totals = row.totals.columns();
  for (std::size_t i = 0; i < totals.size(); ++i) {
    out[kKeyColumns + i] = totals[i];
  }
}

// One statement for all of them; a round trip for each would be most of the time.
core::Status AddThroughIncoming(store::Transaction& transaction,
                                const std::vector<Rollups::Row>& rows) {
  // This connection's own: nothing of it is written to the log, and nothing has to be cleaned up.
  SB_CHECK_OK(transaction.Run(
      "CREATE TEMP TABLE IF NOT EXISTS usage_incoming (LIKE usage_rollups) ON COMMIT DELETE ROWS",
      {}));
  auto next = rows.begin();
  store::Bulk bulk{.table = "usage_incoming", .columns = kNames};
  bulk.next = [&](std::span<Param> out) {
    if (next == rows.end()) {
      return false;
    }
    Bind(*next++, out);
    return true;
  };
  SB_CHECK_OK(transaction.Insert(bulk));
  SB_CHECK_OK(transaction.Run(kAddIncoming, {}));
  SB_CHECK_OK(transaction.Run("DELETE FROM usage_incoming", {}));  // for this transaction's next
  return {};
}

}  // namespace

core::Status AddRollups(store::Transaction& transaction, const Rollups& rollups) {
  const std::vector<Rollups::Row> rows = rollups.Rows();
  if (transaction.engine() == store::Engine::kPostgres) {
    return AddThroughIncoming(transaction, rows);
  }
  auto next = rows.begin();
  SB_TRY([[maybe_unused]] const std::int64_t written,
         transaction.RunEach(kAdd, kColumns, [&](std::span<Param> out) {
           if (next == rows.end()) {
             return false;
           }
           Bind(*next++, out);
           return true;
         }));
  return {};
}

Totals ReadTotals(const store::Row& row, std::size_t first) {
  Totals totals;
  for (std::int64_t& column : totals.columns()) {
    column = row.Int(first++);
  }
  return totals;
}

}  // namespace signalbox::ledger
