// What was used, as answers show it.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "pipeline/ledger/usage_query.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"

namespace signalbox::api {

struct UsageView {
  std::string value;
  std::int64_t requests = 0;
  std::int64_t calls = 0;
  std::int64_t successes = 0;
  std::int64_t uncertain = 0;
  std::int64_t cached_calls = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cached_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  std::int64_t cache_write_tokens = 0;
  std::int64_t audio_tokens = 0;
  std::int64_t image_tokens = 0;
  std::int64_t images = 0;
  std::int64_t searches = 0;
  Dollars cost_usd;
  Dollars uncertain_usd;
  Dollars saved_usd;
  std::int64_t latency_p50_us = 0;
  std::int64_t latency_p95_us = 0;
  std::int64_t latency_p99_us = 0;

  static const config::Table<UsageView>& Members();
  static UsageView Of(std::string value, const ledger::Totals& totals);
};

struct UsagePointView {
  Moment begin;
  Moment end;
  UsageView usage;

  static const config::Table<UsagePointView>& Members();
  static UsagePointView Of(const ledger::UsagePoint& point);
};

}  // namespace signalbox::api
