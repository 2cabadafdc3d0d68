#include "vendors/dialects/wire/embeddings.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/dialects/wire/fields.h"

namespace signalbox::wire {

using core::ErrorCode;
using core::Status;
using json::Value;

Status ReadTexts(const Value& value, chat::EmbeddingsRequest& out) {
  const auto read = [&](const Value& text) {
    return ReadText(text, out.inputs.emplace_back().text);
  };
  if (!value.IsArray()) {
    return read(value);
  }
  out.listed = true;
  return ReadList(value, read);
}

Status CheckTexts(const chat::EmbeddingsRequest& request, std::string_view title) {
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!request.inputs[i].tokens.empty()) {
      const std::string path = fmt::format("input[{}]", i);
      return core::Fail(ErrorCode::kInvalidRequest,
                        fmt::format("{}: {} cannot carry tokens, send the text", path, title),
                        path);
    }
  }
  return request.inputs.empty() ? core::Fail(ErrorCode::kInvalidRequest,
                                             fmt::format("input: {} takes texts", title), "input")
                                : Status{};
}

void NoteDropped(const chat::EmbeddingsRequest& request, std::vector<std::string>& dropped) {
  const auto note = [&](std::string_view key, bool stated) {
    if (stated) {
      dropped.emplace_back(key);
    }
  };
  note("encoding_format", !request.encoding_format.empty() && request.encoding_format != "float");
  note("input_type", !request.purpose.empty());
  note("user", !request.user.empty());
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
}

void RenderTexts(const chat::EmbeddingsRequest& request, bool alone, json::Writer& out) {
  if (alone && request.inputs.size() == 1 && !request.listed) {
    out.String(request.inputs.front().text);
    return;
  }
  out.BeginArray();
  for (const chat::EmbeddingInput& input : request.inputs) {
    out.String(input.text);
  }
  out.EndArray();
}

Status AddVector(const Value& vector, chat::EmbeddingsResponse& out) {
  const auto first = vector.FirstChild();
  if (!vector.IsArray() || (first && !first->IsNumber())) {
    return Expected("a vector");
  }
  chat::Embedding& embedding = out.data.emplace_back();
  embedding.index = static_cast<std::int64_t>(out.data.size()) - 1;
  embedding.vector = std::string(vector.Raw());
  return {};
}

void RenderVectors(const chat::EmbeddingsResponse& response, json::Writer& out) {
  std::vector<const chat::Embedding*> vectors;
  for (const chat::Embedding& embedding : response.data) {
    vectors.push_back(&embedding);
  }
  std::ranges::sort(vectors, {}, &chat::Embedding::index);
  out.BeginArray();
  for (const chat::Embedding* embedding : vectors) {
    out.Raw(embedding->vector);
  }
  out.EndArray();
}

}  // namespace signalbox::wire
