#include <cstring>

#include "vendors/catalog/price.h"
#include "vendors/dialects/anthropic/usage.h"

namespace signalbox::anthropic {
namespace {

constexpr std::string_view kUsageKey = R"("usage")";
constexpr std::string_view kBlank = " \t\r\n";
constexpr std::size_t kNowhere = std::string_view::npos;

std::size_t FindKey(std::string_view text, std::size_t from) {
  const void* found =
      memmem(text.data() + from, text.size() - from, kUsageKey.data(), kUsageKey.size());
  return found == nullptr ? kNowhere
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// The text from the value of the only member of that name on, wherever it stands; empty when there
// is none or more than one. Inside a string its quotes would be escaped, so it is not found there.
std::string_view OnlyUsage(std::string_view text) {
  const std::size_t at = FindKey(text, 0);
  if (at == kNowhere || FindKey(text, at + kUsageKey.size()) != kNowhere) {
    return {};
  }
  const std::size_t colon = text.find_first_not_of(kBlank, at + kUsageKey.size());
  if (colon == kNowhere || text[colon] != ':') {
    return {};
  }
  const std::size_t value = text.find_first_not_of(kBlank, colon + 1);
  return value != kNowhere && text[value] == '{' ? text.substr(value) : std::string_view();
}

catalog::Bill BillOfUsage(const json::Value& usage) {
  chat::UsageReport report;
  std::string tier;
  TakeUsage(usage, report, tier);
  return BillOf(report, tier);
}

}  // namespace

catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view tier) {
  return {.usage = usage.tokens,
          .tier = catalog::FindServiceTier(tier).value_or(catalog::ServiceTier::kStandard),
          .stated = {}};
}

std::optional<catalog::Bill> ReadBill(std::string_view answer, json::Document& document) {
  const std::size_t first = answer.find_first_not_of(kBlank);
  const std::size_t last = answer.find_last_not_of(kBlank);
  if (first == kNowhere || answer[first] != '{' || answer[last] != '}') {
    return std::nullopt;
  }
  if (FindKey(answer, 0) == kNowhere) {
    return catalog::Bill{};
  }
  // What is read by its key alone may stand twice: the first counts.
  if (const std::string_view usage = OnlyUsage(answer); !usage.empty()) {
    return document.Parse(usage, {.unique_keys = false, .whole_text = false})
               ? std::optional(BillOfUsage(document.Root()))
               : std::nullopt;
  }
  if (!document.Parse(answer, {.unique_keys = false})) {
    return std::nullopt;
  }
  const auto usage = document.Root().Find("usage");
  return usage && usage->IsObject() ? BillOfUsage(*usage) : catalog::Bill{};
}

}  // namespace signalbox::anthropic
