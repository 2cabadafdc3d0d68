#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <deque>

#include "connection.h"
#include "modes.h"

namespace signalbox::bench {
namespace {

using Progress = Connection::Progress;

// The last bytes of every body, kept back until all others have been sent.
constexpr std::size_t kTailBytes = 512;

class HeldBodies {
 public:
  explicit HeldBodies(const LoadOptions& options)
      : options_(options), epoll_(NewEpoll()), connections_(options.connections) {}

  Result Run() {
    Nanos start = NowNs();
    Nanos end = start + options_.duration;
    std::string_view request = options_.request;
    std::string_view most = request.substr(0, request.size() - kTailBytes);
    for (std::size_t index = 0; index < connections_.size(); ++index) {
      bool open = connections_[index].Open(options_.target, epoll_, index);
      if (!open || connections_[index].Start(most, NowNs()) == Progress::kBroken) Drop(index);
      Poll(NowNs());
    }
    while (NowNs() < end && Unsent() > 0) Poll(end);
    Nanos sent = NowNs();
    while (NowNs() < std::min(end, sent + options_.hold)) Poll(sent + options_.hold);
    std::uint64_t held = Held();
    FinishAll(request.substr(most.size()));
    while (NowNs() < end && Answered() < connections_.size()) Poll(end);
    Result result;
    tally_.AddTo(result, NowNs() - start);
    result.Add("held", held);
    result.Add("body_bytes", request.size());
    result.Add("upload_seconds", Seconds(sent - start));
    result.AddPercentiles("latency", latency_);
    return result;
  }

 private:
  std::size_t Answered() const { return tally_.requests + tally_.refused + tally_.broken; }

  // Connections that are still open with all but the end sent, and not answered early.
  std::uint64_t Held() const {
    std::uint64_t held = 0;
    for (const Connection& connection : connections_) held += connection.open();
    return held;
  }

  std::size_t Unsent() const {
    std::size_t unsent = 0;
    for (const Connection& connection : connections_) {
      unsent += connection.open() && !connection.sent();
    }
    return unsent;
  }

  void FinishAll(std::string_view tail) {
    finished_at_ = NowNs();
    for (std::size_t index = 0; index < connections_.size(); ++index) {
      Connection& connection = connections_[index];
      if (connection.open() && connection.Continue(tail) == Progress::kBroken) Drop(index);
    }
  }

  void Drop(std::size_t index) {
    ++tally_.broken;
    connections_[index].Close();
  }

  void Poll(Nanos until) {
    std::array<epoll_event, 256> events;
    int count = WaitUntil(epoll_, events.data(), static_cast<int>(events.size()), until);
    for (int index = 0; index < count; ++index) OnEvent(events[index]);
  }

  void OnEvent(const epoll_event& event) {
    Connection& connection = connections_[event.data.u64];
    if (!connection.open()) return;
    Progress progress = Progress::kWaiting;
    if (event.events & EPOLLOUT) progress = connection.OnWritable();
    if (progress != Progress::kBroken && (event.events & ~EPOLLOUT)) {
      progress = connection.OnReadable(scratch_);
    }
    if (progress == Progress::kBroken) return Drop(event.data.u64);
    if (progress != Progress::kDone) return;
    if (finished_at_ > 0) latency_.Add(NowNs() - finished_at_);
    tally_.Count(connection.status());
    connection.Close();
  }

  const LoadOptions& options_;
  int epoll_;
  std::deque<Connection> connections_;
  Nanos finished_at_ = 0;
  Histogram latency_;
  Tally tally_;
  std::string scratch_ = std::string(64 << 10, '\0');
};

}  // namespace

Result RunBodies(const LoadOptions& options) {
  return HeldBodies(options).Run();
}

}  // namespace signalbox::bench
