#include "base/json/keys.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/json/unescape.h"

namespace signalbox::json {
namespace {

// One bit per glance at a key; equal keys without escapes have equal glances.
class KeyFilter {
 public:
  // Whether a key with this glance was added before.
  bool Add(std::uint32_t glance) {
    const std::uint32_t slot = glance * 0x9e3779b1U >> 24U;  // golden ratio, Knuth 6.4
    std::uint64_t& word = words_[slot >> 6U];
    const std::uint64_t bit = std::uint64_t{1} << (slot & 63U);
    const bool seen = (word & bit) != 0;
    word |= bit;
    return seen;
  }

 private:
  std::array<std::uint64_t, 4> words_{};
};

// Length, first, middle and last byte of the key as written.
std::uint32_t Glance(std::string_view text, const Node& key) {
  const std::uint32_t size = key.end - key.begin - 2;
  const auto* quote = reinterpret_cast<const std::uint8_t*>(text.data() + key.begin);
  return size << 24U ^ std::uint32_t{quote[1 + size / 2]} << 16U ^
         std::uint32_t{quote[size]} << 8U ^ quote[1];
}

// The key after `key` in its object: past the key's value.
std::uint32_t NextKey(const Node* nodes, std::uint32_t key) {
  return nodes[key + 1].next;
}

class KeyReader {
 public:
  KeyReader(std::string_view text, const Node* nodes) : text_(text), nodes_(nodes) {}

  // The key's text; a view into `scratch` where there are escapes.
  std::string_view Text(std::uint32_t key, std::string& scratch) const {
    const Node& node = nodes_[key];
    const auto inside = text_.substr(node.begin + 1, node.end - node.begin - 2);
    if (!node.escaped) {
      return inside;
    }
    scratch.clear();
    AppendUnescaped(scratch, inside);
    return scratch;
  }

  int Compare(std::uint32_t a, std::uint32_t b) {
    return Text(a, scratch_a_).compare(Text(b, scratch_b_));
  }

  bool Same(std::uint32_t a, std::uint32_t b) {
    if (!nodes_[a].escaped && !nodes_[b].escaped &&
        nodes_[a].end - nodes_[a].begin != nodes_[b].end - nodes_[b].begin) {
      return false;
    }
    return Compare(a, b) == 0;
  }

  std::uint64_t Hash(std::uint32_t key) {
    const std::string_view text = Text(key, scratch_a_);
    std::uint64_t hash = text.size();
    for (std::size_t at = 0; at < text.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, std::min<std::size_t>(8, text.size() - at));
      hash = HashStep(hash, word);
    }
    return hash;
  }

  std::uint32_t Next(std::uint32_t key) const { return NextKey(nodes_, key); }

 private:
  std::string_view text_;
  const Node* nodes_;
  std::string scratch_a_;
  std::string scratch_b_;
};

std::uint32_t FindAmongFew(KeyReader& reader, std::uint32_t object, std::uint32_t end) {
  std::array<std::uint32_t, kPairwiseKeys> keys;
  std::size_t count = 0;
  for (std::uint32_t key = object + 1; key < end; key = reader.Next(key)) {
    for (std::size_t i = 0; i < count; ++i) {
      if (reader.Same(keys[i], key)) {
        return key;
      }
    }
    keys[count++] = key;
  }
  return 0;
}

// Sorted by hash, and by text where hashes are equal, so that keys made to collide gain nothing.
std::uint32_t FindAmongMany(KeyReader& reader, std::uint32_t object, std::uint32_t end,
                            std::size_t count) {
  struct Entry {
    std::uint64_t hash;
    std::uint32_t key;
  };
  std::vector<Entry> entries;
  entries.reserve(count);
  for (std::uint32_t key = object + 1; key < end; key = reader.Next(key)) {
    entries.push_back({reader.Hash(key), key});
  }
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    return a.hash != b.hash ? a.hash < b.hash : reader.Compare(a.key, b.key) < 0;
  });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Entry& a = entries[i - 1];
    const Entry& b = entries[i];
    if (a.hash == b.hash && reader.Compare(a.key, b.key) == 0) {
      return std::max(a.key, b.key);
    }
  }
  return 0;
}

}  // namespace

std::uint32_t FindDuplicateKey(std::string_view text, const Node* nodes, std::uint32_t object) {
  KeyFilter filter;
  const std::uint32_t end = nodes[object].next;
  bool suspicious = false;
  std::size_t count = 0;
  for (std::uint32_t key = object + 1; key < end; key = NextKey(nodes, key)) {
    suspicious |= filter.Add(Glance(text, nodes[key])) || nodes[key].escaped;
    ++count;
  }
  if (!suspicious) {
    return 0;
  }
  KeyReader reader(text, nodes);
  return count <= kPairwiseKeys ? FindAmongFew(reader, object, end)
                                : FindAmongMany(reader, object, end, count);
}

}  // namespace signalbox::json
