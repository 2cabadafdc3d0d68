// A call's request and answer in another dialect than its caller's.
//
// Owner:   the scratch of a run; what it has read belongs to that run (Clear).
// Threads: the worker's.
// Errors:  kInvalidRequest that names the field which cannot be read or said; kUpstreamProtocol or
//          kUpstreamFailed for an answer that is none.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/request/call.h"
#include "vendors/catalog/bill.h"
#include "vendors/dialects/wire/capable.h"

namespace signalbox::gateway {

struct TranslatedRequest {
  std::string body;
  std::string dropped;  // paths, separated by ", "; empty: nothing
};

// What was left out, as x-signalbox-dropped tells it.
std::string Joined(const std::vector<std::string>& paths);

struct TranslatedAnswer {
  std::string body;
  std::optional<catalog::Bill> bill;  // as the upstream states it
};

// What the gateway knows of an answer and its upstream may not say.
struct AnswerTerms {
  std::int64_t now = 0;    // seconds since 1970
  std::string_view model;  // that was asked for
  std::string_view provider;
  const catalog::Model* known = nullptr;  // for the cost; null: not known
  core::WallTime begun{};
  std::chrono::nanoseconds took{0};
  bool streamed = false;      // the caller asked for a stream, and the upstream answers at once
  bool include_usage = true;  // in that stream
};
// The same as a dialect tells it.
wire::Served ServedOf(const AnswerTerms& terms, const catalog::Bill& bill);

class Translator {
 public:
  struct Terms {
    std::string_view model;     // as the provider knows it
    bool streamed = false;      // the caller asked for a stream
    bool ask_for_usage = true;  // of a streamed request
    std::int64_t default_max_tokens = 4096;
    const catalog::Capabilities* capabilities = nullptr;  // of the model; null: by its name
  };

  // `body` is the caller's and is read once, whatever dialects follow.
  core::Result<TranslatedRequest> Request(const json::Value& body, const request::Call& call,
                                          const wire::Dialect& to, const Terms& terms);

  core::Result<TranslatedAnswer> Answer(const json::Value& body, const request::Call& call,
                                        const wire::Dialect& from, const AnswerTerms& terms) const;

  // Whether `to` has words for all of the request, as far as its table of features says.
  core::Status Check(const json::Value& body, const request::Call& call, const wire::Dialect& to);

  // Whether the request needs what a model is known to lack; never of what is no chat.
  core::Result<bool> Lacks(const json::Value& body, const request::Call& call,
                           const wire::Dialect& to, const catalog::Capabilities& of);

  // What the request names by URL and `to` takes as bytes alone; it is read first. Valid until
  // Clear.
  struct Wanted {
    chat::Media* media;
    std::string path;  // where it stands in the request
  };
  core::Result<std::vector<Wanted>> ToFetch(const json::Value& body, const request::Call& call,
                                            const wire::Dialect& to);

  void Clear() { read_ = std::monostate(); }

 private:
  core::Status Read(const json::Value& body, const request::Call& call);

  std::variant<std::monostate, chat::Request, chat::EmbeddingsRequest, chat::RerankRequest> read_;
};

}  // namespace signalbox::gateway
