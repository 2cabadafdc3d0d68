// A record for people and for programs. Pure; any thread; no errors.
#pragma once

#include <string>

#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

// One JSON object without a line end: type, request_id, attempt, time, operation, provider, model,
// principal, streamed, request_bytes, and for settlements outcome, status, input_tokens,
// output_tokens, cached_tokens, reasoning_tokens, usage_from, answer_bytes, first_byte_us,
// total_us, cost_usd. What is not known is null. Where they are known also the rarer units of
// usage, cost_from, and whom and what the call is booked on (tenant, key, …, end_user, tags).
void PrintJson(const Record& record, std::string& out);

// One line for a terminal, without a line end.
void PrintLine(const Record& record, std::string& out);

}  // namespace signalbox::ledger
