// What a route asks of whoever calls it. There is no rule by default: a route declared without one
// does not compile.
//
// Owner: plain data, mostly constants. Threads: any. Errors: kForbidden, which says what is
// missing. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "pipeline/request/principal.h"

namespace signalbox::api {

class Rule {
 public:
  // Anybody who gets past the guards. At most four routes are.
  static constexpr Rule Open() { return {Kind::kOpen, request::Role::kViewer}; }
  // Whoever has a credential that is known, where any is configured.
  static constexpr Rule Key() { return {Kind::kKey, request::Role::kViewer}; }
  // A credential of that role or a higher one; it sees and changes its own tenant's things.
  static constexpr Rule Of(request::Role least) { return {Kind::kRole, least}; }
  // The same, and not of one tenant alone: what is here belongs to nobody's tenant.
  static constexpr Rule OfInstallation(request::Role least) { return {Kind::kWhole, least}; }

  constexpr bool open() const { return kind_ == Kind::kOpen; }
  constexpr bool whole() const { return kind_ == Kind::kWhole; }
  constexpr request::Role least() const { return least_; }

  // Of a caller whose credential has been checked. Without a grant everything is allowed.
  core::Status Check(const request::Principal& principal) const;
  // "open", "any key", "role member", "role admin of the installation"
  std::string Text() const;

  friend bool operator==(const Rule&, const Rule&) = default;

 private:
  enum class Kind : std::uint8_t { kOpen, kKey, kRole, kWhole };
  constexpr Rule(Kind kind, request::Role least) : kind_(kind), least_(least) {}

  Kind kind_;
  request::Role least_;
};

// "viewer", "member", "operator", "admin"
std::string_view RoleName(request::Role role);

}  // namespace signalbox::api
