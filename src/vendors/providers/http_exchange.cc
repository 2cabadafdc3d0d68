#include "vendors/providers/http_exchange.h"

#include <fmt/format.h>

#include <cctype>
#include <utility>

namespace signalbox::providers {
namespace {

using async::Deadline;
using core::ErrorCode;
using core::Fail;
using core::Status;
using net::Stream;

constexpr int kInterimAnswers = 8;  // 1xx before the answer, at most
const net::HeadLimits kAnswerHeadLimits{.head_bytes = 64 * 1024, .fields = net::kMaxFields};

iovec Piece(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

// As one step of a path, whatever the caller has put into it.
void AddEncoded(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const bool dots = text.find_first_not_of('.') == std::string_view::npos;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '~';
    if (plain || (c == '.' && !dots)) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
}

}  // namespace

HttpExchange::HttpExchange(HttpUpstream& upstream)
    : upstream_(upstream), scratch_(upstream.scratch_.Take()) {}

HttpExchange::~HttpExchange() {
  if (unsent_ && connection_ != nullptr) {
    connection_->stream().ResetOnClose();  // the upstream need not take the rest
  } else if (ended_ && connection_ != nullptr && scratch_->head.keep_alive) {
    connection_->input().Consume(used_);
    upstream_.client_.GiveBack(std::move(connection_));
  }
  upstream_.scratch_.Give(std::move(scratch_));
}

async::Task<core::Result<UpstreamHead>> HttpExchange::Send(const UpstreamRequest& request,
                                                           Deadline deadline) {
  const bool again = std::exchange(crossed_, false);
  eof_ = unsent_ = false;
  // A body that can be sent once goes out on a connection that nobody is about to close.
  connection_ = again || request.source != nullptr ? nullptr : upstream_.client_.TakeKept();
  if (connection_ == nullptr) {
    SB_CO_TRY(connection_, co_await upstream_.client_.Connect(deadline));
  }
  WriteHead(request);
  if (const Status exchanged = co_await Exchanged(request, deadline); !exchanged) {
    // Closed by the upstream at the same moment, without a byte of an answer.
    crossed_ = connection_->reused() && connection_->input().empty() && interim_ == 0 &&
               exchanged.error().code == ErrorCode::kUpstreamFailed;
    co_return std::unexpected(exchanged.error());
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
  out += upstream_.path_;
  if (upstream_.after_model_) {
    AddEncoded(request.model, out);
    out += *upstream_.after_model_;
  }
  out += request.path;
  if (!upstream_.provider_.query.empty()) {
    out += request.path.find('?') == request.path.npos ? '?' : '&';
    out.append(upstream_.provider_.query, 1);
  }
  const std::size_t target_end = out.size();
  out += " HTTP/1.1\r\n";
  out += upstream_.fixed_fields_;
  out += upstream_.key_fields_[request.key];
  if (upstream_.aws_) {
    const std::size_t target = request.method.size() + 1;
    Sign(request, out.substr(target, target_end - target));
  }
  out += request.fields;
  out += "content-type: ";
  out += request.content_type;
  out += "\r\naccept: ";
  out += request.accept;
  out += "\r\nx-request-id: ";
  out += request.request_id;
  out += "\r\nx-signalbox-hop: ";
  out += request.hops;
  if (request.source != nullptr && !request.source->size()) {
    out += "\r\ntransfer-encoding: chunked\r\n\r\n";
    return;
  }
  out += "\r\ncontent-length: ";
  const fmt::format_int digits(request.source != nullptr ? *request.source->size()
                                                         : request.body_bytes);
  out.append(digits.data(), digits.size());
  out += "\r\n\r\n";
}

// AWS wants to know who sends just this body to just this path.
void HttpExchange::Sign(const UpstreamRequest& request, const std::string& target) {
  const core::WallTime now = upstream_.client_.loop().wall_now();
  if (!upstream_.signing_ || !upstream_.signing_->GoodFor(now)) {
    upstream_.signing_ = net::SigningKey::Derive(*upstream_.aws_, now);
  }
  const std::string host = upstream_.client_.origin().HostField();
  const std::string payload = net::Sha256Hex(request.body);
  const std::string_view all = target;
  const std::size_t query = std::min(all.find('?'), all.size());
  net::AppendSigned(*upstream_.aws_, *upstream_.signing_,
                    {.method = request.method,
                     .host = host,
                     .path = all.substr(0, query),
                     .query = all.substr(std::min(query + 1, all.size())),
                     .payload_sha256 = payload},
                    now, scratch_->out);
}

async::Task<Status> HttpExchange::Exchanged(const UpstreamRequest& request, Deadline deadline) {
  std::vector<iovec>& pieces = scratch_->pieces;
  pieces.clear();
  pieces.push_back(Piece(scratch_->out));
  for (const std::string_view piece :
       request.source != nullptr ? std::span<const std::string_view>() : request.body) {
    pieces.push_back(Piece(piece));
  }
  std::span<iovec> rest(pieces);
  const Stream::IoResult written = connection_->stream().TryWrite(rest);
  if (written.io == Stream::Io::kWouldBlock) {
    SB_CO_TRY(const bool answered, co_await WriteRest(rest, deadline));
    unsent_ = !rest.empty();
    if (answered) {
      co_return Status{};
    }
  }
  if (request.source != nullptr) {
    co_return co_await SendSource(*request.source, deadline);
  }
  // On a connection that broke there may still be an answer that says why.
  co_return co_await ReadHead(deadline);
}

// Sends a body as it comes, until its end or until the upstream has answered.
async::Task<Status> HttpExchange::SendSource(BodySource& source, Deadline deadline) {
  const bool chunked = !source.size();
  char line[net::kChunkLineSize];
  std::vector<iovec>& pieces = scratch_->pieces;
  unsent_ = true;
  while (unsent_) {
    SB_CO_TRY(const std::string_view bytes, co_await source.Next());
    unsent_ = !bytes.empty();
    pieces.clear();
    if (chunked) {
      pieces.push_back(Piece(unsent_ ? net::ChunkLine(bytes.size(), line) : "0\r\n"));
    }
    if (unsent_) {
      pieces.push_back(Piece(bytes));
    } else if (!chunked) {
      break;
    }
    if (chunked) {
      pieces.push_back(Piece("\r\n"));
    }
    std::span<iovec> rest(pieces);
    SB_CO_TRY(const bool answered, co_await WriteRest(rest, deadline));
    if (answered) {
      unsent_ = unsent_ || !rest.empty();
      co_return Status{};
    }
    if (!rest.empty()) {
      break;  // the connection broke: there may be an answer that says why
    }
    if (unsent_ && connection_->stream().watch().readable()) {
      const Stream::Io filled = FillNow();
      if (const std::optional<Status> head = ParseHead()) {
        co_return *head;
      }
      if (filled == Stream::Io::kEnd || filled == Stream::Io::kBroken) {
        break;
      }
    }
  }
  co_return co_await ReadHead(deadline);
}

// Writes on and listens meanwhile: an upstream may refuse a long body before it has taken it, and
// close. True when the answer's head came first.
async::Task<core::Result<bool>> HttpExchange::WriteRest(std::span<iovec>& rest, Deadline deadline) {
  while (true) {
    const Status wrote = co_await connection_->stream().WriteRest(
        rest, upstream_.client_.options().write, deadline, true);
    if (!wrote && wrote.error().code != ErrorCode::kUpstreamFailed) {
      co_return std::unexpected(wrote.error());
    }
    if (!wrote || rest.empty()) {
      co_return false;
    }
    const Stream::Io filled = FillNow();
    if (filled == Stream::Io::kEnd || filled == Stream::Io::kBroken) {
      co_return false;  // ReadHead finds the same
    }
    if (const std::optional<Status> head = ParseHead()) {
      SB_CO_CHECK_OK(*head);
      co_return true;
    }
  }
}

// What the input holds of the answer's head: all of it, something wrong, or not enough yet.
std::optional<Status> HttpExchange::ParseHead() {
  net::Buffer& input = connection_->input();
  while (!input.empty() && interim_ <= kInterimAnswers) {
    const net::HeadResult result =
        net::ParseAnswerHead(input.bytes(), kAnswerHeadLimits, scanned_, false, scratch_->head);
    if (result.state == net::HeadState::kRejected) {
      return Fail(ErrorCode::kUpstreamProtocol,
                  "the upstream's answer is malformed: " + std::string(result.rejection.reason));
    }
    if (result.state == net::HeadState::kIncomplete) {
      return std::nullopt;
    }
    input.Consume(result.consumed);
    if (scratch_->head.status >= 200) {
      return Status{};
    }
    ++interim_;
    scanned_ = 0;
  }
  if (interim_ > kInterimAnswers) {
    return Fail(ErrorCode::kUpstreamProtocol, "the upstream sent too many interim answers");
  }
  return std::nullopt;
}

async::Task<Status> HttpExchange::ReadHead(Deadline deadline) {
  const Deadline first = deadline.Earlier(upstream_.client_.loop().now() +
                                          upstream_.provider_.options.timeouts.first_byte);
  std::optional<Status> head = ParseHead();
  while (!head) {
    Stream::Io filled = FillNow();
    while (filled == Stream::Io::kWouldBlock) {
      const async::Wake wake = co_await connection_->stream().watch().Readable(first);
      if (wake != async::Wake::kReady) {
        co_return std::unexpected(async::ToError(wake));
      }
      filled = FillNow();
    }
    if (filled != Stream::Io::kDone) {
      co_return Fail(ErrorCode::kUpstreamFailed,
                     "the upstream closed the connection before the end of the answer's head");
    }
    head = ParseHead();
  }
  co_return *std::move(head);
}

// Reads what the socket has, or nothing when there is nothing yet. Sets eof_ at the end.
Stream::Io HttpExchange::FillNow() {
  net::Buffer& input = connection_->input();
  if (input.room().empty()) {
    input.Reserve(net::kSmallBlock);
  }
  const Stream::IoResult read = connection_->stream().ReadNow(input.room());
  input.Commit(read.bytes);
  eof_ = read.io == Stream::Io::kEnd;
  return read.io;
}

}  // namespace signalbox::providers
