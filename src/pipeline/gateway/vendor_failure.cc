#include "pipeline/gateway/vendor_failure.h"

#include <array>

#include "vendors/dialects/openai_chat/errors.h"

namespace signalbox::gateway {
namespace {

using execution::FailureKind;

// Codes by which OpenAI and those who speak its dialect tell these apart.
struct Word {
  std::string_view code;
  FailureKind kind;
};
constexpr auto kWords = std::to_array<Word>({
    {"context_length_exceeded", FailureKind::kContextTooLong},
    {"string_above_max_length", FailureKind::kContextTooLong},
    {"content_filter", FailureKind::kContentFilter},
    {"content_policy_violation", FailureKind::kContentFilter},
    {"insufficient_quota", FailureKind::kQuotaSpent},
    {"billing_hard_limit_reached", FailureKind::kQuotaSpent},
});

}  // namespace

void ReadVendorError(std::string_view body, execution::Failure& failure, std::string& detail) {
  chat::VendorError error = openai_chat::ParseErrorBody(body);
  for (const Word& word : kWords) {
    if (error.code == word.code || error.type == word.code) {
      failure.kind = word.kind;
    }
  }
  detail = std::move(error.message);
}

}  // namespace signalbox::gateway
