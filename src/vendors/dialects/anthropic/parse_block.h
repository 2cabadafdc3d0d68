// Content blocks of Anthropic Messages into parts: of requests, answers and tool results.
//
// Owner:   the caller.
// Threads: any.
// Errors:  kInvalidRequest that names the member, for a block that is no object with a type, or one
//          of a known type with a member of the wrong kind; in an answer that becomes a RawPart.
// Cancel:  nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {

// A block of a type that the canonical form does not know is a RawPart, whole; in a request one
// that has words (search results, what a server's tool gave) is a text with `whole`.
core::Status ParseBlock(const json::Value& block, wire::Strictness strictness, chat::Part& out);

// A text or a list of blocks. What other vendors signed (seal.h) is put back where it was.
core::Status ParseContent(const json::Value& content, wire::Strictness strictness,
                          std::vector<chat::Part>& out, bool& listed);

// A member that is a text; empty when it is none.
std::string TextIn(const json::Value& object, std::string_view key);

core::Status ParseCitation(const json::Value& citation, chat::Citation& out);

// Extra of a citation that nobody but Anthropic reads, and the kinds whose source is a document.
bool CitesDocument(std::string_view type);

}  // namespace signalbox::anthropic
