#include "upstream_server.h"

#include <sys/epoll.h>

#include <array>

namespace signalbox::bench {
namespace {

constexpr std::uint64_t kListenerTag = ~0ull;
constexpr std::size_t kScratchBytes = 256u << 10;
constexpr std::uint32_t kReadable = EPOLLIN | EPOLLRDHUP;

}  // namespace

UpstreamServer::UpstreamServer(const UpstreamOptions& options)
    : interval_(static_cast<Nanos>(1e9 / options.tokens_per_second)),
      default_tokens_(options.tokens),
      answers_(options.dialect, options.answer_bytes),
      listener_(Listen(options.listen)),
      epoll_(NewEpoll()),
      scratch_(kScratchBytes, '\0') {
  Watch(epoll_, listener_, EPOLLIN, kListenerTag);
}

void UpstreamServer::Serve() {
  std::array<epoll_event, 256> events;
  for (;;) {
    Nanos wake = due_.empty() ? NowNs() + kSecond : due_.front().at;
    int count = WaitUntil(epoll_, events.data(), static_cast<int>(events.size()), wake);
    for (int index = 0; index < count; ++index) {
      if (events[index].data.u64 == kListenerTag) {
        AcceptAll();
      } else {
        OnEvent(static_cast<std::uint32_t>(events[index].data.u64), events[index].events);
      }
    }
    SendDueFrames();
  }
}

void UpstreamServer::AcceptAll() {
  for (int fd = Accept(listener_); fd >= 0; fd = Accept(listener_)) {
    if (free_slots_.empty()) {
      free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    std::uint32_t slot = free_slots_.back();
    free_slots_.pop_back();
    slots_[slot].Open(fd);
    Watch(epoll_, fd, kReadable, slot);
  }
}

void UpstreamServer::OnEvent(std::uint32_t slot, std::uint32_t events) {
  UpstreamConnection& connection = slots_[slot];
  if (connection.fd() < 0) return;  // closed earlier in this batch
  bool alive = true;
  if (events & EPOLLOUT) alive = connection.Flush();
  if (alive && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) alive = connection.Read(scratch_);
  if (alive && connection.HasRequest()) alive = Answer(slot);
  Settle(slot, alive);
}

bool UpstreamServer::Answer(std::uint32_t slot) {
  UpstreamConnection::Wish wish = slots_[slot].TakeRequest();
  if (wish.get) return slots_[slot].Write(answers_.models());
  if (wish.stream) return StartStream(slot, wish);
  return slots_[slot].Write(answers_.plain());
}

bool UpstreamServer::StartStream(std::uint32_t slot, const UpstreamConnection::Wish& wish) {
  UpstreamConnection& connection = slots_[slot];
  connection.frames_total = wish.max_tokens > 0 ? wish.max_tokens : default_tokens_;
  connection.frames_left = connection.frames_total;
  connection.with_usage = wish.usage;
  Nanos now = NowNs();
  std::string first(answers_.stream_head());
  first += answers_.Frame(now);
  --connection.frames_left;
  due_.push_back({now + interval_, slot, connection.generation});
  return connection.Write(first);
}

bool UpstreamServer::SendFrame(UpstreamConnection& connection, Nanos now) {
  if (connection.frames_left-- > 0) return connection.Write(answers_.Frame(now));
  return connection.Write(answers_.StreamEnd(connection.frames_total, connection.with_usage));
}

void UpstreamServer::SendDueFrames() {
  if (due_.empty()) return;
  Nanos now = NowNs();
  while (!due_.empty() && due_.front().at <= now) {
    Due due = due_.front();
    due_.pop_front();
    UpstreamConnection& connection = slots_[due.slot];
    if (connection.fd() < 0 || connection.generation != due.generation) continue;
    bool more = connection.frames_left > 0;
    bool alive = SendFrame(connection, NowNs());
    if (more) due_.push_back({due.at + interval_, due.slot, due.generation});
    Settle(due.slot, alive);
  }
}

// Closes a dead connection, or watches for room when something could not be written.
void UpstreamServer::Settle(std::uint32_t slot, bool alive) {
  UpstreamConnection& connection = slots_[slot];
  if (!alive) {
    connection.Close();
    free_slots_.push_back(slot);
  } else if (connection.HasPending() != connection.wants_write) {
    connection.wants_write = connection.HasPending();
    Rewatch(epoll_, connection.fd(), kReadable | (connection.wants_write ? EPOLLOUT : 0u), slot);
  }
}

}  // namespace signalbox::bench
