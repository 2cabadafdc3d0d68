// What Anthropic's models take, as far as a translated request depends on it. A name that is not
// known counts as the newest model.
//
// Owner:   nobody; pure functions. Threads: any. Errors: none. Cancel: nothing to undo.
// Source:  Anthropic's model overview and migration guides (3.7: thinking; 4.1: one of temperature
//          and top_p, structured outputs; 4.6: adaptive thinking and effort; 4.7: no budgets, no
//          sampling, effort xhigh).
#pragma once

#include <string_view>

namespace signalbox::anthropic {

struct ModelTraits {
  bool thinks = true;             // extended thinking at all
  bool takes_budget = true;       // thinking.budget_tokens
  bool takes_effort = true;       // adaptive thinking and output_config.effort
  bool takes_xhigh = true;        // effort "xhigh"
  bool takes_schema = true;       // output_config.format, strict tools
  bool takes_sampling = true;     // temperature, top_p, top_k
  bool takes_both_top_p = false;  // temperature and top_p in one request
};

// `model` as any platform writes it: "claude-sonnet-4-5", "us.anthropic.claude-3-5-haiku-…".
ModelTraits TraitsOf(std::string_view model);

}  // namespace signalbox::anthropic
