// The body of a simulated answer: its bytes, when each may be sent, and how it ends. Without clock
// and socket: whoever sends it asks what to do next.
//
// Owner:   the answer it belongs to.
// Threads: one at a time.
// Errors:  none; a broken ending is an ending.
// Cancel:  nothing to undo.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

// Where a body's bytes come from, frame by frame.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  // Appends the next frame; `at`: not before this, counted from the head. False at the end.
  virtual bool Next(std::string& out, std::chrono::nanoseconds& at) = 0;
  // How the body ends; known when Next has returned false.
  virtual Break ending() const = 0;
};

std::unique_ptr<FrameSource> WholeBody(std::string body, Break ending);

class BodyStream {
 public:
  struct Step {
    enum class Kind : std::uint8_t { kBytes, kWait, kEnd };
    Kind kind = Kind::kEnd;
    std::string_view bytes;          // kBytes; valid until the next call
    std::chrono::nanoseconds at{0};  // kWait: ask again then, counted from the head
  };

  // `slice` and `drip` as in Effects.
  BodyStream(std::unique_ptr<FrameSource> source, std::uint32_t slice,
             std::chrono::nanoseconds drip);

  // What to do when `elapsed` has gone since the head was sent. All frames that are due come
  // together, up to about 16 KiB.
  Step Next(std::chrono::nanoseconds elapsed);

  // False when Next would answer kWait, or has answered all and the ending is to hang.
  bool Due(std::chrono::nanoseconds elapsed);

  // How it ends, after kEnd: kNone well, kCut closed early, kReset, kHang nothing more ever.
  Break ending() const { return source_->ending(); }

 private:
  void DropSpentFrame();
  bool Fetch();
  Step NextFrames(std::chrono::nanoseconds elapsed);
  Step NextSlice(std::chrono::nanoseconds elapsed);

  std::unique_ptr<FrameSource> source_;
  std::size_t slice_;
  std::chrono::nanoseconds drip_;
  std::string frame_;
  std::chrono::nanoseconds frame_at_{0};
  bool has_frame_ = false;
  bool ended_ = false;
  std::string sent_;
  std::size_t offset_ = 0;  // in frame_, when slicing
  std::chrono::nanoseconds next_slice_at_{0};
};

}  // namespace signalbox::sim
