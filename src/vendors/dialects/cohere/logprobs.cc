#include "vendors/dialects/cohere/logprobs.h"

#include "base/json/writer.h"

namespace signalbox::cohere {
namespace {

using json::Value;

void RenderPiece(const Value& piece, json::Writer& out) {
  const auto text = piece.Find("text");
  const auto numbers = piece.Find("logprobs");
  if (!numbers || !numbers->IsArray()) {
    return;
  }
  double sum = 0;
  json::ForEachElement(*numbers, [&](const Value& n) { sum += n.AsDouble().value_or(0); });
  out.BeginObject().Key("token").String(text ? text->AsString().value_or("") : "");
  out.Key("logprob");
  const auto only = numbers->FirstChild();
  numbers->CountChildren() == 1 && only->IsNumber() ? out.Raw(only->Raw()) : out.Double(sum);
  out.Key("bytes").Null().Key("top_logprobs").BeginArray().EndArray().EndObject();
}

}  // namespace

chat::RawJson FromPieces(const Value& pieces) {
  chat::RawJson text;
  json::Writer out(text);
  out.BeginObject().Key("content").BeginArray();
  if (pieces.IsArray()) {
    json::ForEachElement(pieces, [&](const Value& piece) { RenderPiece(piece, out); });
  } else {
    RenderPiece(pieces, out);
  }
  out.EndArray().EndObject();
  return text;
}

chat::RawJson ToPieces(std::string_view logprobs) {
  json::Document document;
  if (!document.Parse(logprobs)) {
    return {};
  }
  const auto content = document.Root().Find("content");
  if (!content || !content->IsArray()) {
    return {};
  }
  chat::RawJson text;
  json::Writer out(text);
  out.BeginArray();
  json::ForEachElement(*content, [&](const Value& token) {
    const auto word = token.Find("token");
    const auto number = token.Find("logprob");
    if (word && number && word->IsString() && number->IsNumber()) {
      out.BeginObject().Key("text").Raw(word->Raw()).Key("token_ids").BeginArray().EndArray();
      out.Key("logprobs").BeginArray().Raw(number->Raw()).EndArray().EndObject();
    }
  });
  out.EndArray();
  return text;
}

}  // namespace signalbox::cohere
