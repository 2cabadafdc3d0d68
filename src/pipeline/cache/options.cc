#include "pipeline/cache/options.h"

namespace signalbox::cache {
namespace {

using namespace std::chrono_literals;

const config::Table<Lifetimes>& LifetimesTable() {
  static const auto table =
      config::Table<Lifetimes>("ttl", "How long an answer is good, by what it answers.")
          .Add("completion", &Lifetimes::completion,
               {.doc = "Of a conversation or a prompt.", .min = 1s, .max = 8760h})
          .Add("classification", &Lifetimes::classification,
               {.doc = "Of a moderation.", .min = 1s, .max = 8760h})
          .Add("embedding", &Lifetimes::embedding,
               {.doc = "Of a text as a vector.", .min = 1s, .max = 8760h})
          .Add("default", &Lifetimes::other, {.doc = "Of the rest.", .min = 1s, .max = 8760h});
  return table;
}

const config::Table<ExactOptions>& ExactTable() {
  static const auto table =
      config::Table<ExactOptions>("exact",
                                  "Answers to requests that were asked before, word for "
                                  "word.")
          .Add("enabled", &ExactOptions::enabled,
               {.doc = "Which requests it serves: all that may be cached, those that ask for it by "
                       "x-signalbox-cache-control, or none.",
                .names = {{"off", Use::kOff},
                          {"asked", Use::kAsked},
                          {"on", Use::kOn},
                          {"false", Use::kOff},
                          {"true", Use::kOn}}})
          .Add("max_bytes", &ExactOptions::max_bytes,
               {.doc = "Memory that it takes at most, with everything that goes with it; none "
                       "before the first answer is kept.",
                .min = config::MiB(1),
                .max = config::GiB(512),
                .restart = true})
          .Add("max_entries", &ExactOptions::max_entries,
               {.doc = "Answers that are kept at most; 0: as many as the memory takes.",
                .unit = "answers",
                .min = 0,
                .max = 1000000000,
                .restart = true})
          .Add("max_entry_bytes", &ExactOptions::max_entry_bytes,
               {.doc = "A longer answer is not kept.",
                .min = config::ByteSize{1024},
                .max = config::GiB(1)})
          .Sub("ttl", &ExactOptions::ttl, LifetimesTable())
          .Add(
              "scope", &ExactOptions::scope,
              {.doc = "Within whose requests an answer is found again: the tenant's, the user's, "
                      "or those of one key.",
               .names = {{"tenant", Scope::kTenant}, {"user", Scope::kUser}, {"key", Scope::kKey}}})
          .Add("temperature", &ExactOptions::temperature,
               {.doc = "Whether requests are served that leave the model room to answer "
                       "differently each time, or only those of temperature 0.",
                .names = {{"any", Temperature::kAny}, {"zero", Temperature::kZero}}})
          .Add("on_error", &ExactOptions::on_error,
               {.doc = "What requests do that waited for the same call of another, when it failed: "
                       "they share the error, or try themselves, one of them for all.",
                .names = {{"share", OnError::kShare}, {"retry", OnError::kRetry}}})
          .Add("max_followers", &ExactOptions::max_followers,
               {.doc = "Requests that may wait for the same call of another; the next ones call "
                       "themselves.",
                .unit = "requests",
                .min = 0,
                .max = 1000000,
                .restart = true});
  return table;
}

}  // namespace

const config::Table<CacheOptions>& CacheTable() {
  static const auto table = config::Table<CacheOptions>(
                                "cache", "Answers that are given again without a call to a model.")
                                .Sub("exact", &CacheOptions::exact, ExactTable());
  return table;
}

}  // namespace signalbox::cache
