// An answer as a body of server-sent events at the script's pace, broken where the script says.
// Only for sim_service.cc.
//
// Owner: the BodyStream it feeds. Threads: one at a time. Errors: none. Cancel: nothing to undo.
#pragma once

#include <memory>

#include "vendors/chat/response.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/providers/sim/body_stream.h"
#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

// How the frames are written.
enum class StreamForm : std::uint8_t { kChat, kCompletions };

// `effects` must stay.
std::unique_ptr<FrameSource> StreamedBody(chat::Response answer, bool with_usage,
                                          const Effects& effects, StreamForm form);

// When the token at `position` (from 0) is due, counted from the head.
std::chrono::nanoseconds TokenTime(const Effects& effects, std::int64_t position);

// `body` with the script's flaw in it.
void Damage(std::string& body, Malformed malformed);

// What the script's error says, filled up with what is usual for `status`.
chat::VendorError ErrorOf(const Effects& effects, int status);

}  // namespace signalbox::sim
