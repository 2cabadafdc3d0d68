#include "pipeline/gateway/tally.h"

#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/tokens/estimate.h"

namespace signalbox::gateway {
namespace {

using ledger::UsageSource;
using tokens::TokenCount;

constexpr std::size_t kMostCounted = 16 * 1024;  // bytes that are looked at closely

TokenCount& operator+=(TokenCount& sum, const TokenCount& more) {
  sum.tokens += more.tokens;
  sum.exact = sum.exact && more.exact;
  return sum;
}

// From the beginning of it, or from nothing but its size.
TokenCount Roughly(std::string_view model, std::string_view text, std::uint64_t bytes) {
  constexpr std::uint64_t kBytesPerToken = 4;
  const std::string_view seen = text.substr(0, kMostCounted);
  const std::uint64_t tokens =
      seen.empty() ? bytes / kBytesPerToken
                   : tokens::Estimate(tokens::FamilyOf(model), seen) * bytes / seen.size();
  return {.tokens = static_cast<std::size_t>(tokens), .exact = false};
}

// `Texts`: each a text or its tokens.
template <typename Texts>
TokenCount CountTexts(const tokens::Counter& counter, std::string_view model, const Texts& texts) {
  TokenCount sum{.tokens = 0, .exact = true};
  for (const auto& each : texts) {
    sum += each.tokens.empty() ? counter.CountText(model, each.text)
                               : TokenCount{.tokens = each.tokens.size(), .exact = true};
  }
  return sum;
}

TokenCount CountRequest(const tokens::Counter& counter, const Uncounted& call) {
  json::Document document;
  if (call.request.empty() || call.request.size() > kMostCounted || !document.Parse(call.request)) {
    return Roughly(call.model, call.request, call.request_bytes);
  }
  if (call.operation == chat::Operation::kEmbeddings) {
    const auto request = call.dialect.ParseEmbeddingsRequest(document.Root());
    return request ? CountTexts(counter, call.model, request->inputs)
                   : Roughly(call.model, call.request, call.request_bytes);
  }
  if (call.operation == chat::Operation::kCompletions) {
    const auto request = openai_chat::ParseCompletionRequest(document.Root());
    return request ? CountTexts(counter, call.model, request->prompts)
                   : Roughly(call.model, call.request, call.request_bytes);
  }
  if (call.operation == chat::Operation::kModerations) {
    return Roughly(call.model, call.request, call.request_bytes);
  }
  auto request = call.dialect.ParseRequest(document.Root());
  if (!request) {
    return Roughly(call.model, call.request, call.request_bytes);
  }
  request->model = call.model;
  return counter.CountChat(*request);
}

// Of texts and thoughts. Of tool calls and media nobody but the vendor knows how they are written.
TokenCount CountAnswer(const tokens::Counter& counter, const Uncounted& call) {
  if (call.operation == chat::Operation::kEmbeddings ||
      call.operation == chat::Operation::kModerations || call.answer.empty()) {
    return {.tokens = 0, .exact = true};
  }
  json::Document document;
  if (call.answer.size() > kMostCounted || !document.Parse(call.answer)) {
    return Roughly(call.model, call.answer, call.answer.size());
  }
  const auto answer = call.operation == chat::Operation::kCompletions
                          ? openai_chat::ParseCompletionAnswer(document.Root())
                          : call.dialect.ParseAnswer(document.Root());
  if (!answer) {
    return Roughly(call.model, call.answer, call.answer.size());
  }
  TokenCount sum{.tokens = 0, .exact = true};
  for (const chat::Choice& choice : answer->choices) {
    for (const chat::Part& part : choice.parts) {
      if (const auto* text = std::get_if<chat::Text>(&part.content)) {
        sum += counter.CountText(call.model, text->text);
      } else {
        sum.exact = false;
        sum.tokens += 1;
      }
    }
  }
  return sum;
}

}  // namespace

UsageSource CountMissing(const tokens::Counter& counter, const Uncounted& call,
                         chat::Usage& usage) {
  bool exact = usage.output < 0;  // a stream's events are not its tokens
  if (usage.input < 0) {
    const TokenCount count = CountRequest(counter, call);
    usage.input = static_cast<std::int64_t>(count.tokens);
    exact = exact && count.exact;
  }
  if (usage.output < 0) {
    const TokenCount count = CountAnswer(counter, call);
    usage.output = static_cast<std::int64_t>(count.tokens);
    exact = exact && count.exact;
  }
  return exact ? UsageSource::kCounted : UsageSource::kEstimated;
}

std::int64_t ExactInput(const tokens::Counter& counter, const Uncounted& call) {
  const TokenCount count = CountRequest(counter, call);
  return count.exact ? static_cast<std::int64_t>(count.tokens) : -1;
}

}  // namespace signalbox::gateway
