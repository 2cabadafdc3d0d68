// One request and its answer, as a handler sees them.
//
// Owner:   the connection, for as long as the handler runs.
// Threads: the loop's.
// Errors:  ReadBody, ReadSome: kPayloadTooLarge, kInvalidRequest, kClientTimeout, kCancelled.
// Writes fail
//          when the client is gone.
// Cancel:  `cancellation()` is cancelled when the client's connection breaks. A client that only
//          shuts down its sending side still reads; whether it does is found out by sending it the
//          first bytes of the answer (or an SSE comment) early: a client that is gone resets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async/task.h"
#include "base/core/error.h"
#include "io/net/buffer.h"
#include "io/net/chunked.h"
#include "io/net/http_head.h"
#include "io/net/stream.h"

namespace signalbox::net {

class Server;

// Field lines of an answer. Control characters in values become spaces, so that no value can end a
// line.
class AnswerFields {
 public:
  void Clear() { text_.clear(); }
  void Add(std::string_view name, std::string_view value);
  void Add(std::string_view name, std::uint64_t value);
  // A value of our own making, which holds no control character.
  void AddOwn(std::string_view name, std::string_view value) {
    text_.append(name).append(": ").append(value).append("\r\n");
  }
  std::string_view text() const { return text_; }

 private:
  std::string text_;
};

// What a request needs while it is served, reused from request to request.
struct RequestState {
  RequestHead head;
  AnswerFields fields;  // for the handler to fill
  std::string out_head;
  std::vector<iovec> pieces;
};

class ServerExchange {
 public:
  ServerExchange(Server& server, Stream& stream, Buffer& input, RequestState& state,
                 async::Cancellation& cancellation);
  ServerExchange(const ServerExchange&) = delete;
  ServerExchange& operator=(const ServerExchange&) = delete;

  const RequestHead& head() const { return state_.head; }
  core::MonoTime arrived() const { return arrived_; }
  async::Loop& loop() const { return stream_.loop(); }
  async::Cancellation& cancellation() { return cancellation_; }

  // The whole body with its content coding taken off, at most `limit` bytes. Valid until FreeBody.
  async::Task<core::Result<std::string_view>> ReadBody(std::uint64_t limit);
  // The next bytes of the body as they come, in place of ReadBody: transfer coding taken off, empty
  // at the end. Valid until the next call. A body in a content coding is refused.
  async::Task<core::Result<std::string_view>> ReadSome(std::uint64_t limit);
  // Gives the memory of a large body back before the exchange is over.
  void FreeBody(std::size_t above = 0);

  // Field lines for the answer; content-length, connection and date are the server's.
  AnswerFields& fields() { return state_.fields; }
  // A whole answer.
  async::Task<core::Status> Respond(int status, std::span<const std::string_view> body);
  // A streamed answer. Its head goes out with the first WriteStream, which may be empty; every
  // WriteStream goes out at once. With `length` the body has just so many bytes and no chunks.
  void StartStream(int status, std::optional<std::uint64_t> length = {});
  async::Task<core::Status> WriteStream(std::span<const std::string_view> pieces);
  // The last pieces and the end of the answer, together.
  async::Task<core::Status> EndStream(std::span<const std::string_view> pieces);
  // The answer must be written by then, however steadily the client takes it.
  void SetWriteEnd(core::MonoTime at) { write_end_ = at; }
  // Says that between events a comment may be put into the stream (SSE), to find out whether the
  // client is still there.
  void SetAtBoundary(bool at_boundary) { at_boundary_ = at_boundary; }
  // Bytes past all framing, for a simulated upstream that is meant to break it.
  async::Task<core::Status> WriteRaw(std::string_view bytes);
  // Breaks the connection off, with a TCP reset when `reset`.
  void Abort(bool reset);

  bool answered() const { return answered_; }
  bool failed() const { return failed_; }
  // Whether another request may follow. Not after a stream that was left without its end.
  bool keep_alive() const {
    return keep_alive_ && !failed_ && !aborted_ && body_read_ && !streaming_;
  }
  bool aborted() const { return aborted_; }

  // For the connection: the client has shut down its sending side.
  void ProbeClient();
  // For the connection: skips what ReadBody used of the input.
  void Finish();

 private:
  async::Task<core::Status> ReadSized(std::uint64_t limit);
  async::Task<core::Status> ReadChunked(std::uint64_t limit);
  async::Task<core::Result<std::string_view>> ReadSomeSized();
  async::Task<core::Result<std::string_view>> ReadSomeChunked(std::uint64_t limit);
  // `received`: bytes of the body so far, for its time limit.
  async::Deadline BodyDeadline(std::uint64_t received);
  async::Task<core::Status> FillMore(Buffer& into, std::uint64_t received);
  async::Task<core::Status> SendContinue();
  core::Status DecodeBody(std::uint64_t limit);
  void BeginHead(int status);
  std::string_view ConnectionField() const;
  void Push(std::string_view piece);
  void PushChunk(std::span<const std::string_view> pieces);
  async::Task<core::Status> Flush();

  Server& server_;
  Stream& stream_;
  Buffer& input_;
  RequestState& state_;
  async::Cancellation& cancellation_;
  core::MonoTime arrived_;
  core::MonoTime write_end_ = core::kNever;
  Buffer body_buffer_;  // a body that does not fit behind its head
  Buffer raw_;          // chunked input behind what `input_` held
  std::string decoded_;
  core::Status decoding_;  // how taking the content coding off went
  std::string_view body_;
  ChunkedDecoder chunks_;     // of a body that is read as it comes
  std::uint64_t some_ = 0;    // bytes of it so far
  bool some_in_raw_ = false;  // they come out of `raw_` by now
  std::size_t lent_ = 0;      // bytes of `input_` or `raw_` that the last ReadSome gave out
  std::size_t in_place_ = 0;  // bytes of `input_` that are this body
  std::size_t early_ = 0;     // bytes of the answer's head that have been sent as a probe
  char chunk_line_[kChunkLineSize];
  bool keep_alive_;
  bool body_read_ = false;
  bool answered_ = false;
  bool streaming_ = false;
  bool chunked_ = false;
  bool at_boundary_ = false;
  bool writing_ = false;
  bool continued_ = false;
  bool failed_ = false;
  bool aborted_ = false;
};

}  // namespace signalbox::net
