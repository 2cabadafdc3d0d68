#include "vendors/providers/sim/streamed_body.h"

#include <fmt/format.h>

#include "base/json/writer.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/providers/sim/answer_stream.h"

namespace signalbox::sim {
namespace {

constexpr int kDamagedFrame = 2;  // the one after the role and a first token

class Streamed : public FrameSource {
 public:
  Streamed(chat::Response answer, const Effects& effects, const StreamForm& form)
      : effects_(effects),
        form_(form),
        stream_(std::move(answer), form.with_usage),
        renderer_(form.dialect.NewStreamRenderer(
            false, {.include_usage = form.with_usage, .framing = form.framing})) {}

  bool Next(std::string& out, std::chrono::nanoseconds& at) override {
    const std::size_t before = out.size();
    while (out.size() == before) {  // a batch may make no frame
      if (ended_ || !NextBatch()) {
        return false;
      }
      frame_.clear();
      renderer_->Render(batch_, frame_);
      if (!frame_.empty()) {
        Append(frame_, out);
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
      batch_.push_back({0, ErrorOf(effects_, 500, form_.dialect).vendor});
      return true;
    }
    ending_ = effects_.breaks;
    return false;
  }

  void Append(const std::string& frame, std::string& out) {
    const bool damaged = frame_count_++ == kDamagedFrame;
    if (!damaged || effects_.malformed == Malformed::kNone) {
      out += frame;
    } else if (form_.framing == wire::Framing::kEventStream) {
      std::string flipped = frame;
      flipped[frame.size() / 2] ^= 0x20;  // its checksum no longer holds
      out += flipped;
    } else if (effects_.malformed == Malformed::kSse) {
      const bool lines = form_.framing == wire::Framing::kLines;
      out.append(lines ? "garbage\n"
                       : "garbage without a field\ndata {\"no\":\"colon\"}\n:\x01\x02\n\n");
    } else {
      // What ends the frame stays, so that the damage is inside.
      const std::size_t end = frame.find_last_not_of("\r\n") + 1;
      std::string data = frame.substr(0, end);
      Damage(data, effects_.malformed);
      out.append(data).append(frame, end);
    }
  }

  const Effects& effects_;
  StreamForm form_;
  AnswerStream stream_;
  std::unique_ptr<wire::StreamRenderer> renderer_;
  chat::EventBatch batch_;
  std::string frame_;
  int frame_count_ = 0;
  bool ended_ = false;
  Break ending_ = Break::kNone;
};

// The error as OpenAI's vendors state it, so that the script's own words reach the caller.
std::string ValueOf(const chat::VendorError& error) {
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("message").String(error.message).Key("type").String(error.type);
  for (const auto& [key, text] : {std::pair("param", &error.param), {"code", &error.code}}) {
    writer.Key(key);
    text->empty() ? writer.Null() : writer.String(*text);
  }
  writer.EndObject();
  return out;
}

}  // namespace

std::unique_ptr<FrameSource> StreamedBody(chat::Response answer, const Effects& effects,
                                          const StreamForm& form) {
  return std::make_unique<Streamed>(std::move(answer), effects, form);
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

wire::ErrorAnswer ErrorOf(const Effects& effects, int status, const wire::Dialect& dialect) {
  const auto or_else = [](const std::string& text, std::string_view otherwise) {
    return text.empty() ? std::string(otherwise) : text;
  };
  const bool limited = status == 429;
  wire::ErrorAnswer answer;
  answer.status = status;
  chat::VendorError& error = answer.vendor;
  error.message = or_else(effects.error.message,
                          limited ? "Rate limit reached (simulated)."
                                  : fmt::format("The simulated provider answers {}.", status));
  error.type = effects.error.type;
  error.code = effects.error.code;
  error.param = effects.error.param;
  if (dialect.name().starts_with("openai_")) {
    error.type = or_else(error.type, limited         ? "rate_limit_error"
                                     : status >= 500 ? "server_error"
                                                     : "invalid_request_error");
    error.code = or_else(error.code, limited ? "rate_limit_exceeded" : "");
    error.json = ValueOf(error);
  }
  answer.error = wire::ToError(status, error);
  return answer;
}

}  // namespace signalbox::sim
