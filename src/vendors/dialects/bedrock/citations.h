// Sources of a text: Converse's citationsContent.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest for what is no citation. Cancel: nothing
// to undo.
//
// A citation's place (web, documentChar, …) is its canonical type; the rest of it is for this
// dialect alone, because start and end count in the source, not in the text that it supports.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::bedrock {

core::Status ReadCitation(const json::Value& value, chat::Citation& out);
void WriteCitation(const chat::Citation& citation, bool own, json::Writer& out);

// {"content":[{"text":…}],"citations":[…]}
// Whether WriteCitationsContent would say all of what was read.
bool SaysAllOf(const json::Value& citations_content, const chat::Text& text);
core::Status ReadCitationsContent(const json::Value& value, chat::Text& out);
void WriteCitationsContent(const chat::Text& text, bool own, json::Writer& out);

}  // namespace signalbox::bedrock
