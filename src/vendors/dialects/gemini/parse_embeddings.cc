#include <algorithm>

#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/embeddings.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/usage_form.h"

namespace signalbox::gemini {
namespace {

using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using core::Result;
using core::Status;
using json::Value;
using wire::Strictness;

// One input and what stands beside it.
struct Input {
  std::string model;
  std::string text;
  std::string purpose;
  std::optional<std::int64_t> dimensions;
  chat::Extra extra;
  bool has_content = false;
};

Status ReadPart(const Value& part, std::string& out) {
  const auto text = Find(part, "text");
  if (!text || !text->IsString()) {
    return wire::Expected("a text");
  }
  out += *text->AsString();
  return {};
}

Status ReadContent(const Value& value, Input& out) {
  out.has_content = true;
  if (value.IsString()) {
    return wire::ReadText(value, out.text);  // Vertex AI
  }
  const auto parts = Find(value, "parts");
  if (!parts) {
    return wire::Expected("a content with parts");
  }
  return ReadListOrOne(*parts, [&](const Value& part) { return ReadPart(part, out.text); });
}

Status ReadTaskType(const Value& value, Input& out) {
  std::string word;
  SB_CHECK_OK(wire::ReadText(value, word));
  out.purpose = word == "TASK_TYPE_UNSPECIFIED" ? "" : PurposeOf(word);
  return {};
}

constexpr wire::Field<Input> kInputFields[] = {
    {"model", [](const Value& v, Input& out) { return wire::ReadText(v, out.model); }},
    {"content", ReadContent},
    {"taskType", ReadTaskType},
    {"outputDimensionality",
     [](const Value& v, Input& out) { return ReadCount(v, out.dimensions); }},
};

Status ParseInput(const Value& value, EmbeddingsRequest& out) {
  Input input;
  SB_CHECK_OK(ReadMembers(value, kInputFields, input, input.extra, Strictness::kStrict));
  if (!input.has_content) {
    return std::unexpected(wire::UnderMember("content", wire::Expected("a content").error()));
  }
  const bool first = out.inputs.empty();
  if (!first && (input.purpose != out.purpose || input.dimensions != out.dimensions ||
                 input.extra != out.extra)) {
    return wire::Expected("the same taskType, title and size in all requests");
  }
  if (first) {
    out.model = std::move(input.model);
    out.purpose = std::move(input.purpose);
    out.dimensions = input.dimensions;
    out.extra = std::move(input.extra);
  }
  out.inputs.push_back({std::move(input.text), {}});
  return {};
}

// {"instances": [{"content", "task_type"}], "parameters": {"outputDimensionality"}}
Status ParsePredict(const Value& body, const Value& instances, EmbeddingsRequest& out) {
  out.listed = true;
  SB_CHECK_OK(wire::ReadList(instances, [&](const Value& one) { return ParseInput(one, out); }));
  if (const auto parameters = Find(body, "parameters")) {
    Input input;
    SB_CHECK_OK(ReadMembers(*parameters, kInputFields, input, out.extra, Strictness::kStrict,
                            "parameters."));
    out.dimensions = input.dimensions;
  }
  return {};
}

Status Under(std::string_view member, Status status) {
  return status ? std::move(status)
                : std::unexpected(wire::UnderMember(member, std::move(status).error()));
}

Status ParseBody(const Value& body, EmbeddingsRequest& out) {
  if (const auto requests = Find(body, "requests")) {
    out.listed = true;
    return Under("requests",
                 wire::ReadList(*requests, [&](const Value& one) { return ParseInput(one, out); }));
  }
  if (const auto instances = Find(body, "instances")) {
    return Under("instances", ParsePredict(body, *instances, out));
  }
  return ParseInput(body, out);
}

// An embedding is {"values": …}; Vertex AI puts it under "embeddings".
Status ParseEmbedding(const Value& value, EmbeddingsResponse& out) {
  const auto inner = value.Find("embeddings");
  const Value embedding = inner ? *inner : value;
  const auto values = embedding.Find("values");
  if (!values || !values->IsArray()) {
    return wire::Expected("values");
  }
  chat::Embedding& one = out.data.emplace_back();
  one.index = static_cast<std::int64_t>(out.data.size()) - 1;
  one.vector = std::string(values->Raw());
  json::ForEachMember(embedding, [&](const Value& key, const Value& member) {
    if (const std::string name = *key.AsString(); name != "values" && !member.IsNull()) {
      KeepUnder({}, name, member, one.extra);
    }
  });
  if (const auto statistics = embedding.Find("statistics")) {
    const auto count = statistics->Find("token_count");
    const double tokens = count ? count->AsDouble().value_or(0) : 0;
    chat::UsageReport& usage = out.usage ? *out.usage : out.usage.emplace();
    usage.tokens.input = std::max<std::int64_t>(0, usage.tokens.input) +
                         static_cast<std::int64_t>(std::clamp(tokens, 0.0, 1e12));
  }
  return {};
}

bool IsList(std::string_view name) {
  return name == "embeddings" || name == "predictions";
}

}  // namespace

Result<EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) {
  EmbeddingsRequest request;
  request.dialect = kDialect;
  auto status = body.IsObject() ? ParseBody(body, request) : wire::Expected("an object");
  if (!status) {
    core::Error error = std::move(status).error();
    error.message.insert(0, error.param.empty() ? "" : error.param + ": ");
    return std::unexpected(std::move(error));
  }
  return request;
}

Result<EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) {
  EmbeddingsResponse response;
  response.dialect = kDialect;
  Status status = body.IsObject() ? Status{} : wire::Expected("an object");
  bool found = false;
  json::ForEachMember(body, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (!status || value.IsNull()) {
      return;
    }
    if (IsList(name)) {
      found = true;
      status =
          wire::ReadList(value, [&](const Value& one) { return ParseEmbedding(one, response); });
    } else if (name == "embedding") {
      found = true;
      response.listed = false;
      status = ParseEmbedding(value, response);
    } else if (name == "usageMetadata" && value.IsObject()) {
      response.usage = ParseUsage(value);
    } else {
      KeepUnder({}, name, value, response.extra);
    }
  });
  if (!status || !found) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "an answer with embeddings was expected");
  }
  return response;
}

}  // namespace signalbox::gemini
