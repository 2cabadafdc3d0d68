#include "io/net/server_exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "io/net/server.h"
#include "io/net/status_text.h"

namespace signalbox::net {
namespace {

using core::Status;

// Every answer starts with these bytes, so that they may be sent before its status is known.
constexpr std::string_view kEarlyBytes = "HTTP/1.1 ";
// An empty SSE comment, plain and as a chunk.
constexpr std::string_view kComment = ":\n\n";
constexpr std::string_view kCommentChunk = "3\r\n:\n\n\r\n";
iovec Piece(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

void AnswerFields::Add(std::string_view name, std::string_view value) {
  const std::size_t start = text_.size() + name.size() + 2;
  AddOwn(name, value);
  // A loop without a branch, so that it runs on many bytes at once; it nearly never finds anything.
  bool control = false;
  for (const char c : value) {
    control |= static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  }
  if (control) {
    const auto at = text_.begin() + static_cast<std::ptrdiff_t>(start);
    const auto is_control = [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    std::replace_if(at, at + static_cast<std::ptrdiff_t>(value.size()), is_control, ' ');
  }
}

void AnswerFields::Add(std::string_view name, std::uint64_t value) {
  const fmt::format_int digits(value);
  AddOwn(name, std::string_view(digits.data(), digits.size()));
}

ServerExchange::ServerExchange(Server& server, Stream& stream, Buffer& input, RequestState& state,
                               async::Cancellation& cancellation)
    : server_(server),
      stream_(stream),
      input_(input),
      state_(state),
      cancellation_(cancellation),
      arrived_(stream.loop().now()),
      keep_alive_(state.head.keep_alive),
      body_read_(state.head.body == BodyKind::kNone) {
  state_.fields.Clear();
}

void ServerExchange::BeginHead(int status) {
  keep_alive_ = keep_alive_ && body_read_ && !server_.draining();
  answered_ = true;
  std::string& head = state_.out_head;
  head.assign(kEarlyBytes);
  head += StatusLineRest(status);
  head += state_.fields.text();
  head += "date: ";
  head += server_.HttpDate();
  head += "\r\n";
}

// HTTP/1.1 keeps connections unless told otherwise, HTTP/1.0 the other way round.
std::string_view ServerExchange::ConnectionField() const {
  if (!keep_alive_) {
    return "connection: close\r\n";
  }
  return state_.head.minor_version == 0 ? "connection: keep-alive\r\n" : "";
}

void ServerExchange::Push(std::string_view piece) {
  if (!piece.empty()) {
    state_.pieces.push_back(Piece(piece));
  }
}

async::Task<Status> ServerExchange::Respond(int status, std::span<const std::string_view> body) {
  BeginHead(status);
  std::size_t length = 0;
  for (const std::string_view piece : body) {
    length += piece.size();
  }
  std::string& head = state_.out_head;
  const fmt::format_int digits(length);
  head += "content-length: ";
  head.append(digits.data(), digits.size());
  head += "\r\n";
  head += ConnectionField();
  head += "\r\n";
  state_.pieces.clear();
  Push(std::string_view(head).substr(early_));
  if (state_.head.method != Method::kHead) {
    for (const std::string_view piece : body) {
      Push(piece);
    }
  }
  return Flush();
}

void ServerExchange::StartStream(int status, std::optional<std::uint64_t> length) {
  chunked_ = !length && state_.head.minor_version >= 1;
  keep_alive_ = keep_alive_ && (length || chunked_);
  BeginHead(status);
  std::string& head = state_.out_head;
  if (length) {
    head += fmt::format("content-length: {}\r\n", *length);
  } else if (chunked_) {
    head += "transfer-encoding: chunked\r\n";
  }
  head += ConnectionField();
  head += "\r\n";
  streaming_ = true;
  state_.pieces.clear();
  Push(std::string_view(head).substr(early_));
}

async::Task<Status> ServerExchange::WriteRaw(std::string_view bytes) {
  Push(bytes);
  return Flush();
}

void ServerExchange::PushChunk(std::span<const std::string_view> pieces) {
  std::size_t length = 0;
  for (const std::string_view piece : pieces) {
    length += piece.size();
  }
  if (length == 0) {
    return;
  }
  if (chunked_) {
    Push(ChunkLine(length, chunk_line_));
  }
  for (const std::string_view piece : pieces) {
    Push(piece);
  }
  if (chunked_) {
    Push("\r\n");
  }
}

async::Task<Status> ServerExchange::WriteStream(std::span<const std::string_view> pieces) {
  PushChunk(pieces);
  return Flush();
}

async::Task<Status> ServerExchange::EndStream(std::span<const std::string_view> pieces) {
  at_boundary_ = false;
  streaming_ = false;
  PushChunk(pieces);
  if (chunked_) {
    Push("0\r\n\r\n");
  }
  return Flush();
}

async::Task<Status> ServerExchange::Flush() {
  std::span<iovec> pieces(state_.pieces);
  writing_ = true;
  const Stream::IoResult written = stream_.TryWrite(pieces);
  Status status;
  if (written.io == Stream::Io::kWouldBlock) {
    status = co_await stream_.WriteRest(pieces, server_.options().timeouts.write,
                                        {write_end_, &cancellation_});
  } else if (written.io != Stream::Io::kDone) {
    status = std::unexpected(BrokenError("the client broke the connection"));
  }
  writing_ = false;
  state_.pieces.clear();
  if (!status) {
    failed_ = true;
    cancellation_.Cancel();
  }
  co_return status;
}

void ServerExchange::ProbeClient() {
  if (writing_) {
    return;
  }
  std::string_view probe;
  if (!answered_ && early_ == 0) {
    probe = kEarlyBytes;
  } else if (streaming_ && at_boundary_ && state_.pieces.empty()) {
    probe = chunked_ ? kCommentChunk : kComment;
  } else {
    return;
  }
  iovec piece = Piece(probe);
  std::span<iovec> pieces(&piece, 1);
  const Stream::IoResult written = stream_.TryWrite(pieces);
  // A TLS record that did not go out would go out in the place of the next bytes.
  const bool stuck = stream_.tls() && answered_ && written.io == Stream::Io::kWouldBlock;
  if (stuck || written.io == Stream::Io::kBroken ||
      (written.bytes != 0 && written.bytes != probe.size())) {
    failed_ = true;
    cancellation_.Cancel();
  } else if (!answered_ && written.bytes != 0) {
    early_ = probe.size();
  }
}

void ServerExchange::Abort(bool reset) {
  aborted_ = true;
  if (reset) {
    stream_.ResetOnClose();
  }
}

void ServerExchange::Finish() {
  input_.Consume(in_place_);
  if (!raw_.empty()) {
    input_.Clear();
    input_.Append(raw_.bytes());
  }
}

}  // namespace signalbox::net
