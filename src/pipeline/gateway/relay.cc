#include "pipeline/gateway/relay.h"

namespace signalbox::gateway {

void Relay::Note(const wire::Dialect& dialect, const chat::EventBatch& events) {
  bool says = false;
  for (const chat::Event& event : events) {
    if (const auto* start = std::get_if<chat::StreamStart>(&event.what)) {
      tier_ = start->service_tier.empty() ? tier_ : start->service_tier;
      says = true;
    } else if (const auto* usage = std::get_if<chat::UsageReport>(&event.what)) {
      // Reports of one stream add to each other: the input comes first, the output last.
      const chat::Usage before = bill_.usage;
      bill_ = dialect.BillOf(*usage, tier_);
      if (stated_) {
        bill_.usage.input = bill_.usage.input < 0 ? before.input : bill_.usage.input;
        bill_.usage.cached = bill_.usage.cached < 0 ? before.cached : bill_.usage.cached;
        bill_.usage.cache_write =
            bill_.usage.cache_write < 0 ? before.cache_write : bill_.usage.cache_write;
        bill_.usage.cache_write_hour = bill_.usage.cache_write_hour < 0
                                           ? before.cache_write_hour
                                           : bill_.usage.cache_write_hour;
      }
      stated_ = true;
    } else if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
      failed_ = true;
      error_ = *error;
    } else if (std::holds_alternative<chat::StreamEnd>(event.what)) {
      done_ = true;
    } else {
      says = true;
    }
  }
  if (says) {
    spoke_ = true;
    CountEvent();
  }
}

}  // namespace signalbox::gateway
