#include "vendors/dialects/mistral/call_id.h"

#include <algorithm>
#include <cstdint>

namespace signalbox::mistral {
namespace {

constexpr std::size_t kSize = 9;
constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

std::string CallId(std::string_view id) {
  if (id.size() == kSize && id.find_first_not_of(kDigits) == std::string_view::npos) {
    return std::string(id);
  }
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  hash ^= hash >> 32U;  // its low bits are the weak ones
  std::string out(kSize, '0');
  for (char& digit : out) {
    digit = kDigits[hash % kDigits.size()];
    hash /= kDigits.size();
  }
  return out;
}

}  // namespace signalbox::mistral
