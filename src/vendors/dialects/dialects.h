// The dialects that Signalbox speaks: the one list of them.
//
// Owner: static, for ever. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <span>
#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::dialects {

struct Named {
  std::string_view name;
  const wire::Dialect* dialect;
};

std::span<const Named> All();
// Null when there is none of that name.
const wire::Dialect* Find(std::string_view name);

}  // namespace signalbox::dialects
