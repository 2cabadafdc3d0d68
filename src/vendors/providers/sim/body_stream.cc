#include "vendors/providers/sim/body_stream.h"

#include <algorithm>

namespace signalbox::sim {
namespace {

constexpr std::size_t kTogether = 16 * 1024;

class Whole : public FrameSource {
 public:
  Whole(std::string body, Break ending) : body_(std::move(body)), ending_(ending) {}

  bool Next(std::string& out, std::chrono::nanoseconds& at) override {
    if (body_.empty()) {
      return false;
    }
    out += body_;
    body_.clear();
    at = std::chrono::nanoseconds(0);
    return true;
  }
  Break ending() const override { return ending_; }

 private:
  std::string body_;
  Break ending_;
};

}  // namespace

std::unique_ptr<FrameSource> WholeBody(std::string body, Break ending) {
  return std::make_unique<Whole>(std::move(body), ending);
}

BodyStream::BodyStream(std::unique_ptr<FrameSource> source, std::uint32_t slice,
                       std::chrono::nanoseconds drip)
    : source_(std::move(source)), slice_(slice), drip_(drip) {}

BodyStream::Step BodyStream::Next(std::chrono::nanoseconds elapsed) {
  return slice_ == 0 ? NextFrames(elapsed) : NextSlice(elapsed);
}

bool BodyStream::Due(std::chrono::nanoseconds elapsed) {
  DropSpentFrame();
  return Fetch() ? std::max(frame_at_, next_slice_at_) <= elapsed : ending() != Break::kHang;
}

void BodyStream::DropSpentFrame() {
  if (has_frame_ && offset_ == frame_.size()) {
    has_frame_ = false;
    offset_ = 0;
  }
}

bool BodyStream::Fetch() {
  if (!has_frame_ && !ended_) {
    frame_.clear();
    has_frame_ = source_->Next(frame_, frame_at_);
    ended_ = !has_frame_;
  }
  return has_frame_;
}

BodyStream::Step BodyStream::NextFrames(std::chrono::nanoseconds elapsed) {
  sent_.clear();
  while (sent_.size() < kTogether && Fetch() && frame_at_ <= elapsed) {
    if (sent_.empty()) {
      sent_.swap(frame_);
    } else {
      sent_ += frame_;
    }
    has_frame_ = false;
  }
  if (!sent_.empty()) {
    return {Step::Kind::kBytes, sent_, {}};
  }
  return has_frame_ ? Step{Step::Kind::kWait, {}, frame_at_} : Step{};
}

BodyStream::Step BodyStream::NextSlice(std::chrono::nanoseconds elapsed) {
  DropSpentFrame();
  if (!Fetch()) {
    return {};
  }
  const auto at = std::max(frame_at_, next_slice_at_);
  if (at > elapsed) {
    return {Step::Kind::kWait, {}, at};
  }
  next_slice_at_ = at + drip_;
  const std::string_view bytes = std::string_view(frame_).substr(offset_, slice_);
  offset_ += bytes.size();
  return {Step::Kind::kBytes, bytes, {}};
}

}  // namespace signalbox::sim
