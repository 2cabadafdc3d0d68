// How much a call asks for at most, from the caller's own words: what a reservation is made of.
//
// Pure. Owner: nobody. Threads: the worker's. Cancel: nothing to undo.
// Errors:  none; what is not said or cannot be read is not known, and then the model's own bounds
//          count. Where several members could mean the same, the largest counts.
// Budget:  200 ns for a chat of a few messages.
#pragma once

#include "base/json/document.h"
#include "pipeline/quota/worst_case.h"
#include "pipeline/request/call.h"

namespace signalbox::gateway {

quota::CallSize ReadCallSize(const json::Value& body, const request::Call& call);
// Of a form with a file, of which nothing but the size may be known.
quota::CallSize UploadSize(const request::Call& call);

}  // namespace signalbox::gateway
