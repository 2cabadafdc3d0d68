// The digest of a request: SHA-256 over all that makes the answer of one request the answer of
// another.
//
// Owner:   one per worker; keeps its memory. Threads: the worker's.
// Errors:  none. Cancel: nothing waits.
// Budget:  0.3 µs for a short prompt; SHA-256's own time beyond that.
//
// Of the body everything counts but what changes no answer: the model and `stream`, which stand in
// the facts, and, where the scope is the tenant, who asks on whose behalf and what is for the
// vendor's books alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "pipeline/cache/canonical.h"
#include "pipeline/cache/digest.h"
#include "pipeline/cache/options.h"
#include "pipeline/request/call.h"
#include "pipeline/request/principal.h"

struct evp_md_ctx_st;

namespace signalbox::cache {

struct KeyFacts {
  const request::Call& call;  // with all hints
  const request::Principal& principal;
  const chat::Envelope& envelope;
  Scope scope = Scope::kTenant;
  std::uint64_t epoch = 0;  // of the policy: the configuration's hash
};

class KeyMaker {
 public:
  KeyMaker();
  ~KeyMaker();
  KeyMaker(const KeyMaker&) = delete;
  KeyMaker& operator=(const KeyMaker&) = delete;

  Digest Make(const KeyFacts& facts, const json::Value& body);

  // Frees what is kept for the next.
  void GiveMemoryBack();

 private:
  void AppendFacts(const KeyFacts& facts);
  void AppendScope(const KeyFacts& facts);
  void AppendNumber(std::uint64_t number);

  std::string text_;
  Canonical canonical_;
  std::vector<std::string_view> leave_out_;
  evp_md_ctx_st* context_;
};

}  // namespace signalbox::cache
