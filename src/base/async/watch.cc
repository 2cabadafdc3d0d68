#include "base/async/watch.h"

#include <sys/epoll.h>

namespace signalbox::async {

Watch::Watch(Loop& loop, int fd) : loop_(loop), fd_(fd) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = this;
  registered_ = epoll_ctl(loop.epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

Watch::~Watch() {
  if (registered_) {
    epoll_ctl(loop_.epoll_fd_, EPOLL_CTL_DEL, fd_, nullptr);
  }
  loop_.Forget(this);
  if (destroyed_ != nullptr) {
    *destroyed_ = true;
  }
}

void Watch::OnEvents(std::uint32_t events) {
  bool destroyed = false;
  destroyed_ = &destroyed;
  const bool breaks = (events & (EPOLLHUP | EPOLLERR)) != 0;
  const bool hangs_up = breaks || (events & EPOLLRDHUP) != 0;
  readable_ |= hangs_up || (events & EPOLLIN) != 0;
  writable_ |= breaks || (events & EPOLLOUT) != 0;
  const bool news = (hangs_up && !hung_up_) || (breaks && !broken_);
  hung_up_ |= hangs_up;
  broken_ |= breaks;
  if (news && listener_ != nullptr) {
    listener_->OnHangup(broken_);
  }
  if (!destroyed && readable_ && reader_ != nullptr && reader_->waiting()) {
    std::exchange(reader_, nullptr)->ResumeNow(Wake::kReady);
  }
  if (!destroyed && writable_ && writer_ != nullptr && writer_->waiting()) {
    std::exchange(writer_, nullptr)->ResumeNow(Wake::kReady);
  }
  if (!destroyed) {
    destroyed_ = nullptr;
  }
}

core::Error ToError(Wake wake) {
  if (wake == Wake::kCancelled) {
    return {core::ErrorCode::kCancelled, "the caller went away", {}, {}};
  }
  return {core::ErrorCode::kDeadlineExceeded, "time ran out", {}, {}};
}

}  // namespace signalbox::async
