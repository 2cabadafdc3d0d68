// What a chat request adds up to: texts, and what stands around them.
//
// Owner: the caller's stack. Threads: one at a time. Errors: none. Cancel: nothing to undo.
//
// Around messages (OpenAI's published account of its chat format): three tokens each beside role
// and content, the role one, one more for a name, and the beginning of the answer. Of tools,
// schemas, calls and media only parts are published: what is counted for them is close, not exact.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "vendors/chat/request.h"
#include "vendors/tokens/models.h"

namespace signalbox::tokens {

class ChatParts {
 public:
  using CountTextOf = std::function<std::size_t(std::string_view)>;

  explicit ChatParts(CountTextOf count) : count_(std::move(count)) {}

  void Add(const chat::Request& request, Framing framing);

  std::size_t tokens() const { return tokens_; }
  bool only_texts() const { return only_texts_; }  // nothing but what is counted exactly

 private:
  void AddMessage(const chat::Message& message, Framing framing);
  void AddPart(const chat::Part& part);
  void AddMedia(const chat::Media& media);
  void AddCalls(const chat::Message& message);
  void AddTools(const chat::Request& request);
  void AddFormat(const chat::ResponseFormat& format);
  void AddText(std::string_view text) { tokens_ += text.empty() ? 0 : count_(text); }
  void Guess(std::size_t tokens) {
    tokens_ += tokens;
    only_texts_ = false;
  }

  CountTextOf count_;
  std::size_t tokens_ = 0;
  bool only_texts_ = true;
};

}  // namespace signalbox::tokens
