// One HTTP call. Internal to http_upstream.
#pragma once

#include <optional>

#include "base/async/frame_pool.h"
#include "vendors/providers/http_upstream.h"

namespace signalbox::providers {

class HttpExchange final : public Exchange {
 public:
  static void* operator new(std::size_t size) { return async::FramePool::Allocate(size); }
  static void operator delete(void* memory, std::size_t size) {
    async::FramePool::Free(memory, size);
  }

  explicit HttpExchange(HttpUpstream& upstream);
  ~HttpExchange() override;

  async::Task<core::Result<UpstreamHead>> Send(const UpstreamRequest& request,
                                               async::Deadline deadline) override;
  bool crossed() const override { return crossed_; }
  bool HasBytes() const override;
  async::Task<core::Result<std::string_view>> Read(async::Deadline deadline) override;
  async::Task<core::Result<std::string_view>> ReadAll(async::Deadline deadline) override;

 private:
  void WriteHead(const UpstreamRequest& request);
  void Sign(const UpstreamRequest& request, const std::string& target);
  async::Task<core::Status> Exchanged(const UpstreamRequest& request, async::Deadline deadline);
  async::Task<core::Status> SendSource(BodySource& source, async::Deadline deadline);
  async::Task<core::Result<bool>> WriteRest(std::span<iovec>& rest, async::Deadline deadline);
  async::Task<core::Status> ReadHead(async::Deadline deadline);
  std::optional<core::Status> ParseHead();
  net::Stream::Io FillNow();
  async::Deadline Idle(async::Deadline deadline) const;
  core::Result<std::string_view> TakeAvailable();
  core::Result<std::string_view> TakeChunks();
  core::Status BeginBody();
  std::uint64_t limit() const;

  HttpUpstream& upstream_;
  std::unique_ptr<HttpUpstream::Scratch> scratch_;
  std::unique_ptr<net::ClientConnection> connection_;
  net::ChunkedDecoder chunks_;
  std::unique_ptr<net::Decoder> decoder_;  // of a content coding
  std::string decoded_;
  std::string whole_;
  std::uint64_t left_ = 0;   // of a body with a length
  std::size_t used_ = 0;     // bytes of the input that the last Read lent out
  std::size_t scanned_ = 0;  // of the answer's head
  int interim_ = 0;          // answers before the answer (1xx)
  bool crossed_ = false;
  bool unsent_ = false;  // the answer came before the whole request was out
  bool ended_ = false;   // the body was read to its end
  bool eof_ = false;     // the connection ended
};

}  // namespace signalbox::providers
