// A request on its way: what came in, on whose behalf, until when.
//
// Owner:   whoever calls Gateway::Run; everything in it stays until Run returns.
// Threads: one worker.
// Errors:  none of its own.
// Cancel:  `cancellation` says that whoever asked is gone.
#pragma once

#include <optional>
#include <string_view>

#include "base/async/task.h"
#include "base/async/wait.h"
#include "base/core/error.h"
#include "base/core/ids.h"
#include "base/core/time.h"
#include "pipeline/request/hints.h"
#include "vendors/chat/envelope.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::request {

// A body that is not held but read as it comes: a form with a file.
class Upload {
 public:
  // The next bytes, empty at the end; valid until the next call.
  virtual async::Task<core::Result<std::string_view>> Read() = 0;

  std::string_view content_type;        // with its boundary
  std::optional<std::uint64_t> length;  // where the caller says it
  std::uint64_t held = 0;               // most bytes that are held until the model is known

 protected:
  ~Upload() = default;
};

struct Call {
  core::RequestId id;
  const wire::Dialect* dialect =
      nullptr;  // that the body is in and the answer is to be; never null
  chat::Operation operation = chat::Operation::kChat;
  std::string_view body;     // JSON, content coding taken off
  Upload* upload = nullptr;  // in place of `body`
  std::string_view path;   // below the base URL, where an operation has several; else the dialect's
  std::string_view model;  // where the URL names it; else the body does
  std::optional<bool> streamed;                 // where the URL says it; else the body does
  wire::Framing framing = wire::Framing::kSse;  // of a streamed answer, as the caller takes it
  // Header lines for an upstream that speaks the caller's dialect: anthropic-beta and the like.
  std::string_view vendor_fields;
  Hints hints;
  std::string_view hops;  // instances it came through, as x-signalbox-hop says
  core::MonoTime arrived{};
  async::Cancellation* cancellation = nullptr;
};

}  // namespace signalbox::request
