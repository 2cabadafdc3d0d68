// The receiving half of an exchange: the request's body.
#include <fmt/format.h>

#include <algorithm>

#include "io/net/compression.h"
#include "io/net/server.h"

namespace signalbox::net {
namespace {

using async::Deadline;
using core::ErrorCode;
using core::Fail;
using core::Status;

// A body may take its time limit and a second for each of these many bytes.
constexpr std::uint64_t kSlowestBytesPerSecond = 4096;
// Of a body that is read as it comes.
constexpr std::size_t kSomeBytes = 32 * 1024;

// What a read of a body's next bytes means: none is the client's leaving, a time-out its slowness.
core::Result<std::size_t> Came(core::Result<std::size_t> read) {
  if (read && *read == 0) {
    return Fail(ErrorCode::kCancelled, "the client left before the end of its body");
  }
  if (!read && read.error().code == ErrorCode::kDeadlineExceeded) {
    return Fail(ErrorCode::kClientTimeout, "the body took too long to come");
  }
  return read;
}

}  // namespace

async::Task<core::Result<std::string_view>> ServerExchange::ReadBody(std::uint64_t limit) {
  if (!body_read_) {
    const std::uint64_t length = state_.head.content_length;
    if (state_.head.body == BodyKind::kLength && length <= limit && input_.size() >= length) {
      in_place_ = static_cast<std::size_t>(length);
      body_ = input_.bytes().substr(0, in_place_);
    } else if (state_.head.body == BodyKind::kLength) {
      SB_CO_CHECK_OK(co_await ReadSized(limit));
    } else {
      SB_CO_CHECK_OK(co_await ReadChunked(limit));
    }
    body_read_ = true;
    decoding_ = DecodeBody(limit);
  }
  SB_CO_CHECK_OK(decoding_);
  co_return body_;
}

async::Task<core::Result<std::string_view>> ServerExchange::ReadSome(std::uint64_t limit) {
  if (body_read_) {
    co_return std::string_view();
  }
  if (some_ == 0 && state_.head.fields.Find("content-encoding") != nullptr) {
    co_return Fail(ErrorCode::kInvalidRequest, "content-encoding is not taken here");
  }
  if (state_.head.body == BodyKind::kLength && state_.head.content_length > limit) {
    co_return Fail(ErrorCode::kPayloadTooLarge,
                   fmt::format("the body has {} bytes, at most {} are taken",
                               state_.head.content_length, limit));
  }
  SB_CO_CHECK_OK(co_await SendContinue());
  co_return state_.head.body == BodyKind::kLength ? co_await ReadSomeSized()
                                                  : co_await ReadSomeChunked(limit);
}

async::Task<core::Result<std::string_view>> ServerExchange::ReadSomeSized() {
  const std::uint64_t left = state_.head.content_length - some_;
  input_.Consume(std::exchange(lent_, 0));
  if (left == 0) {
    body_read_ = true;
    co_return std::string_view();
  }
  std::string_view bytes = input_.bytes();
  if (!bytes.empty()) {
    bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left)));
    lent_ = bytes.size();
  } else {
    raw_.Clear();
    if (raw_.room().size() < kSomeBytes) {
      raw_.Reserve(kSomeBytes);
    }
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(kSomeBytes, left));
    SB_CO_TRY(const std::size_t got,
              Came(co_await stream_.Read(raw_.room().first(most), BodyDeadline(some_))));
    raw_.Commit(got);
    bytes = raw_.bytes();
    raw_.Consume(got);  // nothing of it belongs to another request
  }
  some_ += bytes.size();
  co_return bytes;
}

async::Task<core::Result<std::string_view>> ServerExchange::ReadSomeChunked(std::uint64_t limit) {
  Buffer* source = some_in_raw_ ? &raw_ : &input_;
  source->Consume(std::exchange(lent_, 0));
  while (true) {
    const ChunkedDecoder::Step step = chunks_.Next(source->bytes());
    if (step.state == ChunkedDecoder::State::kBad) {
      co_return Fail(ErrorCode::kInvalidRequest, "the chunked body is malformed");
    }
    const std::uint64_t room = limit - some_;
    if (step.data.size() > room || chunks_.announced() > room - step.data.size()) {
      co_return Fail(ErrorCode::kPayloadTooLarge,
                     fmt::format("the body has more than {} bytes", limit));
    }
    if (!step.data.empty()) {
      lent_ = step.consumed;
      some_ += step.data.size();
      co_return step.data;
    }
    source->Consume(step.consumed);
    if (step.state == ChunkedDecoder::State::kEnd) {
      body_read_ = true;
      co_return std::string_view();
    }
    if (step.state == ChunkedDecoder::State::kNeedMore) {
      some_in_raw_ = true;
      source = &raw_;
      raw_.Clear();
      if (raw_.room().size() < kSomeBytes) {
        raw_.Reserve(kSomeBytes);
      }
      SB_CO_CHECK_OK(co_await FillMore(raw_, some_));
    }
  }
}

async::Task<Status> ServerExchange::ReadSized(std::uint64_t limit) {
  const std::uint64_t length = state_.head.content_length;
  if (length > limit) {
    co_return Fail(ErrorCode::kPayloadTooLarge,
                   fmt::format("the body has {} bytes, at most {} are taken", length, limit));
  }
  const auto size = static_cast<std::size_t>(length);
  SB_CO_CHECK_OK(co_await SendContinue());
  if (input_.size() + input_.room().size() >= size) {
    while (input_.size() < size) {
      SB_CO_CHECK_OK(co_await FillMore(input_, input_.size()));
    }
    body_ = input_.bytes().substr(0, size);
    in_place_ = size;
    co_return Status{};
  }
  // The head's views stay in `input_`; the body gets a block of just its size.
  body_buffer_.Reserve(size);
  body_buffer_.Append(input_.bytes());
  input_.Consume(input_.size());
  while (body_buffer_.size() < size) {
    const std::span<char> room = body_buffer_.room().first(size - body_buffer_.size());
    SB_CO_TRY(const std::size_t got,
              Came(co_await stream_.Read(room, BodyDeadline(body_buffer_.size()))));
    body_buffer_.Commit(got);
  }
  body_ = body_buffer_.bytes();
  co_return Status{};
}

async::Task<Status> ServerExchange::ReadChunked(std::uint64_t limit) {
  SB_CO_CHECK_OK(co_await SendContinue());
  ChunkedDecoder decoder;
  Buffer* source = &input_;
  while (true) {
    const ChunkedDecoder::Step step = decoder.Next(source->bytes());
    if (step.state == ChunkedDecoder::State::kBad) {
      co_return Fail(ErrorCode::kInvalidRequest, "the chunked body is malformed");
    }
    // A size beyond the limit is refused at its size line. No sum, because that could overflow.
    const std::uint64_t room = limit - body_buffer_.size();
    if (step.data.size() > room || decoder.announced() > room - step.data.size()) {
      co_return Fail(ErrorCode::kPayloadTooLarge,
                     fmt::format("the body has more than {} bytes", limit));
    }
    if (!step.data.empty()) {
      // Twice the size when it must grow, so that bytes are moved seldom.
      if (body_buffer_.room().size() < step.data.size()) {
        body_buffer_.Reserve(std::max(step.data.size(), body_buffer_.size()));
      }
      body_buffer_.Append(step.data);
    }
    source->Consume(step.consumed);
    if (step.state == ChunkedDecoder::State::kEnd) {
      break;
    }
    if (step.state == ChunkedDecoder::State::kNeedMore) {
      source = &raw_;
      raw_.Clear();
      SB_CO_CHECK_OK(co_await FillMore(raw_, body_buffer_.size()));
    }
  }
  body_ = body_buffer_.bytes();
  co_return Status{};
}

Deadline ServerExchange::BodyDeadline(std::uint64_t received) {
  return {arrived_ + server_.options().timeouts.body +
              std::chrono::seconds(received / kSlowestBytesPerSecond),
          &cancellation_};
}

async::Task<Status> ServerExchange::FillMore(Buffer& into, std::uint64_t received) {
  if (into.room().empty()) {
    into.Reserve(kSmallBlock);
  }
  SB_CO_TRY(const std::size_t got,
            Came(co_await stream_.Read(into.room(), BodyDeadline(received))));
  into.Commit(got);
  co_return Status{};
}

async::Task<Status> ServerExchange::SendContinue() {
  if (!state_.head.expect_continue || !input_.empty() || continued_) {
    co_return Status{};
  }
  continued_ = true;
  state_.pieces.clear();
  Push(std::string_view("HTTP/1.1 100 Continue\r\n\r\n").substr(std::exchange(early_, 0)));
  co_return co_await Flush();
}

Status ServerExchange::DecodeBody(std::uint64_t limit) {
  const Field* field = state_.head.fields.Find("content-encoding");
  if (field == nullptr) {
    return {};
  }
  const auto coding = ParseCoding(field->value);
  if (!coding) {
    return Fail(ErrorCode::kInvalidRequest,
                "content-encoding is not known: gzip, deflate, br and zstd are");
  }
  const auto decoder = Decoder::Create(*coding, {.max_output = limit});
  if (decoder == nullptr) {
    return {};
  }
  SB_CHECK_OK(decoder->Decode(body_, decoded_));
  if (!decoder->finished()) {
    return Fail(ErrorCode::kInvalidRequest, "the compressed body is cut short");
  }
  body_ = decoded_;
  body_buffer_.Release();
  return {};
}

void ServerExchange::FreeBody(std::size_t above) {
  if (body_.size() <= above) {
    return;
  }
  body_buffer_.Release();
  decoded_ = std::string();  // `= {}` would keep the memory
  body_ = {};
}

}  // namespace signalbox::net
