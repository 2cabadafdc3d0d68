// Who there is: tenants, and in each of them users, teams, projects and keys. What is asked of the
// service and what it answers, as plain data.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/core/time.h"
#include "pipeline/request/attribution.h"
#include "pipeline/request/grant.h"

namespace signalbox::identity {

using request::KeyId;
using request::ProjectId;
using request::TeamId;
using request::TenantId;
using request::UserId;

// Every row has one. `version` goes up by one with every change; a patch that names another one
// than the row has is a conflict.
struct Stamp {
  core::WallTime created{};
  core::WallTime changed{};
  std::int64_t version = 0;
};

struct Tenant {
  TenantId id;
  std::string name;
  bool active = true;  // false: none of its keys and tokens is taken
  Stamp stamp;
};

struct User {
  UserId id;
  TenantId tenant;
  std::string name;
  std::string email;
  request::Role role = request::Role::kMember;  // no key of theirs has a higher one
  bool active = true;
  std::string issuer;  // of their tokens, with `subject`; empty: has none
  std::string subject;
  Stamp stamp;
};

struct Team {
  TeamId id;
  TenantId tenant;
  std::string name;
  Stamp stamp;
};

struct Project {
  ProjectId id;
  TenantId tenant;
  TeamId team;  // zero: of no team
  std::string name;
  Stamp stamp;
};

struct Member {
  TeamId team;
  UserId user;
  request::Role role = request::Role::kMember;  // an admin of the team may change its members
};

// What a key allows and is booked on; what its maker may choose.
struct KeyRights {
  request::Role role = request::Role::kMember;
  request::NameRules models;
  request::NameRules providers;
  request::NameRules dialects;
  request::PrivacyClass privacy = request::PrivacyClass::kPublic;
  core::WallTime expires = core::WallTime::max();
  UserId owner;  // zero: a service's
  TeamId team;
  ProjectId project;
};

struct Key {
  KeyId id;
  TenantId tenant;  // zero: of the whole installation
  std::string name;
  std::string hint;  // the last four characters of its secret
  KeyRights rights;
  std::vector<std::string> tags;
  std::string metadata = "{}";  // a JSON object, kept as it was written
  std::optional<core::WallTime> revoked;
  std::optional<core::WallTime> old_secret_until;  // after a rotation with a grace
  std::optional<core::WallTime> last_used;         // to the minute
  Stamp stamp;
};

}  // namespace signalbox::identity
