// A provider as data: where it is, how it is spoken to, what it knows.
//
// Owner:   the configuration snapshot. Threads: read only once made. Errors: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/table.h"

namespace signalbox::providers {

enum class ProviderType : std::uint8_t {
  kOpenAi,  // OpenAI Chat Completions under `base_url`
  kSim,     // the built-in provider
};

enum class OnDisconnect : std::uint8_t {
  kCancel,  // a client that leaves ends the upstream call
  kDrain,   // the answer is read to its end, for exact usage
};

struct ProviderTimeouts {
  std::chrono::nanoseconds connect{std::chrono::seconds(5)};
  std::chrono::nanoseconds first_byte{std::chrono::seconds(60)};
  std::chrono::nanoseconds idle{std::chrono::seconds(60)};
  std::chrono::nanoseconds total{std::chrono::seconds(600)};
};

struct ProviderLimits {
  config::ByteSize answer_bytes = config::MiB(32);
};

// One entry of `providers:` in the configuration.
struct ProviderOptions {
  std::optional<ProviderType> type;  // of the built-in row of that name when absent, else openai
  std::optional<config::Url> base_url;
  config::Secret key;             // "none": no credential is sent
  std::optional<std::string> ca;  // PEM file with the authorities to believe
  bool local = false;
  std::string region;
  std::vector<std::string> models;  // what GET /v1/models lists for it
  bool stream_usage = true;
  OnDisconnect on_disconnect = OnDisconnect::kCancel;
  ProviderTimeouts timeouts;
  ProviderLimits limits;
};

const config::Table<ProviderOptions>& ProviderTable();

// A provider that Signalbox knows without being told.
struct BuiltInProvider {
  std::string_view name;
  std::string_view base_url;
  std::span<const std::string_view> key_variables;   // its usual key in the environment
  std::span<const std::string_view> model_prefixes;  // names by which its models are known
};
std::span<const BuiltInProvider> BuiltInProviders();
const BuiltInProvider* FindBuiltIn(std::string_view name);

// A local server that is looked for at start when nothing is configured.
struct LocalServer {
  std::string_view name;
  std::uint16_t port;
};
std::span<const LocalServer> LocalServers();

// A provider ready for use.
struct Provider {
  std::string name;
  ProviderType type = ProviderType::kOpenAi;
  config::Url base_url;  // unused by sim
  config::Secret key;
  std::string ca;
  std::vector<std::string> model_prefixes;
  ProviderOptions options;
};

// The provider called `name`: what was configured over the built-in row of that name.
Provider MakeProvider(const std::string& name, const ProviderOptions& options);

}  // namespace signalbox::providers
