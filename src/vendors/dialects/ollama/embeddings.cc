#include "vendors/dialects/ollama/embeddings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::ollama {
namespace {

using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;

Status ReadInput(V value, EmbeddingsRequest& out) {
  if (!value.IsArray()) {
    return wire::ReadText(value, out.inputs.emplace_back().text);
  }
  out.listed = true;
  return wire::ReadList(
      value, [&](V text) { return wire::ReadText(text, out.inputs.emplace_back().text); });
}

// The older form's word; beside `input` it stays unknown.
Status ReadPrompt(V value, EmbeddingsRequest& out) {
  return out.inputs.empty() ? wire::ReadText(value, out.inputs.emplace_back().text)
                            : wire::Expected("one input");
}

constexpr wire::Field<EmbeddingsRequest> kRequestFields[] = {
    {"model", [](V v, EmbeddingsRequest& out) { return wire::ReadText(v, out.model); }},
    {"input", ReadInput},
    {"prompt", ReadPrompt, wire::OnFailure::kKeep},
    {"dimensions", [](V v, EmbeddingsRequest& out) { return wire::ReadInt(v, out.dimensions); }},
};

Status AddVector(V value, EmbeddingsResponse& out) {
  if (!value.IsArray()) {
    return wire::Expected("a vector");
  }
  chat::Embedding& embedding = out.data.emplace_back();
  embedding.index = static_cast<std::int64_t>(out.data.size()) - 1;
  embedding.vector = std::string(value.Raw());
  return {};
}

Status ReadCount(V value, EmbeddingsResponse& out) {
  const auto count = value.AsInt();
  if (!count || *count < 0) {
    return wire::Expected("a count");
  }
  out.usage.emplace();
  out.usage->tokens.input = *count;
  out.usage->total = *count;
  return {};
}

constexpr wire::Field<EmbeddingsResponse> kAnswerFields[] = {
    {"model", [](V v, EmbeddingsResponse& out) { return wire::ReadText(v, out.model); }},
    {"embeddings",
     [](V v, EmbeddingsResponse& out) {
       return wire::ReadList(v, [&](V vector) { return AddVector(vector, out); });
     },
     wire::OnFailure::kDrop},
    {"embedding", AddVector, wire::OnFailure::kDrop},
    {"prompt_eval_count", ReadCount},
};

Status CheckInputs(const EmbeddingsRequest& request) {
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!request.inputs[i].tokens.empty()) {
      std::string path = fmt::format("input[{}]", i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        path + ": Ollama cannot carry tokens, send the text", path);
    }
  }
  return request.inputs.empty()
             ? core::Fail(core::ErrorCode::kInvalidRequest, "input: Ollama takes texts", "input")
             : Status{};
}

void NoteDropped(const EmbeddingsRequest& request, std::vector<std::string>& dropped) {
  const auto note = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) {
      dropped.emplace_back(key);
    }
  };
  note("encoding_format", request.encoding_format == "float" ? "" : request.encoding_format);
  note("input_type", request.purpose);
  note("user", request.user);
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
}

}  // namespace

Result<EmbeddingsRequest> ParseEmbeddingsRequest(V body) {
  EmbeddingsRequest request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kRequestFields, request, request.extra);
  if (status && request.inputs.empty() && !body.Find("input")) {
    status =
        std::unexpected(wire::UnderMember("input", wire::Expected("a text or a list").error()));
  }
  if (!status) {
    core::Error error = std::move(status).error();
    error.message = error.param.empty() ? error.message : error.param + ": " + error.message;
    return std::unexpected(std::move(error));
  }
  return request;
}

Result<wire::RenderedRequest> RenderEmbeddingsRequest(const EmbeddingsRequest& request) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  if (!own) {
    SB_CHECK_OK(CheckInputs(request));
    NoteDropped(request, rendered.dropped);
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("model").String(request.model).Key("input");
  if (request.inputs.size() == 1 && !request.listed) {
    out.String(request.inputs.front().text);
  } else {
    out.BeginArray();
    for (const chat::EmbeddingInput& input : request.inputs) {
      out.String(input.text);
    }
    out.EndArray();
  }
  wire::RenderInt("dimensions", request.dimensions, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

Result<EmbeddingsResponse> ParseEmbeddingsAnswer(V body) {
  if (!body.Find("embeddings") && !body.Find("embedding")) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "embeddings: a list was expected");
  }
  EmbeddingsResponse response;
  response.dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kAnswerFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response, Form form) {
  std::string text;
  json::Writer out(text);
  out.BeginObject();
  if (form == Form::kOldEmbeddings) {
    out.Key("embedding")
        .Raw(response.data.empty() ? "[]" : std::string_view(response.data[0].vector));
    out.EndObject();
    return text;
  }
  std::vector<const chat::Embedding*> vectors;
  for (const chat::Embedding& embedding : response.data) {
    vectors.push_back(&embedding);
  }
  std::ranges::sort(vectors, {}, &chat::Embedding::index);
  out.Key("model").String(response.model).Key("embeddings").BeginArray();
  for (const chat::Embedding* embedding : vectors) {
    out.Raw(embedding->vector);
  }
  out.EndArray();
  if (response.usage && response.usage->tokens.input >= 0) {
    out.Key("prompt_eval_count").Int(response.usage->tokens.input);
  }
  wire::RenderExtra(response.extra, response.dialect == kDialect, out);
  out.EndObject();
  return text;
}

}  // namespace signalbox::ollama
