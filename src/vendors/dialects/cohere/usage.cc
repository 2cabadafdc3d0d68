#include "vendors/dialects/cohere/usage.h"

#include <utility>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Usage;
using chat::UsageReport;
using core::Status;
using json::Value;
using V = const Value&;

constexpr std::string_view kBilled = "billed_units";

// Some counts are written 62.0.
std::int64_t Count(V value) {
  if (const auto count = value.AsInt()) {
    return *count < 0 ? -1 : *count;
  }
  const double number = value.AsDouble().value_or(-1);
  return number < 0 || number > 1e15 ? -1 : static_cast<std::int64_t>(number);
}

std::int64_t CountIn(V object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? Count(*member) : -1;
}

Status ReadCount(V value, std::int64_t& out) {
  out = Count(value);
  return out < 0 ? wire::Expected("a count") : Status{};
}

constexpr wire::Field<UsageReport> kTokenFields[] = {
    {"input_tokens", [](V v, UsageReport& out) { return ReadCount(v, out.tokens.input); },
     wire::OnFailure::kDrop},
    {"output_tokens", [](V v, UsageReport& out) { return ReadCount(v, out.tokens.output); },
     wire::OnFailure::kDrop},
};

constexpr wire::Field<UsageReport> kFields[] = {
    {"tokens",
     [](V v, UsageReport& out) {
       return wire::ReadObject(v, kTokenFields, out, out.input_extra, wire::Strictness::kLenient);
     },
     wire::OnFailure::kDrop},
    {"cached_tokens", [](V v, UsageReport& out) { return ReadCount(v, out.tokens.cached); }},
};

Usage ReadBilled(V billed) {
  Usage usage;
  usage.input = CountIn(billed, "input_tokens");
  usage.output = CountIn(billed, "output_tokens");
  usage.searches = CountIn(billed, "search_units");
  return usage;
}

// Nothing where it is nothing.
void RenderCounts(std::string_view key, const Usage& usage, std::int64_t searches,
                  const chat::Extra& extra, json::Writer& out) {
  if (usage.input < 0 && usage.output < 0 && searches < 0 && extra.empty()) {
    return;
  }
  out.Key(key).BeginObject();
  for (const auto& [name, count] :
       {std::pair{"input_tokens", usage.input}, std::pair{"output_tokens", usage.output},
        std::pair{"search_units", searches}}) {
    if (count >= 0) {
      out.Key(name).Int(count);
    }
  }
  wire::RenderExtra(extra, true, out);
  out.EndObject();
}

}  // namespace

UsageReport ParseUsage(V usage) {
  UsageReport report;
  // Lenient reading of an object cannot fail, and what is no object states nothing.
  (void)wire::ReadObject(usage, kFields, report, report.extra, wire::Strictness::kLenient);
  const auto billed = usage.Find(kBilled);
  if (!billed) {
    return report;
  }
  const Usage stated = ReadBilled(*billed);
  report.tokens.searches = stated.searches;
  if (!report.tokens.known()) {
    report.tokens.input = stated.input;
    report.tokens.output = stated.output;
  }
  return report;
}

Usage BilledOf(const UsageReport& usage) {
  const chat::Member* billed = wire::FindMember(usage.extra, kBilled);
  json::Document document;
  if (billed == nullptr || !document.Parse(billed->value)) {
    return usage.tokens;
  }
  const Usage stated = ReadBilled(document.Root());
  return stated.known() || stated.searches >= 0 ? stated : usage.tokens;
}

UsageReport ParseMeta(V meta) {
  UsageReport report = ParseUsage(meta);
  report.extra.clear();
  json::ForEachMember(meta, [&](V key, V value) { wire::Keep(key, value, report.extra); });
  return report;
}

void RenderUsage(const UsageReport& usage, bool own, json::Writer& out) {
  out.BeginObject();
  if (!own) {
    RenderCounts(kBilled, usage.tokens, usage.tokens.searches, {}, out);
  }
  RenderCounts("tokens", usage.tokens, -1, own ? usage.input_extra : chat::Extra{}, out);
  if (usage.tokens.cached >= 0) {
    out.Key("cached_tokens").Int(usage.tokens.cached);
  }
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

void RenderMeta(const UsageReport& usage, bool own, json::Writer& out) {
  out.BeginObject();
  if (!own) {
    out.Key("api_version").BeginObject().Key("version").String("2").EndObject();
    RenderCounts(kBilled, usage.tokens, usage.tokens.searches, {}, out);
  }
  wire::RenderExtra(usage.extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::cohere
