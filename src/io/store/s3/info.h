// What the head of an answer says about an object: pure.
//
// Errors: kUpstreamProtocol: a field is missing or wrong.
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "io/store/objects.h"
#include "io/store/s3/transport.h"

namespace signalbox::s3 {

// Of an answer to GET or HEAD; the size is the object's, also where the answer is a part of it.
core::Result<store::ObjectInfo> InfoOf(const store::ObjectKey& key, const Answer& answer);

// Where the bytes of an answer begin in the object: 0, or what "content-range" says.
core::Result<std::uint64_t> BeginOf(const Answer& answer);

}  // namespace signalbox::s3
