#include "base/async/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include "base/async/watch.h"

namespace signalbox::async {
namespace {

constexpr std::chrono::milliseconds kQuiet{1000};
// Events that are heard before what they made ready goes on: some ten microseconds.
constexpr int kBunch = 32;
constexpr std::size_t kCacheLine = 64;

// The start of a coroutine's frame, where its place and its first variables are.
void FetchFrame(std::coroutine_handle<> handle) {
  const char* const frame = static_cast<const char*>(handle.address());
  for (std::size_t line = 0; line < 4; ++line) {
    __builtin_prefetch(frame + line * kCacheLine);
  }
}

}  // namespace

// The events of the current turn; a watch that is destroyed meanwhile is taken out of it.
struct Loop::Batch {
  std::array<epoll_event, 256> events;
  int size = 0;
  int at = 0;

  // With many connections none of this is in the processor's cache: the watch after the next one
  // and whoever waits for the next are fetched while this one is worked on.
  void Prepare() const {
    if (at + 2 >= size) {
      return;
    }
    const auto next = static_cast<std::size_t>(at) + 1;
    __builtin_prefetch(events[next + 1].data.ptr);
    if (const auto* watch = static_cast<const Watch*>(events[next].data.ptr); watch != nullptr) {
      __builtin_prefetch(watch->NextToWake());
    }
  }
};

core::Result<std::unique_ptr<Loop>> Loop::Create() {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) {
    return core::Fail(core::ErrorCode::kInternal, "epoll_create1: " + core::ErrnoMessage(errno));
  }
  const int wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = nullptr;  // stands for the wake descriptor
  if (wake_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake_fd, &event) != 0) {
    const int error = errno;
    close(epoll_fd);
    if (wake_fd >= 0) {
      close(wake_fd);
    }
    return core::Fail(core::ErrorCode::kInternal, "eventfd: " + core::ErrnoMessage(error));
  }
  return std::unique_ptr<Loop>(new Loop(epoll_fd, wake_fd));
}

Loop::Loop(int epoll_fd, int wake_fd)
    : epoll_fd_(epoll_fd),
      wake_fd_(wake_fd),
      now_(core::MonoNow()),
      timers_(now_),
      batch_(std::make_unique<Batch>()) {
  ReadClocks();
  last_event_ = now_;
}

Loop::~Loop() {
  close(wake_fd_);
  close(epoll_fd_);
}

void Loop::ReadClocks() {
  now_ = core::MonoNow();
  // The civil clock is read again every 10 ms of monotonic time; in between it follows.
  if (now_ - wall_read_ >= std::chrono::milliseconds(10)) {
    wall_read_ = now_;
    wall_offset_ = core::WallNow() - now_.time_since_epoch();
  }
}

void Loop::Run() {
  while (!stopped_.load(std::memory_order_acquire)) {
    Poll();
    if (timers_.Advance(now_)) {
      quiet_ = false;  // what a timer ended has memory to give back as well
    }
    RunPosted();
    RunReady();
    RunYielded();
  }
}

void Loop::RunYielded() {
  if (yielded_.empty()) {
    return;
  }
  // The clock goes on first, so that those who count turns see a new one.
  ReadClocks();
  for (const std::coroutine_handle<> handle : std::exchange(yielded_, {})) {
    handle.resume();
  }
  RunReady();
}

void Loop::Stop() {
  stopped_.store(true, std::memory_order_release);
  Post([] {});
}

void Loop::Post(std::function<void()> work) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(work));
  }
  if (!has_posted_.exchange(true, std::memory_order_acq_rel)) {
    const std::uint64_t one = 1;
    // The counter cannot overflow, so the write cannot fail.
    [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
  }
}

void Loop::RunPosted() {
  if (!has_posted_.load(std::memory_order_acquire)) {
    return;
  }
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(wake_fd_, &count, sizeof count);
  has_posted_.store(false, std::memory_order_release);
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(posted_mutex_);
    work.swap(posted_);
  }
  for (const auto& item : work) {
    try {
      item();
    } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch)
      // It is not done, and whoever waits for it has a deadline; the loop goes on.
    }
  }
}

void Loop::RunReady() {
  while (!ready_.empty()) {
    running_.swap(ready_);
    for (std::size_t i = 0; i < running_.size(); ++i) {
      if (i + 1 < running_.size()) {
        FetchFrame(running_[i + 1]);
      }
      running_[i].resume();
    }
    running_.clear();
  }
}

int Loop::PollTimeout() {
  if (!ready_.empty() || !yielded_.empty() || has_posted_.load(std::memory_order_acquire)) {
    return 0;
  }
  const int timer = timers_.NextWait(now_);
  constexpr int kLimit = static_cast<int>(kQuiet.count());
  return on_quiet_ && !quiet_ && (timer < 0 || timer > kLimit) ? kLimit : timer;
}

void Loop::Poll() {
  ReadClocks();
  const int timeout = PollTimeout();
  const int got = epoll_wait(epoll_fd_, batch_->events.data(),
                             static_cast<int>(batch_->events.size()), timeout);
  ReadClocks();
  if (got <= 0) {
    if (got == 0 && !quiet_ && on_quiet_ && now_ - last_event_ >= kQuiet) {
      quiet_ = true;
      last_event_ = now_;
      on_quiet_();
    }
    return;
  }
  quiet_ = false;
  last_event_ = now_;
  batch_->size = got;
  for (batch_->at = 0; batch_->at < batch_->size; ++batch_->at) {
    const int bunch = kBunch - batch_->at % kBunch;
    events_left_ = std::min(batch_->size - batch_->at, bunch) - 1;
    const epoll_event& event = batch_->events[static_cast<std::size_t>(batch_->at)];
    batch_->Prepare();
    if (auto* watch = static_cast<Watch*>(event.data.ptr); watch != nullptr) {
      watch->OnEvents(event.events);
    }
    // After the event and not before it: what runs here may destroy any watch.
    if (events_left_ == 0) {
      RunReady();
    }
  }
  batch_->size = 0;
}

void Loop::Forget(const Watch* watch) {
  for (int i = batch_->at + 1; i < batch_->size; ++i) {
    epoll_event& event = batch_->events[static_cast<std::size_t>(i)];
    if (event.data.ptr == watch) {
      event.data.ptr = nullptr;
    }
  }
}

}  // namespace signalbox::async
