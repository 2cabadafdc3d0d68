// What an answer of S3 that is not a good one means to the caller: pure.
//
// Errors: this makes them. A message has the status, S3's code and the request's id, which S3's
// support asks for; nothing else of what was sent or came back.
#pragma once

#include "base/core/error.h"
#include "io/store/s3/transport.h"

namespace signalbox::s3 {

bool IsGood(const Answer& answer);

// S3's code, "NoSuchKey"; also that of an answer with status 200 whose body is an error after all.
std::string CodeOf(const Answer& answer);

core::Error ErrorOf(const Answer& answer);

// What the service asked to wait before the next try; 0 when nothing.
std::chrono::seconds RetryAfter(const Answer& answer);

}  // namespace signalbox::s3
