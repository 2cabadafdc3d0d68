// What a credential allows. Made by identity when a key is loaded or a token checked; read by every
// stage that has to know what its caller may do.
//
// Owner:   shared (shared_ptr) by the identity's directory and the requests that run under it; a
//          request keeps the one that it began with.
// Threads: any; read only once made.
// Errors:  none of its own. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/time.h"
#include "pipeline/request/attribution.h"

namespace signalbox::request {

// Each includes those before it.
enum class Role : std::uint8_t { kViewer, kMember, kOperator, kAdmin };

enum class PrivacyClass : std::uint8_t { kPublic, kInternal, kSensitive };

// Names that are allowed: `gpt-4o`, `openai/*`, `*-mini`. Empty: every name. A star stands for any
// characters, there is no other pattern.
struct NameRules {
  std::vector<std::string> names;

  bool Allows(std::string_view name) const;
};

// What another stage keeps for a grant, resolved once: quota's limits and budgets. Opaque here.
class Allowance {
 public:
  virtual ~Allowance() = default;
};

struct Grant {
  Parties parties;
  Role role = Role::kMember;
  // Of the tenant that it belongs to; false: of the whole installation (the first admin key).
  bool of_tenant = true;
  std::string name;  // for people: the key's or the user's
  NameRules models;  // a name that is asked for, or `model` or `provider/model` that it leads to
  NameRules providers;
  NameRules dialects;
  PrivacyClass privacy = PrivacyClass::kPublic;  // its requests are of this class at least
  core::WallTime expires = core::WallTime::max();
  std::shared_ptr<Allowance> allowance;  // null: nothing is limited
};

}  // namespace signalbox::request
