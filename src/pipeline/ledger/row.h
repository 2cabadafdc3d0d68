// A settlement as a row of ledger_requests, both ways.
//
// Owner: nobody; functions over plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "io/store/statement.h"
#include "io/store/value.h"
#include "pipeline/ledger/record.h"

// The columns in the order of BindRow and ReadRow, for statements.
#define SB_LEDGER_COLUMNS                                                                 \
  "id, attempt, tenant_id, key_id, user_id, team_id, project_id, principal, end_user, "   \
  "agent, session, task, feature, category, activity, tags, settled_at, operation, "      \
  "streamed, provider, model, outcome, status, input_tokens, output_tokens, "             \
  "cached_tokens, reasoning_tokens, cache_write_tokens, cache_write_hour_tokens, "        \
  "audio_input_tokens, audio_cached_tokens, audio_output_tokens, image_input_tokens, "    \
  "image_output_tokens, citation_tokens, images, input_milliseconds, "                    \
  "output_milliseconds, characters, searches, search_size, usage_source, cost_nano_usd, " \
  "cost_stated, reserved_nano_usd, request_bytes, answer_bytes, first_byte_us, "          \
  "total_us, archive, cached, saved_nano_usd"

namespace signalbox::ledger {

inline constexpr std::size_t kRowColumns = 52;
extern const std::array<store::Statement, kRowColumns> kRowColumnNames;

// Views of `record` and `archive` (the archive's id).
void BindRow(const Record& record, std::string_view archive, std::span<store::Param> out);

// Of a query whose first columns are SB_LEDGER_COLUMNS; views as long as the row is valid.
Record ReadRow(const store::Row& row);

}  // namespace signalbox::ledger
