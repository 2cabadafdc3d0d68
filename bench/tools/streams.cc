#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>

#include "message_reader.h"
#include "modes.h"
#include "sse_counter.h"

namespace signalbox::bench {
namespace {

// How much longer than its pace a stream may take before the run gives up on it.
constexpr Nanos kGrace = 10 * kSecond;
constexpr int kStallPaces = 10;

struct Totals {
  std::uint64_t frames = 0;
  std::uint64_t reads = 0;
  std::uint64_t clean = 0;
  std::uint64_t with_usage = 0;
  std::uint64_t broken = 0;
  std::uint64_t stalls = 0;
  Histogram first_frame;
  Histogram travel;
  Histogram gap;
};

class Stream : public SseCounter::Sink {
 public:
  void Start(const LoadOptions& options, int epoll, std::uint64_t tag, Totals& totals) {
    totals_ = &totals;
    pace_ = static_cast<Nanos>(1e9 / options.tokens_per_second);
    wanted_ = options.tokens;
    fd_ = Connect(options.target);
    started_ = NowNs();
    auto size = static_cast<ssize_t>(options.request.size());
    if (fd_ < 0 ||
        send(fd_, options.request.data(), options.request.size(), MSG_NOSIGNAL) != size) {
      return Finish();
    }
    Watch(epoll, fd_, EPOLLIN, tag);
  }

  void OnReadable(std::string& scratch) {
    if (fd_ < 0) return;
    ssize_t size = recv(fd_, scratch.data(), scratch.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return Finish();
    now_ = NowNs();
    ++totals_->reads;
    std::string_view input(scratch.data(), static_cast<std::size_t>(size));
    while (!input.empty() && !reader_.done() && !reader_.bad()) {
      std::string_view piece = reader_.Next(input);
      if (!piece.empty()) counter_.Feed(piece, *this);
    }
    if (reader_.done() || reader_.bad()) Finish();
  }

  void OnFrame(Nanos stamp) override {
    ++frames_;
    ++totals_->frames;
    totals_->travel.Add(now_ - stamp);
    if (last_frame_ == 0) {
      totals_->first_frame.Add(now_ - started_);
    } else {
      totals_->gap.Add(now_ - last_frame_);
      if (now_ - last_frame_ > kStallPaces * pace_) ++totals_->stalls;
    }
    last_frame_ = now_;
  }

  // Ends the stream and counts how it ended.
  void Finish() {
    if (finished_) return;
    finished_ = true;
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
    bool clean = reader_.done() && reader_.status() == 200 && frames_ == wanted_ &&
                 counter_.in_order() && counter_.has_done();
    ++(clean ? totals_->clean : totals_->broken);
    if (counter_.has_usage()) ++totals_->with_usage;
  }

 private:
  int fd_ = -1;
  bool finished_ = false;
  std::int64_t wanted_ = 0;
  std::int64_t frames_ = 0;
  Nanos pace_ = 0;
  Nanos started_ = 0;
  Nanos last_frame_ = 0;
  Nanos now_ = 0;
  Totals* totals_ = nullptr;
  SseCounter counter_;
  MessageReader reader_{MessageReader::Kind::kAnswer};
};

void Report(const LoadOptions& options, const Totals& totals, Nanos elapsed, Result& result) {
  auto streams = static_cast<std::uint64_t>(options.connections);
  result.Add("streams", streams);
  result.Add("frames_expected", streams * static_cast<std::uint64_t>(options.tokens));
  result.Add("frames", totals.frames);
  result.Add("reads", totals.reads);
  result.Add("clean", totals.clean);
  result.Add("broken", totals.broken);
  result.Add("with_usage", totals.with_usage);
  result.Add("stalls", totals.stalls);
  result.Add("seconds", Seconds(elapsed));
  result.AddPercentiles("first_frame", totals.first_frame);
  result.AddPercentiles("travel", totals.travel);
  result.AddPercentiles("gap", totals.gap);
}

}  // namespace

Result RunStreams(const LoadOptions& options) {
  int epoll = NewEpoll();
  Totals totals;
  std::deque<Stream> streams(static_cast<std::size_t>(options.connections));
  std::string scratch(64 << 10, '\0');
  Nanos step = options.ramp / options.connections;
  auto pace = static_cast<Nanos>(1e9 / options.tokens_per_second);
  Nanos start = NowNs();
  Nanos end = start + options.ramp + pace * options.tokens + kGrace;
  std::size_t started = 0;
  while (totals.clean + totals.broken < streams.size() && NowNs() < end) {
    Nanos next = start + step * static_cast<Nanos>(started);
    if (started < streams.size() && NowNs() >= next) {
      streams[started].Start(options, epoll, started, totals);
      ++started;
    }
    Nanos wake = started < streams.size() ? start + step * static_cast<Nanos>(started) : end;
    std::array<epoll_event, 256> events;
    int count = WaitUntil(epoll, events.data(), static_cast<int>(events.size()), wake);
    for (int index = 0; index < count; ++index) {
      streams[events[index].data.u64].OnReadable(scratch);
    }
  }
  for (std::size_t index = 0; index < started; ++index) streams[index].Finish();
  Result result;
  Report(options, totals, NowNs() - start, result);
  return result;
}

}  // namespace signalbox::bench
