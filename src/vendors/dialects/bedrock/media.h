// Pictures, documents, sound and film as blocks of Converse.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest for a kind of file that Bedrock has no name for, or that lies where it
// cannot fetch it from.
// Cancel: nothing to undo.
//
// Bedrock names formats ("jpeg", "docx"), the canonical form media types. A document whose source
// is text or a list of texts keeps that in inner_extra, beside its Base64 for everybody else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::bedrock {

// Of the member names "image", "document", "audio", "video"; nullopt for another.
std::optional<chat::MediaKind> MediaKindOf(std::string_view member);
std::string_view MemberOf(chat::MediaKind kind);

core::Status ReadMedia(const json::Value& block, chat::MediaKind kind, chat::Media& out);

// The media type of a word of Bedrock's ("jpeg"); empty: it is none.
std::string_view MediaTypeOf(chat::MediaKind kind, std::string_view word);
// Bedrock's word for the format of `media`; empty: it has none.
std::string_view FormatOf(const chat::Media& media);
// Fails on what WriteMedia cannot say.
core::Status CheckMedia(const chat::Media& media, bool own);
// Writes the block's value. `name` is that of a document that came in another dialect.
void WriteMedia(const chat::Media& media, bool own, std::string_view name, json::Writer& out);

}  // namespace signalbox::bedrock
