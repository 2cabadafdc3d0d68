#include "io/store/redis/command.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace signalbox::store {
namespace {

constexpr int kSlots = 16384;

// CRC-16/XMODEM: polynomial 0x1021, from zero, not reflected.
constexpr std::array<std::uint16_t, 256> MakeCrcTable() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
    }
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

constexpr std::array<std::uint16_t, 256> kCrcTable = MakeCrcTable();

void AppendBulk(std::string& out, std::string_view text) {
  fmt::format_to(std::back_inserter(out), "${}\r\n", text.size());
  out.append(text).append("\r\n");
}

}  // namespace

Command& Command::Arg(std::string_view text) {
  AppendBulk(tail_, text);
  ++args_;
  return *this;
}

Command& Command::Arg(std::int64_t number) {
  const fmt::format_int text(number);
  return Arg(std::string_view(text.data(), text.size()));
}

Command& Command::Key(std::string_view key) {
  slot_ = KeySlot(key);
  return Arg(key);
}

void Command::AppendTo(std::string& out) const {
  fmt::format_to(std::back_inserter(out), "*{}\r\n", args_);
  out += tail_;
}

void Command::AppendTo(std::string& out, std::string_view how, std::string_view what) const {
  fmt::format_to(std::back_inserter(out), "*{}\r\n", args_ + 3);
  AppendBulk(out, how);
  AppendBulk(out, what);
  AppendBulk(out, "1");
  out += tail_;
}

int KeySlot(std::string_view key) {
  const std::size_t open = key.find('{');
  if (open != std::string_view::npos) {
    const std::size_t close = key.find('}', open + 1);
    if (close != std::string_view::npos && close != open + 1) {
      key = key.substr(open + 1, close - open - 1);
    }
  }
  unsigned crc = 0;
  for (const char byte : key) {
    const unsigned index = ((crc >> 8) ^ static_cast<unsigned char>(byte)) & 0xff;
    crc = ((crc << 8) ^ kCrcTable[index]) & 0xffff;
  }
  return static_cast<int>(crc % kSlots);
}

}  // namespace signalbox::store
