#include "pipeline/cache/entry.h"

#include <algorithm>

namespace signalbox::cache {

EntryTexts Entry::texts() const {
  const char* at = blocks_->At(first_) + sizeof(EntryHead);
  std::size_t number = 0;
  const auto next = [&] {
    const std::string_view text(at, head().texts[number++]);
    at += text.size();
    return text;
  };
  EntryTexts texts;
  texts.provider = next();
  texts.model = next();
  texts.content_type = next();
  texts.tags = next();
  return texts;
}

void Entry::AppendBody(std::vector<std::string_view>& out) const {
  std::uint64_t left = head().body_bytes;
  std::size_t from = sizeof(EntryHead);
  for (const std::uint16_t length : head().texts) {
    from += length;
  }
  for (std::uint32_t block = first_; left > 0;
       block = blocks_->next(block).load(std::memory_order_relaxed)) {
    const std::size_t size = std::min<std::uint64_t>(left, Blocks::kSize - from);
    if (size > 0) {
      out.emplace_back(blocks_->At(block) + from, size);
    }
    left -= size;
    from = 0;
  }
}

}  // namespace signalbox::cache
