#include "vendors/tokens/counter.h"

#include <unistd.h>

#include <array>

#include "vendors/tokens/chat_parts.h"
#include "vendors/tokens/estimate.h"
#include "vendors/tokens/models.h"
#include "vendors/tokens/text.h"

namespace signalbox::tokens {

std::string VocabularyPath(std::string_view chosen) {
  if (!chosen.empty()) {
    return std::string(chosen);
  }
  std::array<char, 4096> program;
  const ssize_t size = ::readlink("/proc/self/exe", program.data(), program.size());
  const std::string_view path(program.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return std::string(path.substr(0, path.rfind('/') + 1)) + "signalbox.vocabulary";
}

const Vocabulary* Counter::Open() const {
  std::call_once(once_, [this] { vocabulary_.emplace(Vocabulary::Open(path_)); });
  return *vocabulary_ ? &**vocabulary_ : nullptr;
}

core::Status Counter::Available() const {
  if (Open() != nullptr) {
    return {};
  }
  return core::Fail(
      core::ErrorCode::kUnavailable,
      "exact token counts are not available, estimates are used: " + vocabulary_->error().message +
          "; run scripts/fetch_vocabulary and build again");
}

core::Result<std::size_t> Counter::Count(Encoding encoding, std::string_view text) const {
  SB_CHECK_OK(Available());
  return tokens::CountText(*Open(), encoding, text);
}

TokenCount Counter::CountText(std::string_view model, std::string_view text) const {
  const auto encoding = EncodingOf(model);
  const Vocabulary* const vocabulary = encoding ? Open() : nullptr;
  if (vocabulary == nullptr) {
    return {Estimate(FamilyOf(model), text), false};
  }
  return {tokens::CountText(*vocabulary, *encoding, text), true};
}

TokenCount Counter::CountChat(const chat::Request& request) const {
  const auto encoding = EncodingOf(request.model);
  const Family family = FamilyOf(request.model);
  const Vocabulary* const vocabulary = encoding ? Open() : nullptr;
  ChatParts parts([&](std::string_view text) {
    return vocabulary != nullptr ? tokens::CountText(*vocabulary, *encoding, text)
                                 : Estimate(family, text);
  });
  parts.Add(request, FramingOf(request.model));
  return {parts.tokens(), vocabulary != nullptr && parts.only_texts()};
}

}  // namespace signalbox::tokens
