// A request that came in this dialect, as it was.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>

#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::anthropic {

// `max_tokens` where the request states none; nullopt: then none is stated (counting of tokens).
wire::RenderedRequest RenderOwn(const chat::Request& request,
                                std::optional<std::int64_t> max_tokens);

}  // namespace signalbox::anthropic
