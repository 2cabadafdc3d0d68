#include "vendors/dialects/ollama/calls.h"

#include <fmt/format.h>

#include <utility>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/free_text.h"

namespace signalbox::ollama {
namespace {

using chat::Part;
using chat::ToolCall;
using core::Status;
using json::Value;

constexpr std::string_view kMade = "callo_";
constexpr std::string_view kInner = "function.";

// FNV-1a, 64 bits.
std::uint64_t Digest(std::uint64_t digest, std::string_view text) {
  for (const char c : text) {
    digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return digest;
}

Status ReadArguments(const Value& value, ToolCall& out) {
  out.arguments = value.IsString() ? *value.AsString() : std::string(value.Raw());
  return {};
}

constexpr wire::Field<ToolCall> kFunctionFields[] = {
    {"name", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.name); }},
    {"arguments", ReadArguments},
};

// A call, and what its function has that nobody knows.
struct Form {
  ToolCall call;
  chat::Extra inner;
};

constexpr wire::Field<Form> kCallFields[] = {
    {"id", [](const Value& v, Form& out) { return wire::ReadText(v, out.call.id); }},
    {"function",
     [](const Value& v, Form& out) {
       return wire::ReadObject(v, kFunctionFields, out.call, out.inner);
     }},
};

Status ReadCall(const Value& value, Part& out) {
  Form form;
  SB_CHECK_OK(wire::ReadObject(value, kCallFields, form, out.extra));
  if (form.call.name.empty()) {
    return std::unexpected(wire::UnderMember("function.name", wire::Expected("a name").error()));
  }
  if (form.call.arguments.empty()) {
    form.call.arguments = "{}";
  }
  for (chat::Member& member : form.inner) {
    out.extra.push_back({std::string(kInner) + member.key, std::move(member.value)});
  }
  out.content = std::move(form.call);
  return {};
}

bool IsObject(std::string_view text) {
  json::Document document;
  return document.Parse(text) && document.Root().IsObject();
}

void RenderArguments(std::string_view text, json::Writer& out) {
  out.Key("arguments");
  if (IsObject(text)) {
    out.Raw(text);
    return;
  }
  out.Raw(text.empty() || text == "null" ? "{}" : wire::ArgumentsOf(text));
}

}  // namespace

std::string MakeId(std::string_view where, std::size_t index, std::string_view name) {
  std::uint64_t digest = Digest(0xcbf29ce484222325U, where);
  digest = Digest(digest, fmt::format("/{}/", index));
  return fmt::format("{}{:016x}", kMade, Digest(digest, name));
}

bool IsMade(std::string_view id) {
  return id.starts_with(kMade);
}

Status ReadCalls(const Value& value, std::vector<Part>& out) {
  std::vector<Part> calls;
  SB_CHECK_OK(wire::ReadList(
      value, [&](const Value& element) { return ReadCall(element, calls.emplace_back()); }));
  out = std::move(calls);
  return {};
}

void RenderCall(const Part& part, bool own, json::Writer& out) {
  const auto& call = std::get<ToolCall>(part.content);
  out.BeginObject();
  if (!call.id.empty() && !IsMade(call.id)) {
    out.Key("id").String(call.id);
  }
  if (own) {
    RenderUnprefixed(part.extra, kInner, out);
  }
  out.Key("function").BeginObject().Key("name").String(call.name);
  RenderArguments(call.arguments, out);
  if (own) {
    RenderPrefixed(part.extra, kInner, out);
  }
  out.EndObject().EndObject();
}

void RenderPrefixed(const chat::Extra& extra, std::string_view prefix, json::Writer& out) {
  for (const chat::Member& member : extra) {
    if (member.key.starts_with(prefix)) {
      out.Key(std::string_view(member.key).substr(prefix.size())).Raw(member.value);
    }
  }
}

void RenderUnprefixed(const chat::Extra& extra, std::string_view prefix, json::Writer& out) {
  for (const chat::Member& member : extra) {
    if (!member.key.starts_with(prefix)) {
      out.Key(member.key).Raw(member.value);
    }
  }
}

}  // namespace signalbox::ollama
