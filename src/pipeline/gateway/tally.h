// Counts what an upstream has not counted: with the model's own tokenizer where there is one, else
// roughly.
//
// Owner: nobody, it is a function. Threads: the worker's. Errors: none; what cannot be read is
// estimated from its size. Cancel: nothing to undo.
// Budget: 1 ms; longer texts are estimated from their beginning.
#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/ledger/record.h"
#include "vendors/chat/envelope.h"
#include "vendors/dialects/wire/dialect.h"
#include "vendors/tokens/counter.h"

namespace signalbox::gateway {

struct Uncounted {
  const wire::Dialect& dialect;  // the caller's, in which both bodies are
  chat::Operation operation = chat::Operation::kChat;
  std::string_view model;           // as the provider knows it
  std::string_view request;         // its body; empty: not there any more
  std::uint64_t request_bytes = 0;  // of that body
  std::string_view answer;          // a whole one; empty: streamed, or none
};

// Fills in the input and the output of `usage` where they are unknown; who counted what there is.
// What a stream has brought so far is in `usage` already.
ledger::UsageSource CountMissing(const tokens::Counter& counter, const Uncounted& call,
                                 chat::Usage& usage);

// Of the request alone, by the model's own tokenizer; -1: it has none here, or there is more in it
// than text.
std::int64_t ExactInput(const tokens::Counter& counter, const Uncounted& call);

}  // namespace signalbox::gateway
