#include "vendors/dialects/anthropic/usage.h"

#include <algorithm>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using chat::UsageReport;
using json::Value;
using json::Writer;

constexpr std::int64_t kMostTokens = 1'000'000'000'000;  // above it a count is nonsense

std::int64_t CountOf(const Value& value) {
  const std::int64_t count = value.AsInt().value_or(-1);
  return count > kMostTokens ? -1 : std::max<std::int64_t>(count, -1);
}

void Take(const Value& value, std::int64_t& out) {
  const std::int64_t count = CountOf(value);
  out = count >= 0 ? count : out;
}

// Nothing, for what is no object.
template <typename Visit>
void ForEachIn(const Value& object, Visit visit) {
  if (object.IsObject()) {
    json::ForEachMember(object, visit);
  }
}

void KeepNew(const Value& key, const Value& value, chat::Extra& extra) {
  std::string name = *key.AsString();
  for (chat::Member& member : extra) {
    if (member.key == name) {
      member.value = std::string(value.Raw());
      return;
    }
  }
  extra.push_back({std::move(name), std::string(value.Raw())});
}

std::int64_t OrZero(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

// The counts apart, as Anthropic has them.
struct Counts {
  std::int64_t input = -1;
  std::int64_t read = -1;
  std::int64_t written = -1;

  explicit Counts(const chat::Usage& usage)
      : input(usage.input < 0
                  ? -1
                  : OrZero(usage.input - OrZero(usage.cached) - OrZero(usage.cache_write))),
        read(usage.cached),
        written(usage.cache_write) {}
  void Into(chat::Usage& usage) const {
    usage.cached = read;
    usage.cache_write = written;
    usage.input = input < 0 ? -1 : input + OrZero(read) + OrZero(written);
  }
};

class Reader {
 public:
  Reader(UsageReport& report, std::string& tier)
      : report_(report), tier_(tier), counts_(report.tokens) {}
  ~Reader() { counts_.Into(report_.tokens); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void Read(const Value& key, const Value& value) {
    std::string scratch;
    const std::string_view name = *key.AsText(scratch);
    chat::Usage& usage = report_.tokens;
    if (value.IsNull()) {
      return;
    }
    if (name == "input_tokens") {
      Take(value, counts_.input);
    } else if (name == "output_tokens") {
      Take(value, usage.output);
    } else if (name == "cache_read_input_tokens") {
      Take(value, counts_.read);
    } else if (name == "cache_creation_input_tokens") {
      Take(value, counts_.written);
    } else if (name == "cache_creation") {
      ReadCreation(key, value);
    } else if (name == "server_tool_use") {
      ReadSearches(value);
    } else if (name == "output_tokens_details") {
      ReadDetails(value);
    } else if (name == "service_tier" && value.IsString()) {
      tier_ = *value.AsString();
    } else {
      KeepNew(key, value, report_.extra);
    }
  }

 private:
  // Kept as it came, too: what it adds up to is not all that it may say one day.
  void ReadCreation(const Value& key, const Value& creation) {
    KeepNew(key, creation, report_.extra);
    if (const auto hour = creation.Find("ephemeral_1h_input_tokens")) {
      Take(*hour, report_.tokens.cache_write_hour);
    }
  }
  void ReadSearches(const Value& uses) {
    ForEachIn(uses, [&](const Value& key, const Value& value) {
      if (key.AsString() == "web_search_requests") {
        Take(value, report_.tokens.searches);
      } else {
        KeepNew(key, value, report_.input_extra);
      }
    });
  }
  void ReadDetails(const Value& details) {
    ForEachIn(details, [&](const Value& key, const Value& value) {
      if (key.AsString() == "thinking_tokens") {
        Take(value, report_.tokens.reasoning);
      } else {
        KeepNew(key, value, report_.output_extra);
      }
    });
  }

  UsageReport& report_;
  std::string& tier_;
  Counts counts_;
};

void Count(Writer& out, std::string_view key, std::int64_t count) {
  if (count >= 0) {
    out.Key(key).Int(count);
  }
}

void RenderCreation(const UsageReport& report, bool own, Writer& out) {
  const chat::Usage& usage = report.tokens;
  if (usage.cache_write_hour < 0 ||
      (own && wire::FindMember(report.extra, "cache_creation") != nullptr)) {
    return;
  }
  out.Key("cache_creation").BeginObject();
  out.Key("ephemeral_5m_input_tokens").Int(OrZero(usage.cache_write - usage.cache_write_hour));
  out.Key("ephemeral_1h_input_tokens").Int(usage.cache_write_hour).EndObject();
}

void RenderDetails(const UsageReport& usage, bool own, Writer& out) {
  const bool tools = own && !usage.input_extra.empty();
  if (usage.tokens.searches >= 0 || tools) {
    out.Key("server_tool_use").BeginObject();
    Count(out, "web_search_requests", usage.tokens.searches);
    wire::RenderExtra(usage.input_extra, own, out);
    out.EndObject();
  }
  if (usage.tokens.reasoning >= 0 || (own && !usage.output_extra.empty())) {
    out.Key("output_tokens_details").BeginObject();
    Count(out, "thinking_tokens", usage.tokens.reasoning);
    wire::RenderExtra(usage.output_extra, own, out);
    out.EndObject();
  }
}

// Every reader expects the two sums; the cache's are stated where the vendor has a cache.
void RenderCounts(const chat::Usage& usage, Writer& out) {
  const Counts counts(usage);
  out.Key("input_tokens").Int(OrZero(counts.input));
  Count(out, "cache_creation_input_tokens", counts.written);
  Count(out, "cache_read_input_tokens", counts.read);
}

}  // namespace

void TakeUsage(const Value& usage, UsageReport& report, std::string& tier) {
  Reader reader(report, tier);
  ForEachIn(usage, [&](const Value& key, const Value& value) { reader.Read(key, value); });
}

void RenderUsage(const UsageReport& usage, std::string_view tier, bool own, Writer& out) {
  out.BeginObject();
  RenderCounts(usage.tokens, out);
  RenderCreation(usage, own, out);
  out.Key("output_tokens").Int(OrZero(usage.tokens.output));
  RenderDetails(usage, own, out);
  wire::RenderText("service_tier", tier, out);
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

void RenderDeltaUsage(const UsageReport& usage, bool own, Writer& out) {
  out.BeginObject();
  RenderCounts(usage.tokens, out);
  out.Key("output_tokens").Int(OrZero(usage.tokens.output));
  RenderDetails(usage, own, out);
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::anthropic
