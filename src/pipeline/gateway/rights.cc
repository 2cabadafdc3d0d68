#include "pipeline/gateway/rights.h"

#include <fmt/format.h>

namespace signalbox::gateway {
namespace {

using core::ErrorCode;
using core::Fail;
using request::Grant;

// "model 'gpt-4o'": what a name that the caller wrote, or was led to, may be told as.
core::Status Forbid(std::string_view what, std::string_view name, std::string_view param) {
  return Fail(ErrorCode::kForbidden,
              fmt::format("this key may not use {} '{}'; GET /v1/models lists what it may, and an "
                          "admin can change that",
                          what, name),
              std::string(param));
}

bool AllowsModel(const Grant& grant, std::string_view asked, std::string_view provider,
                 std::string_view model) {
  return grant.models.names.empty() || grant.models.Allows(asked) || grant.models.Allows(model) ||
         grant.models.Allows(fmt::format("{}/{}", provider, model));
}

}  // namespace

core::Status CheckDialect(const request::Principal& principal, const request::Call& call) {
  if (principal.grant == nullptr || principal.grant->dialects.Allows(call.dialect->name())) {
    return {};
  }
  return Forbid("the API", call.dialect->title(), "");
}

core::Status CheckTarget(const request::Principal& principal, std::string_view asked,
                         const execution::Target& target, const Lineup& lineup) {
  if (principal.grant == nullptr) {
    return {};
  }
  const Grant& grant = *principal.grant;
  const providers::Provider& provider = lineup.provider(target.provider);
  if (!AllowsModel(grant, asked, provider.name, target.model)) {
    return Forbid("model", asked.empty() ? target.model : asked, "model");
  }
  if (!grant.providers.Allows(provider.name)) {
    return Forbid("provider", provider.name, "model");
  }
  if (grant.privacy == request::PrivacyClass::kSensitive && !provider.options.local) {
    return Fail(ErrorCode::kForbidden,
                fmt::format("this key's requests are sensitive and go to local models alone; "
                            "provider '{}' is not marked local",
                            provider.name),
                "model");
  }
  return {};
}

core::Result<std::span<const execution::Target>> Permitted(
    std::span<const execution::Target> targets, const request::Principal& principal,
    std::string_view asked, const Lineup& lineup, std::vector<execution::Target>& kept) {
  kept.clear();
  if (principal.grant == nullptr) {
    return targets;
  }
  core::Status first;
  for (const execution::Target& target : targets) {
    if (core::Status may = CheckTarget(principal, asked, target, lineup); may) {
      kept.push_back(target);
    } else if (first) {
      first = std::move(may);
    }
  }
  if (kept.empty()) {
    return std::unexpected(std::move(first).error());
  }
  return kept.size() == targets.size() ? targets : std::span<const execution::Target>(kept);
}

}  // namespace signalbox::gateway
