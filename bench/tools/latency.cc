#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "flags.h"
#include "message_reader.h"
#include "modes.h"

namespace signalbox::bench {
namespace {

// Sends the request and reads the whole answer; the status, or 0 when the connection broke.
int Exchange(int fd, std::string_view request, MessageReader& reader, std::string& scratch) {
  while (!request.empty()) {
    ssize_t sent = send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) return 0;
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  reader.Reset();
  while (!reader.done()) {
    ssize_t size = recv(fd, scratch.data(), scratch.size(), 0);
    if (size <= 0) return 0;
    std::string_view input(scratch.data(), static_cast<std::size_t>(size));
    while (!input.empty() && !reader.done() && !reader.bad()) reader.Next(input);
    if (reader.bad()) return 0;
  }
  return reader.status();
}

int ConnectBlocking(const Endpoint& target) {
  int fd = Connect(target);
  if (fd < 0) Fail("connection refused");
  SetBlocking(fd);
  timeval patience{.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

}  // namespace

Result RunLatency(const LoadOptions& options) {
  MessageReader reader(MessageReader::Kind::kAnswer);
  std::string scratch(64 << 10, '\0');
  Histogram latency;
  Tally tally;
  int fd = ConnectBlocking(options.target);
  Nanos start = NowNs();
  Nanos now = start;
  while (now < start + options.duration && tally.broken < 10 &&
         (options.requests == 0 || std::cmp_less(latency.Count(), options.requests))) {
    Nanos sent = NowNs();
    int status = Exchange(fd, options.request, reader, scratch);
    now = NowNs();
    if (status == 0) {
      ++tally.broken;
      ++tally.reconnects;
      close(fd);
      fd = ConnectBlocking(options.target);
      continue;
    }
    latency.Add(now - sent);
    tally.Count(status);
  }
  close(fd);
  Result result;
  tally.AddTo(result, now - start);
  result.AddPercentiles("latency", latency);
  return result;
}

}  // namespace signalbox::bench
