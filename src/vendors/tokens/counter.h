// Token counts for whoever needs them: exact where the tokenizer is public and its vocabulary was
// built in, else an estimate, and always said which.
//
// Owner:   app/, one per process; outlives whoever counts.
// Threads: any worker, any time; the first count maps the vocabulary, which waits for no disk but
//          the page cache's own reads.
// Errors:  Count: kUnavailable without a vocabulary file. The others never fail, they estimate.
// Cancel:  nothing to undo.
//
// Nothing is read or mapped before the first exact count. Budget: 0.3 ms for 8 KiB of text in
// whatever script; the worst there is, one word without end, goes at 6 MB/s (README.md). Longer
// texts belong to where nobody waits, or to the pool.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "vendors/chat/request.h"
#include "vendors/tokens/encoding.h"
#include "vendors/tokens/vocabulary.h"

namespace signalbox::tokens {

struct TokenCount {
  std::size_t tokens = 0;
  bool exact = false;  // false: within the error that README.md states for the model's family

  friend bool operator==(const TokenCount&, const TokenCount&) = default;
};

// `chosen` (SIGNALBOX_VOCABULARY, or a path of the caller's), or else signalbox.vocabulary beside
// the running program.
std::string VocabularyPath(std::string_view chosen);

class Counter {
 public:
  explicit Counter(std::string path) : path_(std::move(path)) {}

  // Tokens of `text`. Markers such as <|endoftext|> are plain text; what is not UTF-8 counts as
  // U+FFFD.
  core::Result<std::size_t> Count(Encoding encoding, std::string_view text) const;

  // The same by the model's name, e.g. of an answer that came without usage.
  TokenCount CountText(std::string_view model, std::string_view text) const;

  // Tokens of the prompt as the vendor bills it: messages with what stands around them, tools, the
  // beginning of the answer. Exact for texts to a model whose tokenizer is built in; with tools,
  // media or a schema it is an estimate.
  TokenCount CountChat(const chat::Request& request) const;

  // Whether exact counts are available; the error says what to do. Maps the vocabulary.
  core::Status Available() const;

 private:
  const Vocabulary* Open() const;  // null when there is none

  std::string path_;
  mutable std::once_flag once_;
  mutable std::optional<core::Result<Vocabulary>> vocabulary_;
};

}  // namespace signalbox::tokens
