#include "vendors/providers/sim/streamed_body.h"

#include <fmt/format.h>

#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/stream_renderer.h"
#include "vendors/providers/sim/answer_stream.h"

namespace signalbox::sim {
namespace {

constexpr int kDamagedFrame = 2;  // the one after the role and a first token

template <typename Renderer>
class Streamed : public FrameSource {
 public:
  Streamed(chat::Response answer, bool with_usage, const Effects& effects, Renderer renderer)
      : effects_(effects), stream_(std::move(answer), with_usage), renderer_(std::move(renderer)) {}

  bool Next(std::string& out, std::chrono::nanoseconds& at) override {
    const std::size_t before = out.size();
    while (out.size() == before) {  // a batch may make no frame
      if (ended_ || !NextBatch()) {
        return false;
      }
      frames_.clear();
      renderer_.Render(batch_, frames_);
      for (const auto& frame : frames_) {
        Append(frame, out);
      }
      at = stream_.tokens() == 0 ? std::chrono::nanoseconds(0)
                                 : TokenTime(effects_, stream_.position());
    }
    return true;
  }
  Break ending() const override { return ending_; }

 private:
  bool NextBatch() {
    const bool breaks = effects_.breaks != Break::kNone;
    if (breaks && stream_.tokens() >= effects_.break_after) {
      return EndEarly();
    }
    return stream_.Next(batch_) && (!breaks || !stream_.spoken() || EndEarly());
  }

  // True when there is one more batch to send: the error.
  bool EndEarly() {
    ended_ = true;
    batch_.clear();
    if (effects_.breaks == Break::kError) {
      batch_.push_back({0, ErrorOf(effects_, 500)});
      return true;
    }
    ending_ = effects_.breaks;
    return false;
  }

  void Append(const std::string& frame, std::string& out) {
    const bool damaged = frame_count_++ == kDamagedFrame;
    if (!damaged || effects_.malformed == Malformed::kNone) {
      net::AppendSseEvent(out, {}, frame);
    } else if (effects_.malformed == Malformed::kSse) {
      out.append("garbage without a field\ndata {\"no\":\"colon\"}\n:\x01\x02\n\n");
    } else {
      std::string data = frame;
      Damage(data, effects_.malformed);
      net::AppendSseEvent(out, {}, data);
    }
  }

  const Effects& effects_;
  AnswerStream stream_;
  Renderer renderer_;
  chat::EventBatch batch_;
  std::vector<std::string> frames_;
  int frame_count_ = 0;
  bool ended_ = false;
  Break ending_ = Break::kNone;
};

}  // namespace

std::unique_ptr<FrameSource> StreamedBody(chat::Response answer, bool with_usage,
                                          const Effects& effects, StreamForm form) {
  if (form == StreamForm::kCompletions) {
    return std::make_unique<Streamed<openai_chat::CompletionStreamRenderer>>(
        std::move(answer), with_usage, effects, openai_chat::CompletionStreamRenderer());
  }
  return std::make_unique<Streamed<openai_chat::StreamRenderer>>(
      std::move(answer), with_usage, effects, openai_chat::StreamRenderer(true));
}

std::chrono::nanoseconds TokenTime(const Effects& effects, std::int64_t position) {
  const double per_token = effects.tokens_per_second > 0 ? 1e9 / effects.tokens_per_second : 0;
  return effects.first_token + std::chrono::nanoseconds(static_cast<std::int64_t>(
                                   per_token * static_cast<double>(position)));
}

void Damage(std::string& body, Malformed malformed) {
  if (malformed == Malformed::kJson) {
    body.resize(body.size() * 2 / 3);
  } else if (malformed == Malformed::kUtf8) {
    const std::size_t content = body.find("\"content\":\"");
    const std::size_t at = content == std::string::npos ? body.find('"') + 1 : content + 11;
    body.insert(std::min(at, body.size()), "\xc3\x28");
  }
}

chat::VendorError ErrorOf(const Effects& effects, int status) {
  const auto or_else = [](const std::string& text, std::string_view otherwise) {
    return text.empty() ? std::string(otherwise) : text;
  };
  const bool limited = status == 429;
  chat::VendorError error;
  error.message = or_else(effects.error.message,
                          limited ? "Rate limit reached (simulated)."
                                  : fmt::format("The simulated provider answers {}.", status));
  error.type = or_else(effects.error.type, limited         ? "rate_limit_error"
                                           : status >= 500 ? "server_error"
                                                           : "invalid_request_error");
  error.code = or_else(effects.error.code, limited ? "rate_limit_exceeded" : "");
  error.param = effects.error.param;
  return error;
}

}  // namespace signalbox::sim
