// What an attempt sends: the caller's own text with edits, or the request in another dialect.
#include "base/core/base64.h"
#include "pipeline/gateway/attempt.h"
#include "pipeline/gateway/operations.h"
#include "vendors/dialects/openai_chat/media_usage.h"

namespace signalbox::gateway {
namespace {

using chat::Operation;
using core::ErrorCode;
using core::Status;

// Of the text that is to be spoken; the body need not be there when it is billed.
std::int64_t Characters(const json::Value& request) {
  std::string scratch;
  const auto input = request.Find("input");
  const auto text = input ? input->AsText(scratch) : std::nullopt;
  return text ? openai_chat::CountCharacters(*text) : -1;
}

}  // namespace

Status Attempt::Prepare(const chat::Envelope& envelope, chat::EditList& edits) {
  scratch_.pieces.clear();
  if (scratch_.form) {
    return TellUpload();
  }
  if (own_) {
    call_.dialect->PlanEdits(envelope, target_.model, provider_.options.stream_usage, edits);
    edits.Apply(call_.body, scratch_.pieces);
  } else {
    SB_CHECK_OK(Translate());
    scratch_.pieces.push_back(rendered_);
  }
  if (call_.operation == Operation::kSpeech) {
    account_.SetCharacters(Characters(scratch_.body.Root()));
  }
  account_.record().request_bytes = 0;
  for (const std::string_view piece : scratch_.pieces) {
    account_.record().request_bytes += piece.size();
  }
  return {};
}

Status Attempt::TellUpload() {
  scratch_.sound.reset();
  if (own_) {
    return scratch_.form->Begin(target_.model);
  }
  return scratch_.sound.emplace(*scratch_.form, *call_.dialect, dialect_)
      .Begin(target_.model, Translates(call_));
}

// What the request names by URL and this upstream takes as bytes alone.
core::Result<std::vector<Translator::Wanted>> Attempt::ToFetch() {
  if (own_ || IsMedia(call_.operation)) {
    return {};
  }
  return scratch_.translator.ToFetch(scratch_.body.Root(), call_, dialect_);
}

async::Task<Status> Attempt::FetchMedia(std::span<const Translator::Wanted> wanted) {
  for (const auto& [media, path] : wanted) {
    auto fetched = co_await gateway_.fetcher_.Fetch(media->url, deadline_);
    if (!fetched) {
      core::Error error = std::move(fetched).error();
      if (error.code == ErrorCode::kInvalidRequest) {
        error.param = path;
        error = std::move(error).At(path);
      }
      co_return std::unexpected(std::move(error));
    }
    media->data = core::ToBase64(fetched->bytes);
    if (media->media_type.empty()) {
      media->media_type = std::move(fetched->media_type);
    }
    media->url.clear();
  }
  co_return Status{};
}

// The request in the upstream's dialect. Read once, however many attempts there are.
Status Attempt::Translate() {
  if (IsMedia(call_.operation)) {
    SB_TRY(TranslatedRequest media,
           scratch_.media.Request(scratch_.body.Root(), call_, dialect_, target_.model));
    rendered_ = std::move(media.body);
    dropped_ = std::move(media.dropped);
    return {};
  }
  SB_TRY(TranslatedRequest translated,
         scratch_.translator.Request(scratch_.body.Root(), call_, dialect_,
                                     {.model = target_.model,
                                      .streamed = account_.record().streamed,
                                      .ask_for_usage = provider_.options.stream_usage,
                                      .default_max_tokens = provider_.options.default_max_tokens,
                                      .capabilities = target_.capabilities}));
  rendered_ = std::move(translated.body);
  dropped_ = std::move(translated.dropped);
  return {};
}

// What is sent; the hops are put together in `hops` when the call came through others.
providers::UpstreamRequest Attempt::Describe(const chat::Envelope& envelope,
                                             std::string& hops) const {
  if (!call_.hops.empty()) {
    hops.append(call_.hops).append(",").append(gateway_.instance_);
  }
  providers::BodySource* source = nullptr;
  std::string_view content_type = "application/json";
  if (scratch_.sound) {
    source = &*scratch_.sound;
    content_type = scratch_.sound->content_type();
  } else if (scratch_.form) {
    source = &*scratch_.form;
    content_type = call_.upload->content_type;
  }
  return {.path = path_,
          .model = target_.model,
          .body = scratch_.pieces,
          .body_bytes = account_.record().request_bytes,
          .source = source,
          .key = key_,
          .request_id = {id_text_.data(), id_text_.size()},
          .hops = hops.empty() ? gateway_.instance_ : hops,
          .content_type = content_type,
          .accept = IsMedia(call_.operation)
                        ? std::string_view("*/*")
                        : wire::ContentType(envelope.stream ? dialect_.framing()
                                                            : wire::Framing::kJsonArray),
          .fields = own_ ? call_.vendor_fields : std::string_view(),
          .streamed = envelope.stream};
}

}  // namespace signalbox::gateway
