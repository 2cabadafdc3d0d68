// A request on its way: what came in, on whose behalf, until when.
//
// Owner:   whoever calls Gateway::Run; everything in it stays until Run returns.
// Threads: one worker.
// Errors:  none of its own.
// Cancel:  `cancellation` says that whoever asked is gone.
#pragma once

#include <string_view>

#include "base/async/wait.h"
#include "base/core/ids.h"
#include "base/core/time.h"
#include "pipeline/request/hints.h"
#include "vendors/chat/envelope.h"

namespace signalbox::request {

struct Call {
  core::RequestId id;
  chat::Operation operation = chat::Operation::kChat;
  std::string_view body;  // JSON, content coding taken off
  Hints hints;
  std::string_view hops;  // instances it came through, as x-signalbox-hop says
  core::MonoTime arrived{};
  async::Cancellation* cancellation = nullptr;
};

}  // namespace signalbox::request
