// An answer as a streamed body at the script's pace, broken where the script says.
// Only for sim_service.cc.
//
// Owner: the BodyStream it feeds. Threads: one at a time. Errors: none. Cancel: nothing to undo.
#pragma once

#include <memory>

#include "vendors/chat/response.h"
#include "vendors/dialects/wire/dialect.h"
#include "vendors/providers/sim/body_stream.h"
#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

// How the frames are written.
struct StreamForm {
  const wire::Dialect& dialect;
  wire::Framing framing = wire::Framing::kSse;
  bool with_usage = true;
};

// `effects` must stay.
std::unique_ptr<FrameSource> StreamedBody(chat::Response answer, const Effects& effects,
                                          const StreamForm& form);

// When the token at `position` (from 0) is due, counted from the head.
std::chrono::nanoseconds TokenTime(const Effects& effects, std::int64_t position);

// `body` with the script's flaw in it.
void Damage(std::string& body, Malformed malformed);

// What the script's error says, filled up with what is usual for `status` where OpenAI is spoken.
wire::ErrorAnswer ErrorOf(const Effects& effects, int status, const wire::Dialect& dialect);

}  // namespace signalbox::sim
