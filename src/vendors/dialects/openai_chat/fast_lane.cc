#include "vendors/dialects/openai_chat/fast_lane.h"

#include <optional>

#include "base/json/writer.h"

namespace signalbox::openai_chat {
namespace {

using chat::Envelope;
using chat::Operation;
using chat::Stretch;
using core::ErrorCode;
using json::Value;

Stretch Where(const Value& value) {
  return {value.offset(), value.offset() + value.Raw().size()};
}

std::unexpected<core::Error> Wrong(std::string_view param, std::string_view expected) {
  return core::Fail(ErrorCode::kInvalidRequest,
                    std::string(param) + ": " + std::string(expected) + " was expected",
                    std::string(param));
}

core::Status ReadStreamOptions(const Value& options, Envelope& out) {
  if (!options.IsObject() && !options.IsNull()) {
    return Wrong("stream_options", "an object");
  }
  out.stream_options = Where(options);
  out.stream_options_null = options.IsNull();
  out.stream_options_empty = options.IsObject() && !options.FirstChild();
  const auto include = options.Find("include_usage");
  if (!include) {
    return {};
  }
  if (!include->IsNull() && !include->AsBool()) {
    return Wrong("stream_options.include_usage", "true or false");
  }
  out.include_usage = Where(*include);
  out.wants_usage = include->AsBool().value_or(false);
  return {};
}

// What the one pass over the root's members found.
struct Found {
  std::optional<Value> model, stream, stream_options, content;
};

std::string_view ContentOf(Operation operation) {
  switch (operation) {
    case Operation::kChat:
      return "messages";
    case Operation::kEmbeddings:
    case Operation::kModerations:
    case Operation::kSpeech:
      return "input";
    default:
      return "prompt";
  }
}

Found Collect(const Value& root, Operation operation) {
  const std::string_view content = ContentOf(operation);
  Found found;
  std::string scratch;
  json::ForEachMember(root, [&](const Value& key, const Value& value) {
    const std::string_view name = *key.AsText(scratch);
    if (name == "model") {
      found.model = value;
    } else if (name == "stream") {
      found.stream = value;
    } else if (name == "stream_options") {
      found.stream_options = value;
    } else if (name == content) {
      found.content = value;
    }
  });
  return found;
}

core::Status ReadModel(const Value& model, Envelope& out) {
  if (!model.IsString()) {
    return Wrong("model", "a string");
  }
  out.model = *model.AsString();
  if (out.model.empty()) {
    return Wrong("model", "the name of a model, or 'auto',");
  }
  out.model_value = Where(model);
  return {};
}

core::Status ReadContent(const std::optional<Value>& content, Operation operation) {
  if (operation == Operation::kChat) {
    if (!content || !content->IsArray()) {
      return Wrong("messages", "a list of messages");
    }
    bool objects = true;
    json::ForEachElement(*content, [&](const Value& message) { objects &= message.IsObject(); });
    return objects ? core::Status{} : Wrong("messages", "an object for each message");
  }
  if (operation == Operation::kSpeech || operation == Operation::kImages) {
    return content && content->IsString() ? core::Status{} : Wrong(ContentOf(operation), "a text");
  }
  const bool fits = content && (content->IsString() || content->IsArray());
  return fits ? core::Status{} : Wrong(ContentOf(operation), "a text or a list");
}

// The edit that makes a streamed request ask for usage, unless it has to be a new member.
void EditStreamOptions(const Envelope& envelope, chat::EditList& out) {
  if (envelope.stream_options_null) {
    out.Add(envelope.stream_options, R"({"include_usage":true})");
  } else if (!envelope.include_usage.empty()) {
    out.Add(envelope.include_usage, "true");
  } else {
    const std::size_t inside = envelope.stream_options.begin + 1;
    out.Add({inside, inside},
            envelope.stream_options_empty ? R"("include_usage":true)" : R"("include_usage":true,)");
  }
}

// Members that the body does not have, before its closing brace.
std::string NewMembers(const Envelope& envelope, std::string_view model, bool stream_options) {
  std::string text;
  text.reserve(64);
  const auto comma = [&] { text += envelope.root_empty && text.empty() ? "" : ","; };
  if (envelope.model_value.empty() && !model.empty()) {
    comma();
    text += R"("model":)";
    json::AppendQuoted(text, model);
  }
  if (stream_options) {
    comma();
    text += R"("stream_options":{"include_usage":true})";
  }
  return text;
}

}  // namespace

core::Result<Envelope> ReadEnvelope(const json::Document& body, Operation operation) {
  const Value root = body.Root();
  if (!root.IsObject()) {
    return core::Fail(ErrorCode::kInvalidRequest, "the body must be a JSON object");
  }
  const Found found = Collect(root, operation);
  Envelope envelope;
  envelope.operation = operation;
  envelope.root_end = Where(root).end - 1;
  envelope.root_empty = !root.FirstChild();
  if (found.model) {
    SB_CHECK_OK(ReadModel(*found.model, envelope));
  }
  SB_CHECK_OK(ReadContent(found.content, operation));
  if (ContentOf(operation) == "input") {
    return envelope;  // nothing of it is streamed as chat is
  }
  if (found.stream && !found.stream->IsNull()) {
    const auto stream = found.stream->AsBool();
    if (!stream) {
      return Wrong("stream", "true or false");
    }
    envelope.stream = *stream;
  }
  if (found.stream_options) {
    SB_CHECK_OK(ReadStreamOptions(*found.stream_options, envelope));
  }
  return envelope;
}

void PlanEdits(const Envelope& envelope, std::string_view upstream_model, bool ask_for_usage,
               chat::EditList& out) {
  const bool ask = ask_for_usage && envelope.stream && !envelope.wants_usage &&
                   envelope.operation != Operation::kImages;
  const bool has_options = !envelope.stream_options.empty();
  const bool options_first =
      has_options && envelope.stream_options.begin < envelope.model_value.begin;
  if (ask && options_first) {
    EditStreamOptions(envelope, out);
  }
  const bool rename = !envelope.model_value.empty() && envelope.model != upstream_model;
  if (rename) {
    std::string quoted;
    json::AppendQuoted(quoted, upstream_model);
    out.Add(envelope.model_value, std::move(quoted));
  }
  if (ask && has_options && !options_first) {
    EditStreamOptions(envelope, out);
  }
  std::string added = NewMembers(envelope, upstream_model, ask && !has_options);
  if (!added.empty()) {
    out.Add({envelope.root_end, envelope.root_end}, std::move(added));
  }
}

}  // namespace signalbox::openai_chat
