#include "base/json/document.h"

#include <algorithm>
#include <limits>

#include "base/json/flaw.h"
#include "base/json/utf8.h"
#include "base/json/validator.h"

namespace signalbox::json {
namespace {

constexpr std::size_t kMaxText = std::numeric_limits<std::uint32_t>::max();

}  // namespace

core::Status Document::Parse(std::string_view text, const Limits& limits) {
  if (text.size() >= kMaxText) {
    Shrink(0);
    return core::Fail(core::ErrorCode::kPayloadTooLarge, "the JSON text is over 4 GiB");
  }
  text_ = text;
  Validator<Block> validator(text, limits, nodes_);
  Flaw flaw;
  if (!validator.Run()) {
    flaw = validator.flaw();
  } else if (validator.has_high_bytes() &&
             !IsUtf8(text.substr(0, limits.whole_text ? text.size() : nodes_[0].end))) {
    flaw = {Reason::kNotUtf8, FirstFlawInUtf8(text), {}};
  }
  if (flaw.reason == Reason::kNone) [[likely]] {
    return {};
  }
  core::Error error = ToError(text, flaw, limits.max_depth);
  Forget();
  return std::unexpected(std::move(error));
}

void Document::Shrink(std::size_t keep_bytes) {
  if (nodes_.capacity() * sizeof(Node) > keep_bytes) {
    nodes_ = std::vector<Node>(1);
  }
  Forget();
}

void Document::Forget() {
  text_ = {};
  nodes_.resize(std::max<std::size_t>(nodes_.size(), 1));  // a moved-from document has none
  nodes_.front() = {};
}

}  // namespace signalbox::json
