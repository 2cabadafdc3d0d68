#include "vendors/providers/http_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace signalbox::providers {
namespace {

using async::Deadline;
using core::ErrorCode;
using core::Fail;
using core::Status;
using net::BodyKind;
using net::Stream;

constexpr int kInterimAnswers = 8;  // 1xx before the answer, at most
constexpr std::size_t kKeptScratch = 256;
const net::HeadLimits kAnswerHeadLimits{.head_bytes = 64 * 1024, .fields = net::kMaxFields};

iovec Piece(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

std::unexpected<core::Error> Broken(std::string_view what) {
  return Fail(ErrorCode::kUpstreamFailed, "the upstream " + std::string(what));
}

}  // namespace

HttpExchange::HttpExchange(HttpUpstream& upstream) : upstream_(upstream) {
  if (upstream.scratch_.empty()) {
    scratch_ = std::make_unique<HttpUpstream::Scratch>();
  } else {
    scratch_ = std::move(upstream.scratch_.back());
    upstream.scratch_.pop_back();
  }
}

HttpExchange::~HttpExchange() {
  if (ended_ && connection_ != nullptr && scratch_->head.keep_alive) {
    connection_->input().Consume(used_);
    upstream_.client_.GiveBack(std::move(connection_));
  }
  if (upstream_.scratch_.size() < kKeptScratch) {
    upstream_.scratch_.push_back(std::move(scratch_));
  }
}

std::uint64_t HttpExchange::limit() const {
  return upstream_.provider_.options.limits.answer_bytes.bytes;
}

async::Task<core::Result<UpstreamHead>> HttpExchange::Send(const UpstreamRequest& request,
                                                           Deadline deadline) {
  WriteHead(request);
  connection_ = upstream_.client_.TakeKept();
  bool stale = false;
  if (connection_ != nullptr) {
    const Status sent = co_await Exchanged(request, deadline, stale);
    if (!sent && !stale) {
      co_return std::unexpected(sent.error());
    }
  }
  if (connection_ == nullptr || stale) {
    connection_.reset();
    auto connected = co_await upstream_.client_.Connect(deadline);
    if (!connected) {
      maybe_sent_ = stale;
      co_return std::unexpected(std::move(connected).error());
    }
    connection_ = *std::move(connected);
    SB_CO_CHECK_OK(co_await Exchanged(request, deadline, stale));
  }
  SB_CO_CHECK_OK(BeginBody());
  const net::AnswerHead& head = scratch_->head;
  co_return UpstreamHead{.status = head.status,
                         .content_type = head.fields.Get("content-type"),
                         .retry_after = head.fields.Get("retry-after"),
                         .vendor_request_id = head.fields.Get("x-request-id"),
                         .fields = head.fields.all()};
}

void HttpExchange::WriteHead(const UpstreamRequest& request) {
  std::string& out = scratch_->out;
  out.assign(request.method);
  out += ' ';
  out += upstream_.provider_.base_url.path;
  out += request.path;
  out += " HTTP/1.1\r\n";
  out += upstream_.fixed_fields_;
  out += request.streamed ? "accept: text/event-stream\r\n" : "accept: application/json\r\n";
  out += "x-request-id: ";
  out += request.request_id;
  out += "\r\nx-signalbox-hop: ";
  out += request.hops;
  out += "\r\ncontent-length: ";
  const fmt::format_int digits(request.body_bytes);
  out.append(digits.data(), digits.size());
  out += "\r\n\r\n";
}

// One try on the connection at hand. `stale`: it was a kept one and broke without a byte of an
// answer, as happens when the server closes it at the same moment (RFC 9112 section 9.3.1).
async::Task<Status> HttpExchange::Exchanged(const UpstreamRequest& request, Deadline deadline,
                                            bool& stale) {
  stale = false;
  ++sends_;
  std::vector<iovec>& pieces = scratch_->pieces;
  pieces.clear();
  pieces.push_back(Piece(scratch_->out));
  for (const std::string_view piece : request.body) {
    pieces.push_back(Piece(piece));
  }
  std::span<iovec> rest(pieces);
  const Stream::IoResult written = connection_->stream().TryWrite(rest);
  Status sent;
  if (written.io == Stream::Io::kWouldBlock) {
    sent =
        co_await connection_->stream().WriteRest(rest, upstream_.client_.options().write, deadline);
  } else if (written.io != Stream::Io::kDone) {
    sent = Broken("broke the connection");
  }
  if (!sent) {
    stale = connection_->reused() && sent.error().code == ErrorCode::kUpstreamFailed;
    co_return sent;
  }
  sent = co_await ReadHead(deadline, stale);
  co_return sent;
}

async::Task<Status> HttpExchange::ReadHead(Deadline deadline, bool& stale) {
  const Deadline first = deadline.Earlier(upstream_.client_.loop().now() +
                                          upstream_.provider_.options.timeouts.first_byte);
  net::Buffer& input = connection_->input();
  std::size_t scanned = 0;
  for (int interim = 0; interim <= kInterimAnswers;) {
    if (!input.empty()) {
      const net::HeadResult result =
          net::ParseAnswerHead(input.bytes(), kAnswerHeadLimits, scanned, false, scratch_->head);
      if (result.state == net::HeadState::kRejected) {
        co_return Fail(ErrorCode::kUpstreamProtocol, "the upstream's answer is malformed: " +
                                                         std::string(result.rejection.reason));
      }
      if (result.state == net::HeadState::kComplete) {
        input.Consume(result.consumed);
        if (scratch_->head.status >= 200) {
          co_return Status{};
        }
        ++interim;
        scanned = 0;
        continue;
      }
    }
    std::optional<Status> now = FillNow();
    while (!now) {
      const async::Wake wake = co_await connection_->stream().watch().Readable(first);
      now = wake == async::Wake::kReady ? FillNow() : std::unexpected(async::ToError(wake));
    }
    const Status& filled = *now;
    if (!filled) {
      stale = connection_->reused() && input.empty() && interim == 0 &&
              filled.error().code == ErrorCode::kUpstreamFailed;
      co_return filled;
    }
    if (eof_) {
      stale = connection_->reused() && input.empty() && interim == 0;
      eof_ = false;
      co_return Broken("closed the connection before the end of the answer's head");
    }
  }
  co_return Fail(ErrorCode::kUpstreamProtocol, "the upstream sent too many interim answers");
}

// Reads what the socket has, or nothing when there is nothing yet. Sets eof_ at the end.
std::optional<Status> HttpExchange::FillNow() {
  net::Buffer& input = connection_->input();
  if (input.room().empty()) {
    input.Reserve(net::kSmallBlock);
  }
  const auto got = connection_->stream().ReadNow(input.room());
  if (!got) {
    return std::nullopt;
  }
  if (!*got) {
    return std::unexpected(got->error());
  }
  input.Commit(**got);
  eof_ = **got == 0;
  return Status{};
}

Deadline HttpExchange::Idle(Deadline deadline) const {
  return deadline.Earlier(upstream_.client_.loop().now() +
                          upstream_.provider_.options.timeouts.idle);
}

Status HttpExchange::BeginBody() {
  const net::AnswerHead& head = scratch_->head;
  left_ = head.content_length;
  ended_ = head.body == BodyKind::kNone || (head.body == BodyKind::kLength && left_ == 0);
  const std::string_view encoding = head.fields.Get("content-encoding");
  if (!encoding.empty()) {
    const auto coding = net::ParseCoding(encoding);
    if (!coding) {
      return Fail(ErrorCode::kUpstreamProtocol, "the upstream's content-encoding is not known");
    }
    decoder_ = net::Decoder::Create(*coding, {.max_output = limit()});
  }
  return {};
}

bool HttpExchange::HasBytes() const {
  // Under TLS "readable" may only mean that nobody has looked.
  net::Stream& stream = connection_->stream();
  return ended_ || connection_->input().size() > used_ ||
         (!stream.tls() && stream.watch().readable());
}

// The body bytes that the input holds now, as one view; empty when there are none.
core::Result<std::string_view> HttpExchange::TakeAvailable() {
  net::Buffer& input = connection_->input();
  const std::string_view bytes = input.bytes();
  switch (scratch_->head.body) {
    case BodyKind::kLength: {
      const std::string_view part = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), left_));
      left_ -= part.size();
      used_ = part.size();
      ended_ = left_ == 0;
      return part;
    }
    case BodyKind::kUntilClose:
      used_ = bytes.size();
      ended_ = eof_;
      return bytes;
    case BodyKind::kChunked:
      return TakeChunks();
    case BodyKind::kNone:
      break;
  }
  ended_ = true;
  return std::string_view();
}

// Takes the chunk framing off in place: the data of several chunks moves together, so that it goes
// on with one write.
core::Result<std::string_view> HttpExchange::TakeChunks() {
  const std::string_view bytes = connection_->input().bytes();
  char* const start = const_cast<char*>(bytes.data());  // the buffer is ours
  char* data_begin = nullptr;
  char* data_end = nullptr;
  while (used_ < bytes.size()) {
    const net::ChunkedDecoder::Step step = chunks_.Next(bytes.substr(used_));
    used_ += step.consumed;
    if (step.state == net::ChunkedDecoder::State::kBad) {
      return Fail(ErrorCode::kUpstreamProtocol, "the upstream's chunked answer is malformed");
    }
    if (step.state == net::ChunkedDecoder::State::kEnd) {
      ended_ = true;
      break;
    }
    if (step.data.empty()) {
      continue;
    }
    char* const data = start + (step.data.data() - start);
    if (data_begin == nullptr) {
      data_begin = data;
      data_end = data + step.data.size();
    } else {
      std::memmove(data_end, data, step.data.size());
      data_end += step.data.size();
    }
  }
  return data_begin == nullptr
             ? std::string_view()
             : std::string_view(data_begin, static_cast<std::size_t>(data_end - data_begin));
}

async::Task<core::Result<std::string_view>> HttpExchange::Read(Deadline deadline) {
  net::Buffer& input = connection_->input();
  while (true) {
    input.Consume(used_);
    used_ = 0;
    if (ended_) {
      if (decoder_ != nullptr && !decoder_->finished()) {
        co_return Fail(ErrorCode::kUpstreamProtocol,
                       "the upstream's compressed answer is cut short");
      }
      co_return std::string_view();
    }
    if (input.empty() && !eof_) {
      input.Clear();
      const Deadline idle = Idle(deadline);
      std::optional<Status> filled = FillNow();
      while (!filled) {
        const async::Wake wake = co_await connection_->stream().watch().Readable(idle);
        filled = wake == async::Wake::kReady ? FillNow() : std::unexpected(async::ToError(wake));
      }
      SB_CO_CHECK_OK(*filled);
    }
    if (eof_ && scratch_->head.body != BodyKind::kUntilClose) {
      co_return Broken("closed the connection before the end of the answer");
    }
    SB_CO_TRY(const std::string_view bytes, TakeAvailable());
    if (decoder_ != nullptr && !bytes.empty()) {
      decoded_.clear();
      if (const Status done = decoder_->Decode(bytes, decoded_); !done) {
        co_return Fail(ErrorCode::kUpstreamProtocol,
                       "the upstream's compressed answer: " + done.error().message);
      }
      if (!decoded_.empty()) {
        co_return std::string_view(decoded_);
      }
    } else if (!bytes.empty()) {
      co_return bytes;
    }
  }
}

async::Task<core::Result<std::string_view>> HttpExchange::ReadAll(Deadline deadline) {
  const net::AnswerHead& head = scratch_->head;
  if (head.body == BodyKind::kLength && left_ > limit()) {
    co_return Fail(
        ErrorCode::kUpstreamProtocol,
        fmt::format("the upstream's answer has {} bytes, at most {} are taken", left_, limit()));
  }
  const bool plain = head.body == BodyKind::kLength && decoder_ == nullptr;
  if (plain && !ended_) {
    // In place: the buffer grows to just this answer.
    net::Buffer& input = connection_->input();
    const auto size = static_cast<std::size_t>(left_);
    if (input.size() < size) {
      input.Reserve(size - input.size());
    }
    while (input.size() < size) {
      SB_CO_TRY(const std::size_t got,
                co_await connection_->stream().Read(input.room(), Idle(deadline)));
      input.Commit(got);
      if (got == 0) {
        co_return Broken("closed the connection before the end of the answer");
      }
    }
    co_return TakeAvailable();
  }
  while (true) {
    SB_CO_TRY(const std::string_view bytes, co_await Read(deadline));
    if (bytes.empty()) {
      break;
    }
    if (whole_.size() + bytes.size() > limit()) {
      co_return Fail(ErrorCode::kUpstreamProtocol,
                     fmt::format("the upstream's answer has more than {} bytes", limit()));
    }
    whole_ += bytes;
  }
  co_return std::string_view(whole_);
}

}  // namespace signalbox::providers
