#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::wire {

void RenderText(std::string_view key, std::string_view text, json::Writer& out) {
  if (!text.empty()) {
    out.Key(key).String(text);
  }
}

void RenderRaw(std::string_view key, std::string_view json, json::Writer& out) {
  if (!json.empty()) {
    out.Key(key).Raw(json);
  }
}

void RenderBool(std::string_view key, std::optional<bool> value, json::Writer& out) {
  if (value) {
    out.Key(key).Bool(*value);
  }
}

void RenderInt(std::string_view key, std::optional<std::int64_t> value, json::Writer& out) {
  if (value) {
    out.Key(key).Int(*value);
  }
}

void RenderNumber(std::string_view key, const std::optional<chat::Number>& value,
                  json::Writer& out) {
  if (value) {
    out.Key(key).Raw(value->written);
  }
}

void RenderTextList(std::string_view key, const std::vector<std::string>& list, json::Writer& out) {
  if (list.empty()) {
    return;
  }
  out.Key(key).BeginArray();
  for (const std::string& text : list) {
    out.String(text);
  }
  out.EndArray();
}

void RenderExtra(const chat::Extra& extra, bool own, json::Writer& out) {
  if (!own) {
    return;
  }
  for (const chat::Member& member : extra) {
    out.Key(member.key).Raw(member.value);
  }
}

void RenderUnder(std::string_view place, const chat::Extra& extra, bool own, json::Writer& out) {
  for (const chat::Member& member : extra) {
    if (own && member.key.starts_with(place)) {
      out.Key(std::string_view(member.key).substr(place.size())).Raw(member.value);
    }
  }
}

void RenderBeside(std::string_view place, const chat::Extra& extra, bool own, json::Writer& out) {
  for (const chat::Member& member : extra) {
    if (own && !member.key.starts_with(place)) {
      out.Key(member.key).Raw(member.value);
    }
  }
}

void RenderCache(const std::optional<chat::CacheMarker>& cache, bool own, json::Writer& out) {
  if (!cache || !own) {
    return;
  }
  out.Key("cache_control").BeginObject();
  RenderText("type", cache->type, out);
  RenderText("ttl", cache->ttl, out);
  RenderExtra(cache->extra, own, out);
  out.EndObject();
}

const chat::Member* FindMember(const chat::Extra& extra, std::string_view key) {
  for (const chat::Member& member : extra) {
    if (member.key == key) {
      return &member;
    }
  }
  return nullptr;
}

}  // namespace signalbox::wire
