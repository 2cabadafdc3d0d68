#include "io/net/event_stream.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

namespace signalbox::net {
namespace {

using core::ErrorCode;
using core::Fail;
using core::Result;

constexpr std::size_t kPrelude = 12;
constexpr std::size_t kChecksum = 4;
constexpr std::size_t kRoomToKeep = 64 * 1024;

std::uint32_t Checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::uint32_t ReadNumber(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) {
    number = (number << 8U) | static_cast<unsigned char>(c);
  }
  return number;
}

void WriteNumber(std::uint32_t number, std::size_t size, std::string& out) {
  char bytes[4];
  for (std::size_t i = 0; i < sizeof bytes; ++i) {
    bytes[i] = static_cast<char>((number >> (24U - 8U * static_cast<unsigned>(i))) & 0xffU);
  }
  out.append(bytes + sizeof bytes - size, size);
}

// The types of header values, by their number in the format.
enum class HeaderType : std::uint8_t {
  kTrue,
  kFalse,
  kByte,
  kShort,
  kInteger,
  kLong,
  kBytes,
  kText,
  kTimestamp,
  kUuid,
};

struct Header {
  std::string_view name;
  std::string_view value;
  HeaderType type = HeaderType::kTrue;
};

// Takes a length of `size` bytes and as many bytes as it says off the front.
std::optional<std::string_view> TakeCounted(std::string_view& rest, std::size_t size) {
  if (rest.size() < size || rest.size() - size < ReadNumber(rest.substr(0, size))) {
    return std::nullopt;
  }
  const std::string_view value = rest.substr(size, ReadNumber(rest.substr(0, size)));
  rest.remove_prefix(size + value.size());
  return value;
}

std::optional<std::string_view> TakeFixed(std::string_view& rest, std::size_t size) {
  if (rest.size() < size) {
    return std::nullopt;
  }
  const std::string_view value = rest.substr(0, size);
  rest.remove_prefix(size);
  return value;
}

std::optional<std::string_view> TakeValue(std::string_view& rest, HeaderType type) {
  constexpr std::size_t kSizes[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  if (type == HeaderType::kBytes || type == HeaderType::kText) {
    return TakeCounted(rest, 2);
  }
  return TakeFixed(rest, kSizes[static_cast<std::size_t>(type)]);
}

// Takes the first header off `rest`; nullopt when it is malformed.
std::optional<Header> TakeHeader(std::string_view& rest) {
  const auto name = TakeCounted(rest, 1);
  if (!name || name->empty() || rest.empty() ||
      static_cast<unsigned char>(rest.front()) > static_cast<unsigned char>(HeaderType::kUuid)) {
    return std::nullopt;
  }
  const auto type = static_cast<HeaderType>(rest.front());
  rest.remove_prefix(1);
  const auto value = TakeValue(rest, type);
  return value ? std::optional(Header{*name, *value, type}) : std::nullopt;
}

// `message` has the length that its prelude says.
Result<bool> Open(std::string_view message, EventStreamMessage& out) {
  const std::size_t end = message.size() - kChecksum;
  if (Checksum(message.substr(0, end)) != ReadNumber(message.substr(end))) {
    return Fail(ErrorCode::kUpstreamProtocol, "a message of the event stream has a wrong checksum");
  }
  const std::size_t headers = ReadNumber(message.substr(4, 4));
  for (std::string_view rest = message.substr(kPrelude, headers); !rest.empty();) {
    if (!TakeHeader(rest)) {
      return Fail(ErrorCode::kUpstreamProtocol,
                  "a message of the event stream has malformed headers");
    }
  }
  out.headers = message.substr(kPrelude, headers);
  out.payload = message.substr(kPrelude + headers, end - kPrelude - headers);
  return true;
}

void WriteHeader(std::string_view name, std::string_view value, std::string& out) {
  WriteNumber(static_cast<std::uint32_t>(name.size()), 1, out);
  out += name;
  out += static_cast<char>(HeaderType::kText);
  WriteNumber(static_cast<std::uint32_t>(value.size()), 2, out);
  out += value;
}

void AppendMessage(std::string& out, std::string_view kind_name, std::string_view kind,
                   std::string_view message_type, std::string_view payload) {
  constexpr std::string_view kType = ":content-type";
  constexpr std::string_view kJson = "application/json";
  constexpr std::string_view kMessageType = ":message-type";
  const std::size_t headers = 3 * 4 + kind_name.size() + kind.size() + kType.size() + kJson.size() +
                              kMessageType.size() + message_type.size();
  const std::size_t begin = out.size();
  const std::size_t total = kPrelude + headers + payload.size() + kChecksum;
  if (out.capacity() - begin < total) {
    out.reserve(std::max(2 * out.capacity(), begin + total));
  }
  WriteNumber(static_cast<std::uint32_t>(total), 4, out);
  WriteNumber(static_cast<std::uint32_t>(headers), 4, out);
  WriteNumber(Checksum(std::string_view(out).substr(begin)), 4, out);
  WriteHeader(kind_name, kind, out);
  WriteHeader(kType, kJson, out);
  WriteHeader(kMessageType, message_type, out);
  out += payload;
  WriteNumber(Checksum(std::string_view(out).substr(begin)), 4, out);
}

}  // namespace

std::string_view EventStreamMessage::Header(std::string_view name) const {
  for (std::string_view rest = headers; !rest.empty();) {
    const auto header = TakeHeader(rest);
    if (!header) {
      break;
    }
    if (header->name == name) {
      return header->type == HeaderType::kText ? header->value : std::string_view();
    }
  }
  return {};
}

void EventStreamReader::Feed(std::string_view bytes) {
  if (delivered_) {
    Drop();
  }
  input_ = lost_ ? std::string_view() : bytes;
}

// Forgets what is held, and gives a large room back.
void EventStreamReader::Drop() {
  delivered_ = false;
  total_ = 0;
  held_.clear();
  if (held_.capacity() > kRoomToKeep) {
    std::string().swap(held_);
  }
}

Result<bool> EventStreamReader::Next(EventStreamMessage& out) {
  if (delivered_) {
    Drop();
  }
  const std::size_t skipped = std::min(skip_, input_.size());
  skip_ -= skipped;
  input_.remove_prefix(skipped);
  if (input_.empty()) {
    return false;
  }
  return held_.empty() ? NextWhole(out) : NextHeld(out);
}

// The length of the message that begins with `prelude`, which is taken off the input where the
// message cannot be read.
Result<std::size_t> EventStreamReader::LengthOf(std::string_view prelude) {
  const std::size_t total = ReadNumber(prelude.substr(0, 4));
  const std::size_t headers = ReadNumber(prelude.substr(4, 4));
  const bool fits = total >= kPrelude + kChecksum && headers <= total - kPrelude - kChecksum;
  if (!fits || Checksum(prelude.substr(0, 8)) != ReadNumber(prelude.substr(8, 4))) {
    lost_ = true;
    input_ = {};
    Drop();
    return Fail(ErrorCode::kUpstreamProtocol, "the stream is no event stream");
  }
  if (total > limit_) {
    skip_ = total - held_.size();
    Drop();
    return Fail(ErrorCode::kUpstreamProtocol, "a message of the event stream is too long");
  }
  return total;
}

Result<bool> EventStreamReader::NextWhole(EventStreamMessage& out) {
  if (input_.size() < kPrelude) {
    Hold(kPrelude);
    return false;
  }
  SB_TRY(const std::size_t total, LengthOf(input_.substr(0, kPrelude)));
  if (input_.size() < total) {
    total_ = total;
    Hold(total);
    return false;
  }
  const std::string_view message = input_.substr(0, total);
  input_.remove_prefix(total);
  return Open(message, out);
}

// Moves input into held_ until that has `up_to` bytes; false when there were not enough.
bool EventStreamReader::Hold(std::size_t up_to) {
  const std::string_view part = input_.substr(0, up_to - held_.size());
  held_ += part;
  input_.remove_prefix(part.size());
  return held_.size() == up_to;
}

Result<bool> EventStreamReader::NextHeld(EventStreamMessage& out) {
  if (total_ == 0) {
    if (!Hold(kPrelude)) {
      return false;
    }
    auto total = LengthOf(held_);
    if (!total) {
      return std::unexpected(std::move(total).error());
    }
    total_ = *total;
  }
  if (!Hold(total_)) {
    return false;
  }
  delivered_ = true;
  return Open(held_, out);
}

void AppendEventStreamEvent(std::string& out, std::string_view event_type,
                            std::string_view payload) {
  AppendMessage(out, ":event-type", event_type, "event", payload);
}

void AppendEventStreamException(std::string& out, std::string_view exception_type,
                                std::string_view payload) {
  AppendMessage(out, ":exception-type", exception_type, "exception", payload);
}

}  // namespace signalbox::net
