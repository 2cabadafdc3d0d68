#include "vendors/providers/sim/embedding.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>

#include "vendors/providers/sim/base64.h"
#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

constexpr int kPlaces = 4;  // per feature
constexpr float kWordWeight = 1.0F;
constexpr float kPartWeight = 0.3F;

void AddFeature(std::string_view feature, float weight, std::vector<float>& vector) {
  std::uint64_t hash = HashText(feature, 0);
  for (int i = 0; i < kPlaces; ++i) {
    hash = Mix(hash, static_cast<std::uint64_t>(i));
    vector[(hash >> 1) % vector.size()] += (hash & 1) != 0 ? weight : -weight;
  }
}

void AddWord(std::string_view word, std::vector<float>& vector) {
  AddFeature(word, kWordWeight, vector);
  for (std::size_t i = 0; i + 3 < word.size(); ++i) {
    AddFeature(word.substr(i, 3), kPartWeight, vector);
  }
}

bool IsWordByte(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

// To length 1. What adds up to nothing (no words, or words that cancel out) points one fixed way.
void Normalise(std::vector<float>& vector) {
  double squares = 0;
  for (const float x : vector) {
    squares += static_cast<double>(x) * x;
  }
  if (squares == 0) {
    vector[0] = 1;
    return;
  }
  const auto scale = static_cast<float>(1 / std::sqrt(squares));
  for (float& x : vector) {
    x *= scale;
  }
}

}  // namespace

std::vector<float> Embed(std::string_view text, std::size_t dimensions) {
  std::vector<float> vector(dimensions, 0.0F);
  std::string word;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (IsWordByte(static_cast<unsigned char>(lower))) {
      word += lower;
    } else if (!word.empty()) {
      AddWord(word, vector);
      word.clear();
    }
  }
  if (!word.empty()) {
    AddWord(word, vector);
  }
  Normalise(vector);
  return vector;
}

void AppendNumbers(std::string& out, const std::vector<float>& vector) {
  out.reserve(out.size() + vector.size() * 14);
  char separator = '[';
  for (const float x : vector) {
    out += std::exchange(separator, ',');
    if (x == 0) {
      out += '0';
    } else {
      fmt::format_to(std::back_inserter(out), "{}", x);
    }
  }
  out += ']';
}

void AppendPacked(std::string& out, const std::vector<float>& vector) {
  static_assert(std::endian::native == std::endian::little);
  out += '"';
  AppendBase64(out, {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)});
  out += '"';
}

}  // namespace signalbox::sim
