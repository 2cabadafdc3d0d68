// One question to the management API as its handler sees it, and what it answers with.
//
// Owner:   the way through Api, shared with the pool's thread that answers.
// Threads: one at a time. Errors: those of the forms. Cancel: nothing to undo.
//
// A handler is a plain function that may block: it runs on the pool. Its type says everything that
// the router, the OpenAPI page and the checks need to know:
//
//   core::Result<KeyView> UpdateKey(const Asked& asked, const KeyChange& change);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/core/ids.h"
#include "base/core/time.h"
#include "pipeline/request/principal.h"
#include "surface/api/services.h"

namespace signalbox::api {

struct Asked {
  const Services& services;
  request::Principal principal;
  core::WallTime now;
  core::RequestId id;
  std::string from;                     // the caller's address, for the audit trail; may be empty
  std::vector<std::string> parameters;  // of the path, in order
  std::string query;
  std::string body;
  // The tenant that is meant, by its id; empty: the caller's own. Only a caller of the installation
  // may mean another one.
  std::string tenant;
};

// A part of a list, in the order of their ids, and where the next part begins.
template <typename T>
struct Page {
  std::vector<T> data;
  std::optional<std::string> next;  // for `after`; unset: this was the last
};

// Nothing to say but that it is done: 204.
struct Done {};

// A new thing: 201.
template <typename T>
struct Created {
  T value;
};

// Text in a form of its own: an export.
struct Download {
  std::string type;
  std::string text;
};

}  // namespace signalbox::api
