#include "pipeline/gateway/operations.h"

#include <fmt/format.h>

namespace signalbox::gateway {
namespace {

using chat::Operation;

// What people call an operation.
std::string_view InWords(const request::Call& call) {
  switch (call.operation) {
    case Operation::kCountTokens:
      return "counting of tokens";
    case Operation::kRerank:
      return "ranking";
    case Operation::kTranscriptions:
      return Translates(call) ? "translation of speech" : "transcription";
    case Operation::kImages:
      return "making of images";
    case Operation::kSpeech:
      return "making of speech";
    default:
      return chat::Name(call.operation);
  }
}

bool Can(const providers::Provider& provider, const wire::Dialect& dialect,
         const request::Call& call) {
  const bool translates =
      !Translates(call) ||
      ((provider.operations & providers::kTranslations) != 0 && dialect.TranslatesSpeech());
  return translates && provider.Has(dialect, Asked(call, provider, dialect));
}

}  // namespace

bool Translates(const request::Call& call) {
  return call.operation == Operation::kTranscriptions && !call.path.empty();
}

Operation Asked(const request::Call& call, const providers::Provider& provider,
                const wire::Dialect& dialect) {
  const bool prompt =
      call.operation == Operation::kCompletions || call.operation == Operation::kGenerate;
  return prompt && !provider.Takes(dialect, *call.dialect, call.operation) ? Operation::kChat
                                                                           : call.operation;
}

core::Status CanServe(const providers::Provider& provider, const wire::Dialect& dialect,
                      const request::Call& call) {
  if (Can(provider, dialect, call)) {
    return {};
  }
  return core::Fail(
      core::ErrorCode::kInvalidRequest,
      fmt::format("provider {} ({}) has no {}", provider.name, dialect.title(), InWords(call)),
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
    if (Can(provider, dialect, call)) {
      names += names.empty() ? "" : ", ";
      names += provider.name;
    }
  }
  error.message +=
      names.empty() ? "; no provider that is configured has it" : "; these have it: " + names;
  return error;
}

}  // namespace signalbox::gateway
