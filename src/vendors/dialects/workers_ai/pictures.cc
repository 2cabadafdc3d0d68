#include "vendors/dialects/wire/pictures.h"
#include "base/core/base64.h"
#include "base/json/writer.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/envelope.h"
#include "vendors/dialects/workers_ai/media.h"

namespace signalbox::workers_ai {
namespace {

using core::Result;

constexpr std::string_view kTitle = "Workers AI";
constexpr std::int64_t kMostSteps = 8;  // of flux-1-schnell; it takes 4 unless told
constexpr std::int64_t kFluxSide = 1024;

// Takes a prompt, a seed and steps, and has one size.
bool IsFlux(std::string_view model) {
  return model.find("flux-1-schnell") != model.npos;
}

void RenderFlux(const chat::ImagesRequest& request, const std::optional<wire::PictureSize>& size,
                std::vector<std::string>& dropped, json::Writer& out) {
  if (wire::WantsBest(request.quality)) {
    out.Key("steps").Int(kMostSteps);
  } else if (wire::WantsLess(request.quality)) {
    dropped.emplace_back("quality");
  }
  if (size && (size->width != kFluxSide || size->height != kFluxSide)) {
    dropped.emplace_back("size");
  }
  if (!request.negative_prompt.empty()) {
    dropped.emplace_back("negative_prompt");
  }
}

void RenderOthers(const chat::ImagesRequest& request, const std::optional<wire::PictureSize>& size,
                  std::vector<std::string>& dropped, json::Writer& out) {
  wire::RenderText("negative_prompt", request.negative_prompt, out);
  if (size) {
    out.Key("width").Int(size->width).Key("height").Int(size->height);
  }
  if (wire::WantsBest(request.quality) || wire::WantsLess(request.quality)) {
    dropped.emplace_back("quality");
  }
}

// The Base64 in {"image": …}, which some models put under no name.
std::optional<std::string> PictureIn(const json::Value& body) {
  const auto result = body.Find("result");
  const json::Value holder = result ? *result : body;
  const auto image = holder.IsString() ? std::optional(holder) : holder.Find("image");
  return image ? image->AsString() : std::nullopt;
}

}  // namespace

Result<wire::RenderedRequest> RenderImagesRequest(const chat::ImagesRequest& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckPictures(request, kTitle, 1, rendered.dropped));
  SB_TRY(const std::optional<wire::PictureSize> size, wire::SizeOf(request));
  json::Writer out(rendered.body);
  out.BeginObject().Key("prompt").String(request.prompt);
  if (IsFlux(request.model)) {
    RenderFlux(request, size, rendered.dropped, out);
  } else {
    RenderOthers(request, size, rendered.dropped, out);
  }
  wire::RenderInt("seed", request.seed, out);
  out.EndObject();
  return rendered;
}

Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body) {
  chat::Picture picture;
  if (body.json == nullptr) {
    picture.media_type = wire::PictureType(body.bytes);
    if (picture.media_type.empty()) {
      return core::Fail(core::ErrorCode::kUpstreamProtocol, "a picture was expected");
    }
    picture.data = core::ToBase64(body.bytes);
  } else {
    SB_CHECK_OK(ResultIn(*body.json));  // what it says of an error
    auto data = PictureIn(*body.json);
    if (!data || data->empty()) {
      return core::Fail(core::ErrorCode::kUpstreamProtocol, "image: a picture was expected");
    }
    picture.data = *std::move(data);
    const auto start = core::FromBase64(std::string_view(picture.data).substr(0, 64));
    picture.media_type = start ? wire::PictureType(*start) : std::string_view();
  }
  chat::ImagesResponse response;
  response.pictures.push_back(std::move(picture));
  return response;
}

}  // namespace signalbox::workers_ai
