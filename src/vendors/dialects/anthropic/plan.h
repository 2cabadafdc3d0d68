// What of a request of another dialect an Anthropic model takes, and in which form: how it thinks,
// how much it may say, how it samples.
//
// Owner:   the caller. Threads: any.
// Errors:  none; what is left out is named.
// Cancel:  nothing to undo.
//
//   effort   budget   effort of models that take one
//   minimal    1024   low
//   low        2048   low
//   medium     8192   medium
//   high      16384   high
//   xhigh     24576   xhigh where it is known, else high
//   max       32000   max
//
// A bound of the caller's stays: the budget shrinks to three quarters of it, and under a bound of
// 1024 or less the model does not think.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::anthropic {

// What is not known of a model is as with Anthropic's newest.
catalog::Capabilities Known(const catalog::Capabilities& of);

struct Plan {
  std::string_view thinking;           // "enabled", "adaptive"; empty: not asked for
  std::optional<std::int64_t> budget;  // with "enabled"
  std::string_view effort;             // output_config.effort
  std::string_view display;            // "summarized", "omitted"
  std::int64_t max_tokens = 0;         // above the budget; the caller's where one is stated
  std::optional<chat::Number> temperature;
  std::optional<chat::Number> top_p;
  std::optional<chat::Number> top_k;
  std::vector<std::string_view> stop;
  std::string_view service_tier;
  std::string_view user;
};

// `known`: of the model, filled up by Known. `can_think`: nothing else in the request forbids it.
Plan PlanOf(const chat::Request& request, const catalog::Capabilities& known, bool can_think,
            const wire::RequestTerms& terms, std::vector<std::string>& dropped);

}  // namespace signalbox::anthropic
