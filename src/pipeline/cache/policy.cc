#include "pipeline/cache/policy.h"

#include <algorithm>

namespace signalbox::cache {
namespace {

using chat::Operation;

std::optional<AnswerKind> KindOf(Operation operation) {
  switch (operation) {
    case Operation::kChat:
    case Operation::kCompletions:
    case Operation::kGenerate:
      return AnswerKind::kCompletion;
    case Operation::kModerations:
      return AnswerKind::kClassification;
    case Operation::kEmbeddings:
      return AnswerKind::kEmbedding;
    case Operation::kRerank:
      return AnswerKind::kOther;
    default:
      return std::nullopt;
  }
}

std::chrono::nanoseconds LifetimeOf(AnswerKind kind, const Lifetimes& ttl) {
  switch (kind) {
    case AnswerKind::kCompletion:
      return ttl.completion;
    case AnswerKind::kClassification:
      return ttl.classification;
    case AnswerKind::kEmbedding:
      return ttl.embedding;
    case AnswerKind::kOther:
      break;
  }
  return ttl.other;
}

bool IsTrue(const json::Value& body, std::string_view name) {
  const auto value = body.Find(name);
  return value && value->AsBool().value_or(false);
}

// Something is to happen at the vendor beside the answer, or the answer depends on what is there.
bool HasEffects(const json::Value& body) {
  const auto conversation = body.Find("conversation");
  return IsTrue(body, "store") || IsTrue(body, "background") ||
         (conversation && !conversation->IsNull());
}

// As each vendor writes it.
bool IsZeroTemperature(const json::Value& body) {
  auto temperature = body.Find("temperature");
  for (const std::string_view inside :
       {"generationConfig", "options", "inferenceConfig", "parameters"}) {
    const auto section = temperature ? std::nullopt : body.Find(inside);
    temperature = section ? section->Find("temperature") : temperature;
  }
  return temperature && temperature->AsDouble() == 0.0;
}

}  // namespace

bool IsWanted(const ExactOptions& options, const request::CacheWish& wish) {
  return options.enabled == Use::kOn || (options.enabled == Use::kAsked && wish.asked);
}

Permit PermitFor(const ExactOptions& options, const request::Call& call,
                 const request::Principal& principal, const json::Value& body) {
  const request::CacheWish& wish = call.hints.cache;
  const auto kind = KindOf(call.operation);
  if (!IsWanted(options, wish) || wish.no_store || !kind || call.upload != nullptr) {
    return {};
  }
  if (principal.grant != nullptr && principal.grant->privacy == request::PrivacyClass::kSensitive) {
    return {};
  }
  const bool sampled = *kind == AnswerKind::kCompletion &&
                       options.temperature == Temperature::kZero && !IsZeroTemperature(body);
  if (sampled || HasEffects(body)) {
    return {};
  }
  Permit permit{.serve = !wish.no_cache, .keep = true, .kind = *kind};
  permit.ttl = LifetimeOf(*kind, options.ttl);
  permit.ttl = std::min(permit.ttl, wish.ttl.value_or(permit.ttl));
  permit.max_age = wish.max_age.value_or(permit.max_age);
  return permit;
}

}  // namespace signalbox::cache
