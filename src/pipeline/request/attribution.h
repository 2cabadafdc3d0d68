// Whom and what a call is booked on: the dimensions of limits, budgets, costs and reports.
//
// Owner: plain data; Labels are views of the call's. Threads: any. Errors: none.
// Cancel: nothing to undo.
#pragma once

#include <string_view>

#include "base/core/ids.h"

namespace signalbox::request {

struct TenantTag {
  static constexpr std::string_view kPrefix = "tenant_";
};
struct KeyTag {
  static constexpr std::string_view kPrefix = "key_";
};
struct UserTag {
  static constexpr std::string_view kPrefix = "user_";
};
struct TeamTag {
  static constexpr std::string_view kPrefix = "team_";
};
struct ProjectTag {
  static constexpr std::string_view kPrefix = "project_";
};
using TenantId = core::Id<TenantTag>;
using KeyId = core::Id<KeyTag>;
using UserId = core::Id<UserTag>;
using TeamId = core::Id<TeamTag>;
using ProjectId = core::Id<ProjectTag>;

// Who is charged, as the credential says. All zero: none.
struct Parties {
  TenantId tenant;
  KeyId key;
  UserId user;
  TeamId team;
  ProjectId project;

  bool empty() const { return *this == Parties{}; }
  friend bool operator==(const Parties&, const Parties&) = default;
};

// What the caller says the call is for; empty: nothing. Never a credential: it opens nothing.
struct Labels {
  std::string_view end_user;  // of the application that calls, by its own name for them
  std::string_view agent;
  std::string_view session;
  std::string_view task;
  std::string_view feature;
  std::string_view category;
  std::string_view activity;
  std::string_view tags;  // "a,b=c", as they were sent

  bool empty() const { return *this == Labels{}; }
  friend bool operator==(const Labels&, const Labels&) = default;
};

}  // namespace signalbox::request
