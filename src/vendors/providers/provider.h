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
#include "base/core/error.h"
#include "vendors/providers/vendor.h"

namespace signalbox::providers {

// How a provider is reached.
enum class Via : std::uint8_t {
  kDirect,
  kGateway,  // through the upstream gateway of `upstream_gateway`
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

// One entry of a provider's `keys:`.
struct KeyOptions {
  config::Secret key;
  std::uint32_t weight = 1;
  std::uint32_t in_flight = 0;   // calls at a time; 0: no limit
  std::uint32_t per_minute = 0;  // calls; 0: no limit
};

struct ProviderLimits {
  config::ByteSize answer_bytes = config::MiB(32);
};

// A gateway of somebody else's that stands before providers: `upstream_gateway`.
struct UpstreamGatewayOptions {
  config::Url base_url =
      *config::ParseUrl("https://gateway.ai.cloudflare.com/v1/{account}/{gateway}/{provider}");
  std::string account;
  std::string gateway;
  config::Secret key;  // its own, beside the provider's
};
const config::Table<UpstreamGatewayOptions>& UpstreamGatewayTable();

// One entry of `providers:` in the configuration.
struct ProviderOptions {
  std::optional<ProviderType> type;   // the vendor's when absent; sim when it is called that
  std::optional<std::string> vendor;  // a known one; the one of that name when absent
  std::optional<config::Url> base_url;
  std::string account;       // {account} in the base URL
  std::string resource;      // {resource}
  std::string api_version;   // of Azure's deployments
  std::optional<Auth> auth;  // the vendor's when absent
  Via via = Via::kDirect;
  config::Secret key;         // "none": no credential is sent
  std::string access_key_id;  // AWS's credentials, in place of a key
  config::Secret secret_access_key;
  config::Secret session_token;
  std::map<std::string, KeyOptions> keys;  // several, by a name for each
  std::optional<std::string> ca;           // PEM file with the authorities to believe
  bool local = false;
  std::string region;
  std::vector<std::string> models;  // what GET /v1/models lists for it
  bool stream_usage = true;
  std::int64_t default_max_tokens = 4096;  // where the vendor demands a bound and there is none
  OnDisconnect on_disconnect = OnDisconnect::kCancel;
  ProviderTimeouts timeouts;
  ProviderLimits limits;
};

const config::Table<ProviderOptions>& ProviderTable();

// A key ready for use.
struct ProviderKey {
  std::string label;
  config::Secret secret;          // empty: no credential is sent
  std::uint64_t fingerprint = 0;  // tells keys apart, and says nothing about the secret
  KeyOptions limits;
};

// A provider ready for use.
struct Provider {
  std::string name;
  ProviderType type = ProviderType::kOpenAi;
  // What it is spoken to in, the usual one first; empty: whatever the caller speaks.
  std::vector<const wire::Dialect*> dialects;
  std::string vendor;  // in the catalogue; empty: of nobody that is known
  Auth auth = Auth::kBearer;
  config::Url base_url;           // unused by sim; {model} in its path is the model of a call
  std::string query;              // of every call, with its question mark; empty: none
  config::Secret gateway_key;     // of an upstream gateway; empty: none
  std::vector<ProviderKey> keys;  // at least one
  std::string ca;
  bool public_only = false;  // its address must be on the public internet
  std::vector<std::string> model_prefixes;
  std::string default_model;  // what `auto` means here; empty: nothing
  Operations operations = kEverything;
  ProviderOptions options;

  // The dialect in which it is asked for `operation` on behalf of a caller who speaks `client`: the
  // caller's own where that can be.
  const wire::Dialect& DialectFor(const wire::Dialect& client, chat::Operation operation) const;
  // Whether it can be asked for `operation` in `dialect`, which is one that DialectFor gives.
  bool Has(const wire::Dialect& dialect, chat::Operation operation) const {
    return Holds(operations, operation) && dialect.Has(operation);
  }
  // Whether a request in `client`'s form goes there as it stands.
  bool Takes(const wire::Dialect& dialect, const wire::Dialect& client,
             chat::Operation operation) const {
    return Holds(operations, operation) && dialect.Takes(client, operation);
  }
};

// The provider called `name`: what was configured over what is known of its vendor. Its host is
// empty when nothing says where it is.
Provider MakeProvider(const std::string& name, const ProviderOptions& options,
                      const UpstreamGatewayOptions& gateway = {});

// What is missing or does not go together, for where `options` was written: `param` is the key in
// the entry.
std::vector<core::Error> CheckProvider(const std::string& name, const ProviderOptions& options,
                                       const UpstreamGatewayOptions& gateway);

}  // namespace signalbox::providers
