#include "pipeline/gateway/translating_relay.h"

namespace signalbox::gateway {

TranslatingRelay::TranslatingRelay(const Terms& terms)
    : from_(terms.from),
      to_(terms.to),
      parser_(terms.from.NewStreamParser()),
      renderer_(terms.to.NewStreamRenderer(terms.own, terms.answer)),
      framing_(terms.answer.framing),
      facts_(terms.facts),
      arrived_(terms.arrived) {}

void TranslatingRelay::Take(std::string_view bytes, std::vector<std::string_view>& out) {
  told_.clear();
  parser_->Feed(bytes);
  while (true) {
    events_.clear();
    const auto more = parser_->Next(events_);
    if (!more) {
      // A frame that cannot be read is the end of what can be relied on.
      events_.push_back({0, chat::StreamError{.message = more.error().message,
                                              .type = "upstream_protocol",
                                              .code = {},
                                              .param = {},
                                              .json = {}}});
      Tell();
      break;
    }
    if (!*more) {
      break;
    }
    Tell();
  }
  PassOn(out);
}

void TranslatingRelay::Finish(std::vector<std::string_view>& out) {
  told_.clear();
  if (!done_ && !failed_) {
    events_.clear();
    if (parser_->End(events_)) {
      Tell();
    }
  }
  PassOn(out);
}

// What every reader of the caller's dialect looks for, and this upstream does not say.
void TranslatingRelay::Complete(chat::Event& event) const {
  if (auto* start = std::get_if<chat::StreamStart>(&event.what)) {
    start->created = start->created.value_or(facts_.now);
    if (start->model.empty()) {
      start->model = facts_.model;
    }
  }
}

// Nothing is told after an end or an error.
void TranslatingRelay::Tell() {
  if (events_.empty() || done_ || failed_) {
    return;
  }
  for (chat::Event& event : events_) {
    Complete(event);
  }
  Note(from_, events_);
  if (done_ && to_.TellsServed()) {
    facts_.took = core::MonoNow() - arrived_;
    chat::EventBatch told;
    to_.AddServed(ServedOf(facts_, bill_), told);
    events_.insert(events_.begin(), std::make_move_iterator(told.begin()),
                   std::make_move_iterator(told.end()));
  }
  renderer_->Render(events_, told_);
  done_ |= failed_;  // the renderer has ended the stream
}

void TranslatingRelay::PassOn(std::vector<std::string_view>& out) const {
  if (!told_.empty()) {
    out.push_back(told_);
  }
}

void TranslatingRelay::Break(const wire::ErrorAnswer& error, std::string& out) {
  renderer_->RenderError(error, out);
}

std::string_view TranslatingRelay::Comment() const {
  return framing_ == wire::Framing::kSse ? ":\n\n" : "";
}

}  // namespace signalbox::gateway
