// Text cases of a dialect: what comes in, what it means, what goes out.
//
// A case is a file of test/cases/<dialect>, in sections that begin with "=== <name>". The first one
// is the input: `request`, `answer` or `stream` (the bytes of an upstream, lines ended by LF;
// "\r" before the end of a line stands for CR). Then `canonical`: the dump, or the error as
// "<param>: <message>"; then `rendered`: JSON compared by meaning, or the bytes of the rendered
// stream; without it a request or an answer goes out as it came in. Each stream is also fed in two
// pieces, cut at every byte, and byte by byte.
//
// SB_UPDATE_CASES=1 writes what came out into the files, to be read before it is kept.
//
// Owner: a test. Threads: one. Errors: failed expectations. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/testkit/meaning.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::testkit {

// The file names of the cases in test/cases/<folder>, sorted; "" when there are none.
std::vector<std::string> CaseNames(std::string_view folder);
// The same as a gtest parameter's name.
std::string CaseTitle(const std::string& file);

void CheckCase(const wire::Dialect& dialect, std::string_view folder, const std::string& file,
               const Rules& rules = {});
// Nothing for a case that is no stream.
void CheckEveryCut(const wire::Dialect& dialect, std::string_view folder, const std::string& file);

// A stream fed in `pieces`: the dump of its events, and what the dialect makes of them again.
struct Streamed {
  std::string canonical;
  std::string rendered;
};
Streamed RunStream(const wire::Dialect& dialect, const std::vector<std::string_view>& pieces);

}  // namespace signalbox::testkit
