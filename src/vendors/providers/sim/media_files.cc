// A picture and a sound, byte by byte.
#include <array>

#include "vendors/providers/sim/media_answers.h"

namespace signalbox::sim {
namespace {

constexpr std::uint32_t kSamplesPerSecond = 8000;
constexpr std::size_t kMostStored = 65535;  // bytes of a block that is not compressed

void AddBig(std::uint32_t value, std::string& out) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>(value >> shift & 0xFFU);
  }
}

void AddLittle(std::uint32_t value, unsigned bytes, std::string& out) {
  for (unsigned i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xFFU);
  }
}

// CRC-32 as PNG has it, bit by bit: the pictures are tiny.
std::uint32_t Crc(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xEDB88320U : crc >> 1U;
    }
  }
  return ~crc;
}

std::uint32_t Adler(std::string_view bytes) {
  constexpr std::uint32_t kModulus = 65521;
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % kModulus;
    b = (b + a) % kModulus;
  }
  return b << 16U | a;
}

void AddChunk(std::string_view type, std::string_view data, std::string& out) {
  AddBig(static_cast<std::uint32_t>(data.size()), out);
  const std::string typed = std::string(type).append(data);
  out += typed;
  AddBig(Crc(typed), out);
}

// zlib's form without compression.
std::string Stored(std::string_view bytes) {
  std::string out = "\x78\x01";
  const std::uint32_t checksum = Adler(bytes);
  do {
    const std::string_view block = bytes.substr(0, kMostStored);
    bytes.remove_prefix(block.size());
    out += static_cast<char>(bytes.empty() ? 1 : 0);
    const auto size = static_cast<std::uint32_t>(block.size());
    AddLittle(size, 2, out);
    AddLittle(~size, 2, out);
    out += block;
  } while (!bytes.empty());
  AddBig(checksum, out);
  return out;
}

}  // namespace

std::string MakePng(std::uint32_t width, std::uint32_t height, std::uint32_t colour) {
  std::string rows;
  for (std::uint32_t y = 0; y < height; ++y) {
    rows += '\0';  // no filter
    for (std::uint32_t x = 0; x < width; ++x) {
      rows += {static_cast<char>(colour >> 16U & 0xFFU), static_cast<char>(colour >> 8U & 0xFFU),
               static_cast<char>(colour & 0xFFU)};
    }
  }
  std::string head;
  AddBig(width, head);
  AddBig(height, head);
  head += std::string("\x08\x02\x00\x00\x00", 5);  // 8 bits, red green blue
  std::string out = "\x89PNG\r\n\x1a\n";
  AddChunk("IHDR", head, out);
  AddChunk("IDAT", Stored(rows), out);
  AddChunk("IEND", "", out);
  return out;
}

std::string MakeWav(std::size_t samples) {
  constexpr std::size_t kPeriod = 20;  // samples: 400 Hz
  const auto size = static_cast<std::uint32_t>(samples);
  std::string out = "RIFF";
  AddLittle(36 + size + size % 2, 4, out);
  out += "WAVEfmt ";
  AddLittle(16, 4, out);
  AddLittle(1, 2, out);  // plain numbers
  AddLittle(1, 2, out);  // one channel
  AddLittle(kSamplesPerSecond, 4, out);
  AddLittle(kSamplesPerSecond, 4, out);  // bytes per second
  AddLittle(1, 2, out);
  AddLittle(8, 2, out);  // bits
  out += "data";
  AddLittle(size, 4, out);
  for (std::size_t i = 0; i < samples; ++i) {
    out += static_cast<char>(i % kPeriod < kPeriod / 2 ? 160 : 96);
  }
  out.append(size % 2, '\0');
  return out;
}

}  // namespace signalbox::sim
