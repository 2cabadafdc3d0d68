// Writing members that are set, and none that are not.
//
// Owner: the renderers of this folder. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/raw.h"

namespace signalbox::wire {

void RenderText(std::string_view key, std::string_view text, json::Writer& out);
void RenderRaw(std::string_view key, std::string_view json, json::Writer& out);
void RenderBool(std::string_view key, std::optional<bool> value, json::Writer& out);
void RenderInt(std::string_view key, std::optional<std::int64_t> value, json::Writer& out);
void RenderNumber(std::string_view key, const std::optional<chat::Number>& value,
                  json::Writer& out);
void RenderTextList(std::string_view key, const std::vector<std::string>& list, json::Writer& out);

// The unknown members, when they came in this dialect.
void RenderExtra(const chat::Extra& extra, bool own, json::Writer& out);
// Those that a parser put under `place` ("toolResult."), without it; and the others.
void RenderUnder(std::string_view place, const chat::Extra& extra, bool own, json::Writer& out);
void RenderBeside(std::string_view place, const chat::Extra& extra, bool own, json::Writer& out);
void RenderCache(const std::optional<chat::CacheMarker>& cache, bool own, json::Writer& out);

const chat::Member* FindMember(const chat::Extra& extra, std::string_view key);

}  // namespace signalbox::wire
