// From a question to the identity's services and back: who asks, what a path names, what is noted.
//
// Owner: nobody, they are functions. Threads: the pool's. Errors: as said. Cancel: nothing to undo.
#pragma once

#include "pipeline/identity/fields.h"
#include "pipeline/identity/identity.h"
#include "surface/api/doing.h"
#include "surface/api/field_types.h"
#include "surface/api/form.h"
#include "surface/api/noted.h"

namespace signalbox::api {

inline constexpr std::string_view kVersionDoc =
    "The version that is changed; when it is another one by now: 409.";

// kUnavailable where there is none.
core::Result<identity::Identity*> IdentityOf(const Asked& asked);

inline identity::Actor ActorOf(const Asked& asked) {
  return {.principal = asked.principal, .tenant = asked.tenant, .now = asked.now};
}

// A part of a list, as most lists are asked for.
struct ListForm {
  std::string tenant;
  std::string search;
  std::string after;
  std::uint32_t limit = 50;

  static const config::Table<ListForm>& Members();
  identity::ListQuery ToQuery() const { return {.search = search, .after = after, .limit = limit}; }
};

template <typename View, typename T>
Page<View> PageOf(const identity::Page<T>& page) {
  Page<View> out;
  for (const T& row : page.rows) {
    out.data.push_back(View::Of(row));
  }
  if (!page.next.empty()) {
    out.next = page.next;
  }
  return out;
}

// What there is now of a row; of one that was removed, what there was.
template <typename View, typename T>
View ViewOf(const identity::Change<T>& change) {
  return View::Of(change.after ? *change.after : *change.before);
}

// A change of identity's that the audit trail is told of as `View` shows it.
template <typename View>
class Noted final : public identity::Witness {
 public:
  Noted(const Asked& asked, std::string_view action) : note_(asked, action) {}

  // Who makes the change.
  identity::Actor actor() {
    identity::Actor actor = ActorOf(note_.asked());
    actor.witness = this;
    return actor;
  }

  core::Status Before(Told told) override {
    return std::visit([this](const auto* change) { return this->Tell(*change); }, told);
  }
  void Failed(const core::Error& why) override { note_.Failed(why); }

 private:
  template <typename T>
  core::Status Tell(const identity::Change<T>& change) {
    if constexpr (requires(const T& row) { View::Of(row); }) {
      const T& row = change.after ? *change.after : *change.before;
      request::TenantId tenant;
      if constexpr (requires { row.tenant; }) {
        tenant = row.tenant;
      }
      return note_.Tell(tenant, View::SubjectOf(row),
                        change.before ? JsonOf(View::Of(*change.before)) : "",
                        change.after ? JsonOf(View::Of(*change.after)) : "");
    } else {
      return core::Fail(core::ErrorCode::kInternal, "another thing is changed than was asked for");
    }
  }

  Note note_;
};

}  // namespace signalbox::api
