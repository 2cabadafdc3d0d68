#include "vendors/dialects/bedrock/whole_block.h"

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/dialects/bedrock/parse_block.h"

namespace signalbox::bedrock {
namespace {

using json::Value;

// The members of `object` but `without`; nothing when it is none.
void WriteMembers(const Value& object, std::string_view without, json::Writer& out) {
  if (!object.IsObject()) {
    return;
  }
  json::ForEachMember(object, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name != without) {
      out.Key(name).Raw(value.Raw());
    }
  });
}

void WriteInput(std::string_view input, json::Writer& out) {
  json::Document document;
  out.Key("input");
  if (input.empty()) {
    out.Raw("{}");
  } else if (document.Parse(input)) {
    out.Raw(input);
  } else {
    out.String(input);
  }
}

// The elements of all lists.
void WriteContent(const std::vector<std::string>& lists, json::Writer& out) {
  out.Key("content").BeginArray();
  for (const std::string& list : lists) {
    json::Document document;
    if (document.Parse(list, {.unique_keys = false}) && document.Root().IsArray()) {
      json::ForEachElement(document.Root(), [&](const Value& element) { out.Raw(element.Raw()); });
    }
  }
  out.EndArray();
}

// The member of a block that its deltas bear.
std::string_view DeltaMember(std::string_view kind) {
  return kind == "toolUse" ? "input" : kind == "toolResult" ? "content" : "source";
}

}  // namespace

chat::Part JoinBlock(std::string_view kind, std::string_view start, std::string_view input,
                     const std::vector<std::string>& content) {
  json::Document document;
  std::string block;
  json::Writer out(block);
  out.BeginArray().BeginObject().Key(kind).BeginObject();
  if (document.Parse(start, {.unique_keys = false})) {
    WriteMembers(document.Root(), {}, out);
  }
  if (kind == "toolUse") {
    WriteInput(input, out);
  } else if (kind == "toolResult") {
    WriteContent(content, out);
  } else {
    for (const std::string& delta : content) {
      json::Document members;
      if (members.Parse(delta, {.unique_keys = false})) {
        WriteMembers(members.Root(), {}, out);
      }
    }
  }
  out.EndObject().EndObject().EndArray();
  json::Document whole;
  std::vector<chat::Part> parts;
  if (whole.Parse(block, {.unique_keys = false}) &&
      ReadBlocks(whole.Root(), wire::Strictness::kLenient, parts) && !parts.empty()) {
    return std::move(parts.front());
  }
  return {.content = chat::RawPart{std::string(kind), block.substr(1, block.size() - 2)}};
}

SplitBlock Split(std::string_view block) {
  SplitBlock split;
  json::Document document;
  if (!document.Parse(block, {.unique_keys = false}) || !document.Root().IsObject() ||
      !document.Root().FirstChild()) {
    return split;
  }
  const Value key = *document.Root().FirstChild();
  const Value value = *key.NextIn(document.Root());
  const std::string kind = *key.AsString();
  if (kind != "toolUse" && kind != "toolResult" && kind != "image") {
    return split;
  }
  const std::string_view bears = DeltaMember(kind);
  json::Writer start(split.start);
  start.BeginObject().Key(kind).BeginObject();
  WriteMembers(value, bears, start);
  start.EndObject().EndObject();
  const auto borne = value.Find(bears);
  if (!borne) {
    return split;
  }
  json::Writer delta(split.delta);
  delta.BeginObject().Key(kind);
  if (kind == "toolUse") {
    delta.BeginObject().Key("input").String(borne->Raw()).EndObject();
  } else if (kind == "toolResult") {
    delta.Raw(borne->Raw());
  } else {
    delta.BeginObject().Key("source").Raw(borne->Raw()).EndObject();
  }
  delta.EndObject();
  return split;
}

}  // namespace signalbox::bedrock
