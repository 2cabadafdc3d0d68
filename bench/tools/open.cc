#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <vector>

#include "connection.h"
#include "modes.h"

namespace signalbox::bench {
namespace {

using Progress = Connection::Progress;

// How long answers may still come after the last request was due.
constexpr Nanos kGrace = 5 * kSecond;

class OpenLoop {
 public:
  explicit OpenLoop(const LoadOptions& options)
      : options_(options), epoll_(NewEpoll()), connections_(options.connections) {}

  Result Run() {
    for (std::size_t index = 0; index < connections_.size(); ++index) Reopen(index);
    start_ = next_ = NowNs();
    end_ = start_ + options_.duration;
    Nanos now = start_;
    while ((now < end_ || Unanswered()) && now < end_ + kGrace && tally_.broken < 1000) {
      Nanos wake = next_ < end_ ? next_ : now + kMillisecond;
      std::array<epoll_event, 64> events;
      int count = WaitUntil(epoll_, events.data(), static_cast<int>(events.size()), wake);
      for (int index = 0; index < count; ++index) OnEvent(events[index]);
      now = NowNs();
      Schedule(now);
      SendWaiting();
    }
    return Report(now);
  }

 private:
  bool Unanswered() const { return !waiting_.empty() || idle_.size() < connections_.size(); }

  // Puts every request that is due by now in the queue.
  void Schedule(Nanos now) {
    for (; next_ <= now && next_ < end_; ++offered_) {
      waiting_.push_back(next_);
      next_ += std::max<Nanos>(1, static_cast<Nanos>(gap_(random_) * 1e9 / options_.rate));
    }
  }

  void SendWaiting() {
    while (!waiting_.empty() && !idle_.empty()) {
      std::size_t index = idle_.back();
      idle_.pop_back();
      Nanos due = waiting_.front();
      waiting_.pop_front();
      lateness_.Add(NowNs() - due);
      if (connections_[index].Start(options_.request, due) == Progress::kBroken) Broken(index);
    }
  }

  void Reopen(std::size_t index) {
    if (connections_[index].Open(options_.target, epoll_, index)) {
      idle_.push_back(index);
    } else {
      ++tally_.broken;
    }
  }

  void Broken(std::size_t index) {
    ++tally_.broken;
    ++tally_.reconnects;
    idle_.erase(std::remove(idle_.begin(), idle_.end(), index), idle_.end());
    Reopen(index);
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
    latency_.Add(NowNs() - connection.intended());
    tally_.Count(connection.status());
    idle_.push_back(index);
  }

  Result Report(Nanos now) {
    Result result;
    tally_.AddTo(result, std::min(now, end_) - start_);
    result.Add("offered", offered_);
    result.AddPercentiles("latency", latency_);
    result.AddPercentiles("lateness", lateness_);
    return result;
  }

  const LoadOptions& options_;
  int epoll_;
  std::deque<Connection> connections_;
  std::vector<std::size_t> idle_;
  std::deque<Nanos> waiting_;
  std::mt19937_64 random_{11};
  std::exponential_distribution<double> gap_{1.0};
  Nanos start_ = 0;
  Nanos next_ = 0;
  Nanos end_ = 0;
  std::uint64_t offered_ = 0;
  Histogram latency_;
  Histogram lateness_;
  Tally tally_;
  std::string scratch_ = std::string(64 << 10, '\0');
};

}  // namespace

Result RunOpen(const LoadOptions& options) {
  return OpenLoop(options).Run();
}

}  // namespace signalbox::bench
