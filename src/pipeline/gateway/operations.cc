#include "pipeline/gateway/operations.h"

#include <fmt/format.h>

namespace signalbox::gateway {
namespace {

using chat::Operation;

// What people call an operation.
std::string_view InWords(Operation operation) {
  switch (operation) {
    case Operation::kCountTokens:
      return "counting of tokens";
    case Operation::kRerank:
      return "ranking";
    case Operation::kTranscriptions:
      return "transcription";
    case Operation::kImages:
      return "making of images";
    default:
      return chat::Name(operation);
  }
}

}  // namespace

Operation Asked(const request::Call& call, const wire::Dialect& dialect) {
  const bool prompt =
      call.operation == Operation::kCompletions || call.operation == Operation::kGenerate;
  return prompt && !dialect.Takes(*call.dialect, call.operation) ? Operation::kChat
                                                                 : call.operation;
}

core::Status CanServe(const providers::Provider& provider, const wire::Dialect& dialect,
                      const request::Call& call) {
  if (dialect.Has(Asked(call, dialect))) {
    return {};
  }
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    fmt::format("provider {} ({}) has no {}", provider.name, dialect.title(),
                                InWords(call.operation)),
                    "model");
}

bool CanCount(std::span<const execution::Target> targets, const Lineup& lineup,
              const request::Call& call) {
  const providers::Provider& provider = lineup.provider(targets.front().provider);
  return provider.DialectFor(*call.dialect, call.operation).Has(chat::Operation::kCountTokens);
}

core::Error WithThoseThatCan(core::Error error, const Lineup& lineup, const request::Call& call) {
  if (error.param != "model") {
    return error;
  }
  std::string names;
  for (const providers::Provider& provider : lineup.targets().providers()) {
    const wire::Dialect& dialect = provider.DialectFor(*call.dialect, call.operation);
    if (dialect.Has(Asked(call, dialect))) {
      names += names.empty() ? "" : ", ";
      names += provider.name;
    }
  }
  error.message +=
      names.empty() ? "; no provider that is configured has it" : "; these have it: " + names;
  return error;
}

}  // namespace signalbox::gateway
