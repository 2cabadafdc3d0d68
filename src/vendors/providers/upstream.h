// A place that answers model calls, as the execution stage sees it: over HTTP or in process.
//
// Owner:   an Upstream belongs to one worker; an Exchange to one attempt.
// Threads: the worker's.
// Errors:  kConnectFailed, kDeadlineExceeded, kUpstreamFailed, kUpstreamProtocol, kCancelled. An
//          answer with an error status is an answer, not an error.
// Cancel:  destroying an Exchange before its end closes the connection it used.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/async/task.h"
#include "base/async/wait.h"
#include "base/core/error.h"
#include "io/net/http_head.h"

namespace signalbox::providers {

// A request's body that is sent as it comes.
class BodySource {
 public:
  // The next bytes, empty at the end; valid until the next call. An error ends the call.
  virtual async::Task<core::Result<std::string_view>> Next() = 0;
  // How many there are altogether, where that is known.
  virtual std::optional<std::uint64_t> size() const = 0;

 protected:
  ~BodySource() = default;
};

struct UpstreamRequest {
  std::string_view method = "POST";
  std::string_view path;                   // below the base URL, may have a query
  std::string_view model;                  // for {model} in the base URL
  std::span<const std::string_view> body;  // pieces; must stay until the answer's head is there
  std::uint64_t body_bytes = 0;
  BodySource* source = nullptr;  // in place of `body`; it can be sent once
  std::uint32_t key = 0;         // which of the provider's keys
  std::string_view request_id;   // sent along as x-request-id
  std::string_view hops;         // x-signalbox-hop: instances this request came through
  std::string_view content_type = "application/json";
  std::string_view accept = "application/json";
  std::string_view fields;  // more lines, each ended by CRLF
  bool streamed = false;
};

struct UpstreamHead {
  int status = 0;
  std::string_view content_type;  // valid until the first Read
  std::string_view retry_after;   // as sent; empty when absent
  std::string_view vendor_request_id;
  std::span<const net::Field> fields;  // all of them, from upstreams that have any
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  // Sends the request and waits for the head of the answer. Once, and once more, on a new
  // connection, after it failed and `crossed()`.
  virtual async::Task<core::Result<UpstreamHead>> Send(const UpstreamRequest& request,
                                                       async::Deadline deadline) = 0;

  // True when Send failed because a kept connection was closed by the upstream just as the request
  // went out (RFC 9112 section 9.3.1): nobody knows whether it was taken.
  virtual bool crossed() const { return false; }

  // True when Read would not have to wait.
  virtual bool HasBytes() const = 0;

  // The next bytes of the body as they come, transfer and content coding taken off; empty at its
  // end. Valid until the next call. A stall over the provider's idle limit is kDeadlineExceeded.
  virtual async::Task<core::Result<std::string_view>> Read(async::Deadline deadline) = 0;

  // The whole body, up to the provider's answer limit. Valid until the exchange goes.
  virtual async::Task<core::Result<std::string_view>> ReadAll(async::Deadline deadline) = 0;
};

class Upstream {
 public:
  virtual ~Upstream() = default;
  virtual std::unique_ptr<Exchange> Open() = 0;
  // Called when the worker has nothing to do: memory kept for the next exchange is freed.
  virtual void GiveMemoryBack() {}
};

}  // namespace signalbox::providers
