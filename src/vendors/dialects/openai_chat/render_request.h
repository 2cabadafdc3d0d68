// Canonical requests into OpenAI Chat's form.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest that names the field which this dialect cannot express.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "vendors/chat/embeddings.h"
#include "vendors/chat/request.h"

namespace signalbox::openai_chat {

struct RenderedRequest {
  std::string body;
  // Paths of what was left out because leaving it out changes no answer's validity: cache markers,
  // thoughts of another vendor, budgets. For the response header that says so.
  std::vector<std::string> dropped;
};

core::Result<RenderedRequest> RenderRequest(const chat::Request& request);

std::string RenderEmbeddingsRequest(const chat::EmbeddingsRequest& request);

}  // namespace signalbox::openai_chat
