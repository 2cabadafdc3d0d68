// Pictures and speech in another dialect than their caller's: the request, and an answer that came
// whole.
//
// Owner:   the scratch of a run; what it has read belongs to that run (Clear).
// Threads: the worker's.
// Errors:  kInvalidRequest that names the field which cannot be read or said; kUpstreamProtocol or
//          kUpstreamFailed for an answer that is none.
// Cancel:  nothing to undo.
//
// Sound that an upstream sends as it is goes another way (MediaRelay), and so does a form with a
// file (SoundUpload).
#pragma once

#include <string>
#include <variant>

#include "pipeline/gateway/translator.h"

namespace signalbox::gateway {

struct TranslatedMedia {
  std::string body;
  std::string content_type = "application/json";
  std::optional<catalog::Bill> bill;  // as the upstream states it
};

// What an upstream's dialect says of a call's answer.
struct MediaAnswer {
  wire::MediaBody body;
  std::int64_t now = 0;  // seconds since 1970
  // The fields of the caller's form; null: it was none.
  const chat::TranscriptionRequest* form = nullptr;
};

class MediaTranslator {
 public:
  // `body` is the caller's and is read once, whatever dialects follow.
  core::Result<TranslatedRequest> Request(const json::Value& body, const request::Call& call,
                                          const wire::Dialect& to, std::string_view model);
  core::Result<TranslatedMedia> Answer(const MediaAnswer& answer, const request::Call& call,
                                       const wire::Dialect& from) const;
  void Clear() { read_ = std::monostate(); }

 private:
  core::Status Read(const json::Value& body, const request::Call& call);

  std::variant<std::monostate, chat::ImagesRequest, chat::SpeechRequest> read_;
};

}  // namespace signalbox::gateway
