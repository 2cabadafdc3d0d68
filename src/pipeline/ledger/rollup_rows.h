// Rollups in the table usage_rollups.
//
// Owner: nobody; a function. Threads: any that may block. Errors: the store's. Cancel: part of the
// caller's transaction.
// Budget: 8 µs per sum in SQLite (a goal).
#pragma once

#include "io/store/sql.h"
#include "pipeline/ledger/rollups.h"

// The columns of the table behind its key, in the order of Totals.
#define SB_TOTALS_COLUMNS                                                                 \
  "requests, calls, successes, uncertain, cached_calls, input_tokens, output_tokens, "    \
  "cached_tokens, reasoning_tokens, cache_write_tokens, audio_tokens, image_tokens, "     \
  "images, searches, cost_nano_usd, uncertain_nano_usd, saved_nano_usd, latency_us, "     \
  "first_byte_us, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14, l15, " \
  "l16, l17, l18, l19, l20, l21, l22, l23"

// The same, each added up.
#define SB_TOTALS_SUMS                                     \
  "CAST(COALESCE(SUM(requests), 0) AS BIGINT), "           \
  "CAST(COALESCE(SUM(calls), 0) AS BIGINT), "              \
  "CAST(COALESCE(SUM(successes), 0) AS BIGINT), "          \
  "CAST(COALESCE(SUM(uncertain), 0) AS BIGINT), "          \
  "CAST(COALESCE(SUM(cached_calls), 0) AS BIGINT), "       \
  "CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT), "       \
  "CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT), "      \
  "CAST(COALESCE(SUM(cached_tokens), 0) AS BIGINT), "      \
  "CAST(COALESCE(SUM(reasoning_tokens), 0) AS BIGINT), "   \
  "CAST(COALESCE(SUM(cache_write_tokens), 0) AS BIGINT), " \
  "CAST(COALESCE(SUM(audio_tokens), 0) AS BIGINT), "       \
  "CAST(COALESCE(SUM(image_tokens), 0) AS BIGINT), "       \
  "CAST(COALESCE(SUM(images), 0) AS BIGINT), "             \
  "CAST(COALESCE(SUM(searches), 0) AS BIGINT), "           \
  "CAST(COALESCE(SUM(cost_nano_usd), 0) AS BIGINT), "      \
  "CAST(COALESCE(SUM(uncertain_nano_usd), 0) AS BIGINT), " \
  "CAST(COALESCE(SUM(saved_nano_usd), 0) AS BIGINT), "     \
  "CAST(COALESCE(SUM(latency_us), 0) AS BIGINT), "         \
  "CAST(COALESCE(SUM(first_byte_us), 0) AS BIGINT), "      \
  "CAST(COALESCE(SUM(l0), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l1), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l2), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l3), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l4), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l5), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l6), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l7), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l8), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l9), 0) AS BIGINT), "                 \
  "CAST(COALESCE(SUM(l10), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l11), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l12), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l13), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l14), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l15), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l16), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l17), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l18), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l19), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l20), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l21), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l22), 0) AS BIGINT), "                \
  "CAST(COALESCE(SUM(l23), 0) AS BIGINT)"

// Where rows of one value are asked for: SQLite would rather go along all values of the time.
#define SB_BY_VALUE " INDEXED BY usage_rollups_by_value"

namespace signalbox::ledger {

// Adds every sum of `rollups` to what is there.
core::Status AddRollups(store::Transaction& transaction, const Rollups& rollups);

// Totals of a row that has SB_TOTALS_COLUMNS or SB_TOTALS_SUMS from column `first` on.
Totals ReadTotals(const store::Row& row, std::size_t first);

}  // namespace signalbox::ledger
