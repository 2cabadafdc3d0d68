// Mistral's thoughts, which stand among the texts of a list, and the form that other clients of
// Chat Completions read: reasoning_content beside one text. Everything else of answers and streams
// is OpenAI Chat's.
//
// Owner:   the caller; the stream machines belong to one stream each.
// Threads: none of its own.
// Errors:  as OpenAI Chat's machines have them.
// Cancel:  nothing to undo.
#pragma once

#include <memory>

#include "vendors/chat/response.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::mistral {

// Thoughts and texts of `response` as everybody reads them.
void Unlist(chat::Response& response);
// As Mistral's clients read them.
void List(chat::Response& response);

std::unique_ptr<wire::StreamParser> NewStreamParser();
// For events that come from Mistral, with all that they have.
std::unique_ptr<wire::StreamRenderer> NewOwnStreamRenderer();

}  // namespace signalbox::mistral
