// What every dialect's fuzz target asks of it: any bytes as a request, an answer, a stream, an
// error, and what is understood goes out in a form that is understood the same way.
//
// Owner: a fuzz target. Threads: one. Errors: abort. Cancel: nothing to undo.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::testkit {

inline void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// Aborts when `text` is no JSON.
json::Document MustParse(std::string_view text);

struct FuzzTerms {
  // Models that a request of another dialect is rendered for.
  std::vector<std::string_view> models = {""};
  bool same_answer = true;  // an answer that was read again is rendered the same
};

// A request, an answer, a count, embeddings and rankings, as far as the dialect has them.
void FuzzBodies(const wire::Dialect& dialect, const json::Document& document,
                const FuzzTerms& terms = {});

// `bytes` as a stream of the dialect's, and as its error. Gives back what was rendered of it, which
// has been looked at as far as its framing goes.
std::string FuzzStream(const wire::Dialect& dialect, std::string_view bytes, bool own,
                       wire::Framing framing);
void FuzzError(const wire::Dialect& dialect, std::string_view body);

// All of it, for dialects that need nothing more.
int FuzzDialect(const wire::Dialect& dialect, std::string_view text, const FuzzTerms& terms = {});

}  // namespace signalbox::testkit
