#include "pipeline/execution/options.h"

#include <charconv>

namespace signalbox::execution {
namespace {

using namespace std::chrono_literals;

}  // namespace

const config::Table<RetryOptions>& RetryTable() {
  static const auto table =
      config::Table<RetryOptions>("retry", "What happens when an attempt fails before its answer.")
          .Add("attempts", &RetryOptions::attempts,
               {.doc = "At most, for one request, fallbacks included; 1 never tries again.",
                .min = 1,
                .max = kMostAttempts})
          .Add("attempts_per_target", &RetryOptions::attempts_per_target,
               {.doc = "At most, at one provider and model; a key that was refused or limited "
                       "does not count.",
                .min = 1,
                .max = kMostAttempts})
          .Add("base", &RetryOptions::base,
               {.doc = "The longest pause before the same target's second try; it doubles with "
                       "each, and the pause is drawn between nothing and it.",
                .min = 1ms,
                .max = 1min})
          .Add("cap", &RetryOptions::cap,
               {.doc = "What the doubled pause never exceeds.", .min = 1ms, .max = 10min})
          .Add("max_wait", &RetryOptions::max_wait,
               {.doc = "A request waits for a limited target at most so long; a longer "
                       "Retry-After is answered at once.",
                .min = 0ms,
                .max = 1h})
          .Add("max_rest", &RetryOptions::max_rest,
               {.doc = "However long a Retry-After is, a key rests no longer than this.",
                .min = 1s,
                .max = 24h})
          .Add("waiting", &RetryOptions::waiting,
               {.doc = "Requests of one worker that may wait at the same time; the next ones are "
                       "answered at once.",
                .unit = "requests",
                .min = 0,
                .max = 1000000})
          .Add("budget", &RetryOptions::budget,
               {.doc = "Calls beyond a request's first, as a share of all requests; over it "
                       "nothing is tried again.",
                .min = 0.0,
                .max = 10.0})
          .Add("budget_min", &RetryOptions::budget_min,
               {.doc = "So many are allowed beside that share, for each worker.",
                .unit = "calls per second",
                .min = 0,
                .max = 100000})
          .Add("budget_window", &RetryOptions::budget_window,
               {.doc = "The time over which the share is counted.", .min = 1s, .max = 10min})
          .Add("attempt_share", &RetryOptions::attempt_share,
               {.doc = "Of the time that a request has left, what one attempt may take until its "
                       "answer begins while another target could still be tried.",
                .min = 0.1,
                .max = 1.0})
          .Add("timeouts", &RetryOptions::timeouts,
               {.doc = "Whether an attempt that gave no answer in time goes on to the next target "
                       "(the first one may still be billed)."})
          .Add("context_too_long", &RetryOptions::context_too_long,
               {.doc = "Whether a prompt that is too long goes on to a target that takes more."})
          .Add("content_filter", &RetryOptions::content_filter,
               {.doc =
                    "Whether a prompt that a vendor's filter refused goes on to the next target."});
  return table;
}

const config::Table<BreakerOptions>& BreakerTable() {
  static const auto table =
      config::Table<BreakerOptions>("breaker", "When a target that fails is left alone.")
          .Add("failures", &BreakerOptions::failures,
               {.doc = "In a row, after which it is.", .unit = "calls", .min = 1, .max = 10000})
          .Add("failure_rate", &BreakerOptions::failure_rate,
               {.doc = "Or this share of the calls in the window.", .min = 0.01, .max = 1.0})
          .Add("window", &BreakerOptions::window,
               {.doc = "The time over which the share is counted.", .min = 100ms, .max = 1h})
          .Add("min_calls", &BreakerOptions::min_calls,
               {.doc = "With fewer calls in the window the share says nothing.",
                .unit = "calls",
                .min = 1,
                .max = 1000000})
          .Add("open", &BreakerOptions::open,
               {.doc = "How long it is left alone the first time; doubles each time that it fails "
                       "again.",
                .min = 10ms,
                .max = 1h})
          .Add("open_max", &BreakerOptions::open_max,
               {.doc = "What the doubled time never exceeds.", .min = 10ms, .max = 24h})
          .Add("probes", &BreakerOptions::probes,
               {.doc = "Calls that must succeed before it is used again as before.",
                .unit = "calls",
                .min = 1,
                .max = 100})
          .Add(
              "probe_every", &BreakerOptions::probe_every,
              {.doc = "While a request has no other target left, one call is let through so often, "
                      "so that the end of an outage is noticed soon.",
               .min = 100ms,
               .max = 1h})
          .Add("key_rest", &BreakerOptions::key_rest,
               {.doc = "How long a key rests that was refused or has no money left.",
                .min = 1s,
                .max = 24h});
  return table;
}

}  // namespace signalbox::execution
