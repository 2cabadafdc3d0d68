#include <sys/epoll.h>

#include <array>
#include <deque>

#include "connection.h"
#include "modes.h"
#include "requests.h"

namespace signalbox::bench {
namespace {

using Progress = Connection::Progress;

class ClosedLoop {
 public:
  explicit ClosedLoop(const LoadOptions& options)
      : options_(options),
        epoll_(NewEpoll()),
        connections_(options.connections),
        requests_(options) {}

  Result Run() {
    for (std::size_t index = 0; index < connections_.size(); ++index) Reopen(index);
    Nanos start = NowNs();
    Nanos end = start + options_.duration;
    for (std::size_t index = 0; index < connections_.size(); ++index) Send(index, start);
    Nanos now = start;
    while (now < end && !Enough()) {
      std::array<epoll_event, 64> events;
      int count = WaitUntil(epoll_, events.data(), static_cast<int>(events.size()), end);
      for (int index = 0; index < count; ++index) OnEvent(events[index]);
      now = NowNs();
    }
    Result result;
    tally_.AddTo(result, now - start);
    result.AddPercentiles("latency", latency_);
    return result;
  }

 private:
  bool Enough() const {
    return tally_.broken > 1000 ||
           (options_.requests > 0 &&
            tally_.requests + tally_.refused >= static_cast<std::uint64_t>(options_.requests));
  }

  void Reopen(std::size_t index) {
    if (!connections_[index].Open(options_.target, epoll_, index)) ++tally_.broken;
  }

  void Send(std::size_t index, Nanos now) {
    Connection& connection = connections_[index];
    if (connection.open() && connection.Start(requests_.Next(index), now) == Progress::kBroken) {
      Broken(index);
    }
  }

  void Broken(std::size_t index) {
    ++tally_.broken;
    ++tally_.reconnects;
    Reopen(index);
    if (tally_.broken <= 1000) Send(index, NowNs());
  }

  void OnEvent(const epoll_event& event) {
    std::size_t index = event.data.u64;
    Connection& connection = connections_[index];
    Progress progress = Progress::kWaiting;
    if (event.events & EPOLLOUT) progress = connection.OnWritable();
    if (progress != Progress::kBroken && (event.events & ~EPOLLOUT)) {
      progress = connection.OnReadable(scratch_);
    }
    if (progress == Progress::kBroken) return Broken(index);
    if (progress != Progress::kDone) return;
    Nanos now = NowNs();
    latency_.Add(now - connection.intended());
    tally_.Count(connection.status());
    Send(index, now);
  }

  const LoadOptions& options_;
  int epoll_;
  std::deque<Connection> connections_;
  Requests requests_;
  Histogram latency_;
  Tally tally_;
  std::string scratch_ = std::string(64 << 10, '\0');
};

}  // namespace

Result RunClosed(const LoadOptions& options) {
  return ClosedLoop(options).Run();
}

}  // namespace signalbox::bench
