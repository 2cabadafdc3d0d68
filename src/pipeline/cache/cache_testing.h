// Answers to put into a cache and take out again.
#pragma once

#include <string>

#include "base/core/random.h"
#include "pipeline/cache/draft.h"
#include "pipeline/cache/table.h"

namespace signalbox::cache {

inline constexpr core::MonoTime kNow{std::chrono::hours(1)};

// Digests as SHA-256 spreads them: equal for equal numbers.
inline Digest DigestOf(std::uint64_t number) {
  core::Random random(number);
  Digest digest;
  for (std::uint64_t& word : digest.words) {
    word = random.Next();
  }
  return digest;
}

inline EntryFacts FactsOf(const Digest& key, core::MonoTime expires = core::kNever) {
  EntryFacts facts;
  facts.key = key;
  facts.stored = kNow;
  facts.expires = expires;
  return facts;
}

inline const EntryTexts kTexts = {.provider = "openai",
                                  .model = "gpt-4o-mini",
                                  .content_type = "application/json",
                                  .tags = "a,b=c"};

inline Entry Put(Table& table, const Digest& key, std::string_view body,
                 core::MonoTime expires = core::kNever) {
  Draft draft(table, kTexts, 1 << 24);
  if (!draft.Append(body)) {
    return {};
  }
  return std::move(draft).Publish(FactsOf(key, expires));
}

inline std::string BodyOf(const Entry& entry) {
  std::vector<std::string_view> pieces;
  entry.AppendBody(pieces);
  std::string body;
  for (const std::string_view piece : pieces) {
    body += piece;
  }
  return body;
}

inline std::string Found(Table& table, const Digest& key, core::MonoTime now = kNow) {
  const Entry entry = table.Find(key, now);
  return entry ? BodyOf(entry) : "none";
}

}  // namespace signalbox::cache
