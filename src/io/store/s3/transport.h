// Sends requests over HTTP, by libcurl: one at a time per call, with connections kept between them.
//
// Owner:   an S3. Threads: any that may block.
// Errors:  kConnectFailed: name, connect or TLS. kUpstreamFailed: the connection broke off or
//          stalled. kCancelled: Stop. Whatever has a status is an Answer, not an error.
// Cancel:  Stop ends what waits within a second.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "io/store/s3/request.h"

namespace signalbox::s3 {

struct Answer {
  int status = 0;
  std::map<std::string, std::string, std::less<>> fields;  // names in lower case
  std::string body;     // of any answer but a good one to a request with a sink
  bool resent = false;  // libcurl sent the request twice: a kept connection turned out closed

  std::string_view Get(std::string_view name) const;  // empty when absent
};

struct TransportOptions {
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds stall_timeout{30'000};
  std::string ca_file;
};

class Transport {
 public:
  // The body of a good answer (200, 206), piece by piece, with the answer's head.
  using Sink = std::function<core::Status(const Answer& head, std::string_view bytes)>;

  explicit Transport(TransportOptions options);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // `sink` may be empty; then the body is in the answer, and more than 8 MiB is an error. An error
  // of the sink is returned.
  core::Result<Answer> Send(std::string_view method, const WireRequest& request,
                            std::string_view body, const Sink& sink);

  // Waits; false when stopped.
  bool Sleep(std::chrono::milliseconds time);
  void Stop();
  bool stopped() const { return stopped_; }

 private:
  struct Handle;
  class Call;

  std::unique_ptr<Handle> Borrow();
  void Return(std::unique_ptr<Handle> handle);

  TransportOptions options_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Handle>> idle_;  // with their connections
};

}  // namespace signalbox::s3
