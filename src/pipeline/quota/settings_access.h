// Whose limits and budgets an actor sees and may set. Internal to Settings.
//
// Pure. Owner: nobody. Threads: any. Errors: as Settings'. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/quota/settings.h"

namespace signalbox::quota {

inline constexpr std::size_t kMostText = 255;  // bytes of a name or an id

// Of no tenant.
bool OfInstallation(const Actor& actor);
// Empty: the installation.
std::string TenantOf(const Actor& actor);
// Whose rows the actor sees; nullopt: everybody's.
std::optional<std::string> Sees(const Actor& actor);

}  // namespace signalbox::quota
