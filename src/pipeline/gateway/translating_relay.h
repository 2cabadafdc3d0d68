// Tells a stream again in the dialect of a caller who speaks another one than the upstream: a frame
// in, a frame out.
//
// Owner, threads, errors, cancel: as Relay's.
#pragma once

#include <memory>

#include "pipeline/gateway/relay.h"
#include "pipeline/gateway/translator.h"

namespace signalbox::gateway {

class TranslatingRelay final : public Relay {
 public:
  struct Terms {
    const wire::Dialect& from;  // the upstream's
    const wire::Dialect& to;    // the caller's
    wire::AnswerTerms answer;
    bool own = false;   // both speak the same dialect, framed differently
    AnswerTerms facts;  // of `took` only the part before the upstream's head
    core::MonoTime arrived{};
  };
  explicit TranslatingRelay(const Terms& terms);

  void Take(std::string_view bytes, std::vector<std::string_view>& out) override;
  void Finish(std::vector<std::string_view>& out) override;
  void Break(const wire::ErrorAnswer& error, std::string& out) override;
  std::string_view Comment() const override;
  bool at_boundary() const override { return framing_ == wire::Framing::kSse; }

 private:
  void Tell();
  void PassOn(std::vector<std::string_view>& out) const;

  void Complete(chat::Event& event) const;

  const wire::Dialect& from_;
  const wire::Dialect& to_;
  std::unique_ptr<wire::StreamParser> parser_;
  std::unique_ptr<wire::StreamRenderer> renderer_;
  wire::Framing framing_;  // the caller's
  AnswerTerms facts_;
  core::MonoTime arrived_;
  chat::EventBatch events_;
  std::string told_;
};

}  // namespace signalbox::gateway
