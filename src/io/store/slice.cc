#include "io/store/slice.h"

#include "base/json/utf8.h"

namespace signalbox::store {
namespace {

constexpr std::size_t kMostNameBytes = 512;
constexpr std::chrono::hours kMostTtl{30 * 24};
constexpr std::chrono::hours kMostKeep{400 * 24};

bool IsAmount(std::int64_t value) {
  return -kMostAmount <= value && value <= kMostAmount;
}

bool IsShare(std::int64_t value) {
  return 0 <= value && value <= kMostAmount;
}

bool IsAnswer(const Slice& slice) {
  return IsShare(slice.held) && IsAmount(slice.settled) && IsAmount(slice.booked) &&
         0 < slice.life && slice.life <= kMostAmount && 0 < slice.at && slice.at <= kMostAmount;
}

core::Status Wrong(const char* what) {
  return core::Fail(core::ErrorCode::kInvalidRequest, "out of range", what);
}

}  // namespace

core::Status CheckText(std::string_view text, std::string_view what) {
  const auto wrong = [what](const char* why) {
    return core::Fail(core::ErrorCode::kInvalidRequest, why, std::string(what));
  };
  if (text.size() > kMostNameBytes) {
    return wrong("a name is longer than 512 bytes");
  }
  for (const char byte : text) {
    if (static_cast<unsigned char>(byte) < ' ' || byte == '\x7f') {
      return wrong("a name holds a control character");
    }
  }
  return json::IsUtf8(text) ? core::Status{} : wrong("a name is not UTF-8");
}

core::Status CheckName(const AccountName& name) {
  if (name.account.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "an account needs a name", "account");
  }
  SB_CHECK_OK(CheckText(name.account, "account"));
  return CheckText(name.window, "window");
}

core::Status CheckDraw(const Draw& draw) {
  SB_CHECK_OK(CheckName(draw.name));
  if (draw.holder.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "a holder needs a name", "holder");
  }
  SB_CHECK_OK(CheckText(draw.holder, "holder"));
  if (draw.sequence < 1 || draw.sequence > kMostAmount) {
    return Wrong("sequence");
  }
  if (!IsAmount(draw.limit) || !IsAmount(draw.spent)) {
    return Wrong(IsAmount(draw.limit) ? "spent" : "limit");
  }
  if (!IsShare(draw.in_use) || !IsShare(draw.wanted)) {
    return Wrong(IsShare(draw.in_use) ? "wanted" : "in_use");
  }
  if (draw.ttl.count() <= 0 || draw.ttl > kMostTtl) {
    return Wrong("ttl");
  }
  if (draw.keep.count() != 0 && (draw.keep < draw.ttl || draw.keep > kMostKeep)) {
    return Wrong("keep");
  }
  return draw.last && !IsAnswer(*draw.last) ? Wrong("last") : core::Status{};
}

}  // namespace signalbox::store
