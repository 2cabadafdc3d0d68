// Parts as content blocks of Anthropic Messages.
//
// Owner: the caller. Threads: any. Errors: none; what has no form here is left out.
// Cancel: nothing to undo.
#pragma once

#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::anthropic {

// `own`: the part came in this dialect, so that its extras and raw blocks go out too.
struct BlockTerms {
  bool own = false;
  bool to_client = false;  // an answer: thoughts of other vendors go sealed
};

// Whether the part makes a block at all: no empty text, no thought that Anthropic would refuse, no
// raw block of another dialect's.
bool MakesBlock(const chat::Part& part, const BlockTerms& terms);

// One block, or with a seal beside it two. The part makes one.
void RenderBlock(const chat::Part& part, const BlockTerms& terms, json::Writer& out);

// "content" of a message: a text as it was written, or a list of blocks.
void RenderContent(const std::vector<chat::Part>& parts, bool listed, const BlockTerms& terms,
                   json::Writer& out);

void RenderCitation(const chat::Citation& citation, bool own, json::Writer& out);
// {"type":"redacted_thinking","data":…}
void RenderRedacted(std::string_view data, json::Writer& out);
// The marker, whoever set it: "ephemeral" with the time that Anthropic knows.
void RenderCacheControl(const std::optional<chat::CacheMarker>& cache, bool own, json::Writer& out);
// The arguments of a call as the object that `input` is; a text that is none is put into one.
void RenderInput(std::string_view arguments, json::Writer& out);

// Whether the thought can be sent to Anthropic: signed by its models.
bool IsSigned(const chat::Reasoning& thought);

}  // namespace signalbox::anthropic
