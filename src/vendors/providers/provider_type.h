// What a provider speaks: one row a type, which is the word in the configuration.
//
// Owner: static tables. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::providers {

enum class ProviderType : std::uint8_t {
  kOpenAi,  // Chat Completions
  kOpenAiResponses,
  kAnthropic,
  kGemini,
  kVertex,
  kMistral,
  kCohere,
  kOllamaNative,
  kBedrock,
  kWorkersAi,
  kHuggingFace,
  kAzureOpenAi,
  kSim,  // the built-in provider, which speaks whatever it is spoken to in
};

// How a credential is sent.
enum class Auth : std::uint8_t {
  kBearer,      // Authorization: Bearer KEY
  kApiKey,      // api-key: KEY
  kXApiKey,     // x-api-key: KEY
  kGoogApiKey,  // x-goog-api-key: KEY
};
// The field up to the key: "authorization: Bearer ".
std::string_view FieldOf(Auth auth);

struct TypeRow {
  ProviderType type;
  std::string_view name;    // in the configuration
  std::string_view vendor;  // whose it is when nothing says so, not even a base URL; may be empty
  // A step that the base URL's path ends with; it is added where the path ends with no version.
  std::string_view version;
  Auth auth = Auth::kBearer;
  std::string_view fields;                 // sent with every call, ended by CRLF
  std::string_view models;                 // the path of the list of models; empty: there is none
  const wire::Dialect* dialect = nullptr;  // null: whatever the caller speaks
};

std::span<const TypeRow> ProviderTypes();
const TypeRow& RowOf(ProviderType type);

}  // namespace signalbox::providers
