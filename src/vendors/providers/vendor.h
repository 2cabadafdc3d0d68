// The vendors that Signalbox knows without being told, and the servers of one's own machine.
//
// Plain data. A row is enough for whoever speaks a dialect that is known:
// docs/adding-a-provider.md.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "vendors/providers/provider_type.h"

namespace signalbox::providers {

// What can be asked for, as a set: a bit each.
using Operations = std::uint32_t;
inline constexpr Operations kEverything = ~Operations{0};  // that the dialect has
// Transcripts in English, which not everybody has who has transcripts.
inline constexpr Operations kTranslations = Operations{1} << 31U;
constexpr Operations Only(std::same_as<chat::Operation> auto... each) {
  return ((Operations{1} << static_cast<unsigned>(each)) | ...);
}
constexpr bool Holds(Operations set, chat::Operation operation) {
  return (set >> static_cast<unsigned>(operation) & 1U) != 0;
}

struct Vendor {
  std::string_view name;  // a provider of that name is this vendor's; also in the catalogue
  // {account}, {resource} and {region} stand for settings of the provider's, {model} for the
  // model's name.
  std::string_view base_url;
  std::span<const std::string_view> key_variables;   // its usual key in the environment
  std::span<const std::string_view> model_prefixes;  // names by which its models are known
  std::string_view default_model{};                  // what `auto` means there; empty: nothing
  // Behind an upstream gateway, in place of {provider}; empty: the provider's name.
  std::string_view gateway_path{};
  std::span<const std::string_view> account_variables{};  // {account} or {resource}
  std::span<const std::string_view> region_variables{};   // {region}
  ProviderType type = ProviderType::kOpenAi;              // what it is spoken to in
  Operations operations = kEverything;                    // of those that its dialect has
  bool responses = false;  // OpenAI Responses stand below the same base URL
  std::uint16_t port = 0;  // of a server on this machine, where it is looked for; 0: in the cloud

  bool local() const { return port != 0; }
};

std::span<const Vendor> Vendors();
const Vendor* FindVendor(std::string_view name);

}  // namespace signalbox::providers
