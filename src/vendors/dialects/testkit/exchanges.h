// What the tests over recorded exchanges of every dialect have in common.
//
// Owner: a test. Threads: one. Errors: failed expectations. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/testkit/meaning.h"
#include "vendors/dialects/testkit/recordings.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::testkit {

// The recorded request, or the whole answer, in and out again without a change of meaning.
void CheckRequest(const wire::Dialect& dialect, const Recording& recording, const Rules& rules);
void CheckAnswer(const wire::Dialect& dialect, const Recording& recording, const Rules& rules);

// A stream of server-sent events: as it came, or its frames framed again.
std::string StreamOf(const Recording& recording);
// The data of each event.
std::vector<std::string> DataOf(std::string_view stream);
// `stream` in pieces of 1 to `longest` bytes, the same for the same seed; views of it.
std::vector<std::string_view> CutAtRandom(std::string_view stream, std::uint32_t seed,
                                          std::size_t longest);

}  // namespace signalbox::testkit
