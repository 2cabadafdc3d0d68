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

// Notes what was done to a row, and shows what there is now; of one that was removed, what there
// was.
template <typename View, typename T>
core::Result<View> ShowChange(const Asked& asked, std::string_view action,
                              const identity::Change<T>& change) {
  const T& row = change.after ? *change.after : *change.before;
  Deed deed = DeedOf(asked, action);
  if constexpr (requires { row.tenant; }) {
    deed.tenant = row.tenant;
  }
  deed.before = change.before ? JsonOf(View::Of(*change.before)) : "";
  deed.after = change.after ? JsonOf(View::Of(*change.after)) : "";
  deed.subject = View::SubjectOf(row);
  SB_CHECK_OK(Note(asked, std::move(deed)));
  return View::Of(row);
}

}  // namespace signalbox::api
