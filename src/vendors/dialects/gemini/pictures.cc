#include "vendors/dialects/wire/pictures.h"
#include "base/json/writer.h"
#include "vendors/dialects/gemini/base64.h"
#include "vendors/dialects/gemini/media.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::ImagesRequest;
using chat::ImagesResponse;
using core::ErrorCode;
using core::Result;
using json::Value;
using json::Writer;

constexpr std::string_view kImagenRatios[] = {"1:1", "3:4", "4:3", "9:16", "16:9"};
constexpr std::string_view kGeminiRatios[] = {"1:1", "2:3", "3:2",  "3:4",  "4:3",
                                              "4:5", "5:4", "9:16", "16:9", "21:9"};
constexpr std::int64_t kMostPictures = 4;  // of Imagen, in a call
constexpr std::int64_t kSide = 1024;       // of a square one
constexpr std::int64_t kLargeSide = 2048;  // sampleImageSize "2K"

// The words that both say: of the size only the ratio is sure to be kept.
void RenderSize(const std::optional<wire::PictureSize>& size,
                std::span<const std::string_view> ratios, bool large,
                std::vector<std::string>& dropped, Writer& out) {
  if (!size) {
    return;
  }
  out.Key("aspectRatio").String(wire::NearestRatio(*size, ratios));
  const bool square = size->width == size->height;
  const bool exact = square && (size->width == kSide || (large && size->width == kLargeSide));
  if (large && square && size->width == kLargeSide) {
    out.Key("sampleImageSize").String("2K");
  }
  if (!exact) {
    dropped.emplace_back("size");
  }
}

void NoteWishes(const ImagesRequest& request, std::vector<std::string>& dropped) {
  if (wire::WantsBest(request.quality) || wire::WantsLess(request.quality)) {
    dropped.emplace_back("quality");
  }
  if (!request.negative_prompt.empty()) {
    dropped.emplace_back("negative_prompt");
  }
  if (request.seed) {
    dropped.emplace_back("seed");
  }
}

// Vertex AI writes PNG and JPEG.
void RenderFormat(const ImagesRequest& request, std::vector<std::string>& dropped, Writer& out) {
  if (request.output_format != "png" && request.output_format != "jpeg") {
    return;
  }
  std::erase(dropped, "output_format");
  out.Key("outputOptions").BeginObject().Key("mimeType").String("image/" + request.output_format);
  if (request.output_compression && request.output_format == "jpeg") {
    std::erase(dropped, "output_compression");
    out.Key("compressionQuality").Int(*request.output_compression);
  }
  out.EndObject();
}

// {"instances":[{"prompt"}],"parameters":{"sampleCount",…}}
void RenderPredict(const ImagesRequest& request, const std::optional<wire::PictureSize>& size,
                   Host host, std::vector<std::string>& dropped, Writer& out) {
  out.BeginObject().Key("instances").BeginArray().BeginObject();
  out.Key("prompt").String(request.prompt).EndObject().EndArray();
  out.Key("parameters").BeginObject().Key("sampleCount").Int(request.n.value_or(1));
  RenderSize(size, kImagenRatios, true, dropped, out);
  if (host == Host::kVertex) {
    RenderFormat(request, dropped, out);
  }
  out.EndObject().EndObject();
}

void RenderGenerate(const ImagesRequest& request, const std::optional<wire::PictureSize>& size,
                    std::vector<std::string>& dropped, Writer& out) {
  out.BeginObject().Key("contents").BeginArray().BeginObject().Key("role").String("user");
  out.Key("parts").BeginArray().BeginObject().Key("text").String(request.prompt);
  out.EndObject().EndArray().EndObject().EndArray();
  out.Key("generationConfig").BeginObject();
  out.Key("responseModalities").BeginArray().String("TEXT").String("IMAGE").EndArray();
  if (size) {
    out.Key("imageConfig").BeginObject();
    RenderSize(size, kGeminiRatios, false, dropped, out);
    out.EndObject();
  }
  out.EndObject().EndObject();
}

std::string TextOf(const Value& object, std::string_view name) {
  const auto value = Find(object, name);
  return value ? value->AsString().value_or("") : std::string();
}

// Keeps why there is none.
void ReadPrediction(const Value& prediction, ImagesResponse& out, std::string& reason) {
  std::string data = TextOf(prediction, "bytesBase64Encoded");
  if (data.empty()) {
    reason = TextOf(prediction, "raiFilteredReason");
    return;
  }
  ToStandardBase64(data);
  out.pictures.push_back({.data = std::move(data),
                          .media_type = TextOf(prediction, "mimeType"),
                          .revised_prompt = TextOf(prediction, "prompt")});
}

void ReadCandidate(const Value& candidate, ImagesResponse& out, std::string& reason) {
  reason = TextOf(candidate, "finishReason");
  const auto content = Find(candidate, "content");
  const auto parts = content ? Find(*content, "parts") : std::nullopt;
  if (!parts || !parts->IsArray()) {
    return;
  }
  json::ForEachElement(*parts, [&](const Value& part) {
    const auto inline_data = Find(part, "inlineData");
    const auto thought = Find(part, "thought");
    if (!inline_data || (thought && thought->AsBool().value_or(false))) {
      return;
    }
    std::string data = TextOf(*inline_data, "data");
    ToStandardBase64(data);
    if (!data.empty()) {
      out.pictures.push_back({.data = std::move(data),
                              .media_type = TextOf(*inline_data, "mimeType"),
                              .revised_prompt = {}});
    }
  });
}

}  // namespace

bool IsImagen(std::string_view model) {
  return model.find("imagen") != model.npos || model.find("imagegeneration") != model.npos;
}

Result<wire::RenderedRequest> RenderImagesRequest(const ImagesRequest& request, Host host) {
  const bool imagen = IsImagen(request.model);
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckPictures(request, imagen ? "Imagen" : "Gemini", imagen ? kMostPictures : 1,
                                  rendered.dropped));
  SB_TRY(const std::optional<wire::PictureSize> size, wire::SizeOf(request));
  NoteWishes(request, rendered.dropped);
  Writer out(rendered.body);
  if (imagen) {
    RenderPredict(request, size, host, rendered.dropped, out);
  } else {
    RenderGenerate(request, size, rendered.dropped, out);
  }
  return rendered;
}

Result<ImagesResponse> ParseImagesAnswer(const Value& body) {
  if (!body.IsObject()) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "an answer with pictures was expected");
  }
  ImagesResponse response;
  std::string reason;
  for (const std::string_view name : {"predictions", "candidates"}) {
    if (const auto list = Find(body, name); list && list->IsArray()) {
      json::ForEachElement(*list, [&](const Value& each) {
        name == "candidates" ? ReadCandidate(each, response, reason)
                             : ReadPrediction(each, response, reason);
      });
    }
  }
  if (const auto feedback = Find(body, "promptFeedback"); feedback && reason.empty()) {
    reason = TextOf(*feedback, "blockReason");
  }
  if (response.pictures.empty()) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "prompt: Google's model made no picture of it" +
                          (reason.empty() ? std::string() : " (" + reason + ")"),
                      "prompt");
  }
  if (const auto usage = Find(body, "usageMetadata"); usage && usage->IsObject()) {
    response.usage = ParseUsage(*usage);
  }
  return response;
}

}  // namespace signalbox::gemini
