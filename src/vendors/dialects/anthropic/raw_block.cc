#include "vendors/dialects/anthropic/raw_block.h"

#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using json::Value;

bool IsObject(std::string_view text) {
  json::Document document;
  return document.Parse(text, {.unique_keys = false}) && document.Root().IsObject();
}

// `block` with other values for some members, and those that it has not at its end.
chat::RawJson With(const chat::RawJson& block, const chat::Extra& members) {
  json::Document document;
  if (members.empty() || !document.Parse(block, {.unique_keys = false})) {
    return block;
  }
  chat::RawJson text;
  json::Writer out(text);
  out.BeginObject();
  json::ForEachMember(document.Root(), [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    const chat::Member* other = wire::FindMember(members, name);
    out.Key(name).Raw(other == nullptr ? value.Raw() : std::string_view(other->value));
  });
  for (const chat::Member& member : members) {
    if (!document.Root().Find(member.key)) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
  return text;
}

// The joined text of two JSON strings.
chat::RawJson Joined(const chat::RawJson& before, const Value& more) {
  json::Document document;
  std::string text;
  if (document.Parse(before) && document.Root().IsString()) {
    text = *document.Root().AsString();
  }
  text += *more.AsString();
  chat::RawJson quoted;
  json::AppendQuoted(quoted, text);
  return quoted;
}

}  // namespace

void GrowMember(std::string_view name, const Value& value, chat::Extra& grown) {
  for (chat::Member& member : grown) {
    if (member.key == name) {
      member.value = value.IsString() ? Joined(member.value, value) : std::string(value.Raw());
      return;
    }
  }
  grown.push_back({std::string(name), std::string(value.Raw())});
}

chat::RawJson WholeBlock(const chat::RawJson& start, std::string_view input,
                         const chat::Extra& grown) {
  chat::Extra members = grown;
  if (IsObject(input) && wire::FindMember(grown, "input") == nullptr) {
    members.push_back({"input", std::string(input)});
  }
  return With(start, members);
}

SplitBlock Split(const chat::RawJson& block) {
  json::Document document;
  if (!document.Parse(block, {.unique_keys = false})) {
    return {block, {}};
  }
  const auto input = document.Root().Find("input");
  if (!input || !input->IsObject() || !input->FirstChild()) {
    return {block, {}};
  }
  return {With(block, {{"input", "{}"}}), std::string(input->Raw())};
}

}  // namespace signalbox::anthropic
