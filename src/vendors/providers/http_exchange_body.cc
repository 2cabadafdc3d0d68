// The second half of an HTTP call: the answer's body.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "vendors/providers/http_exchange.h"

namespace signalbox::providers {

using async::Deadline;
using core::ErrorCode;
using core::Fail;
using core::Status;
using net::BodyKind;

namespace {

std::unexpected<core::Error> CutShort() {
  return Fail(ErrorCode::kUpstreamFailed,
              "the upstream closed the connection before the end of the answer");
}

}  // namespace

std::uint64_t HttpExchange::limit() const {
  return upstream_.provider_.options.limits.answer_bytes.bytes;
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
      net::Stream::Io filled = FillNow();
      while (filled == net::Stream::Io::kWouldBlock) {
        const async::Wake wake = co_await connection_->stream().watch().Readable(idle);
        if (wake != async::Wake::kReady) {
          co_return std::unexpected(async::ToError(wake));
        }
        filled = FillNow();
      }
      if (filled == net::Stream::Io::kBroken) {
        co_return CutShort();
      }
    }
    if (eof_ && scratch_->head.body != BodyKind::kUntilClose) {
      co_return CutShort();
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
        co_return CutShort();
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
