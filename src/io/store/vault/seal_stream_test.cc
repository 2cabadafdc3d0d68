#include "io/store/vault/seal_stream.h"

#include <gtest/gtest.h>

#include "base/core/random.h"

namespace signalbox::vault {
namespace {

const DataKeyPointer& Key() {
  static const DataKeyPointer key =
      std::make_shared<const DataKey>(DataKeyId{}, "episodes", SecretKey::New());
  return key;
}

std::string Text(std::size_t size) {
  core::Random random(size);
  std::string text(size, '\0');
  for (char& c : text) {
    c = static_cast<char>(random.Next());
  }
  return text;
}

std::string Sealed(std::string_view text, std::size_t piece, std::string_view associated = "key") {
  StreamSealer sealer(Key(), associated);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    sealer.Next(text.substr(at, piece), out);
  }
  sealer.End(out);
  return out;
}

// Nothing when it does not open; `out` is what came out until then.
bool Opens(std::string_view sealed, std::size_t piece, std::string& out,
           std::string_view associated = "key") {
  out.clear();
  const std::string_view head = sealed.substr(0, kHeadBytes);
  StreamOpener opener(Key(), head, associated);
  sealed.remove_prefix(head.size());
  for (std::size_t at = 0; at < sealed.size(); at += piece) {
    if (!opener.Next(sealed.substr(at, piece), out)) {
      return false;
    }
  }
  return opener.End(out).has_value();
}

constexpr std::size_t kSizes[] = {
    0, 1, 100, kChunkBytes - 1, kChunkBytes, kChunkBytes + 1, 3 * kChunkBytes, 3 * kChunkBytes + 5};

TEST(SealStream, OpensWhatWasSealedInAnyPieces) {
  for (const std::size_t size : kSizes) {
    const std::string text = Text(size);
    for (const std::size_t piece : {std::size_t{1000}, kChunkBytes, kChunkBytes + 17, size + 1}) {
      const std::string sealed = Sealed(text, piece);
      EXPECT_EQ(sealed.size(), StreamSize(size));
      std::string out;
      ASSERT_TRUE(Opens(sealed, piece, out)) << size << " in pieces of " << piece;
      EXPECT_TRUE(out == text);
    }
  }
}

TEST(SealStream, KnowsItsSizesBothWays) {
  for (const std::size_t size : kSizes) {
    EXPECT_EQ(PlainSize(StreamSize(size)), size);
  }
  for (std::uint64_t sealed = 0; sealed < kHeadBytes + kChunkOverhead; ++sealed) {
    EXPECT_FALSE(PlainSize(sealed));
  }
  EXPECT_FALSE(PlainSize(StreamSize(kChunkBytes) + 1));
  EXPECT_FALSE(PlainSize(StreamSize(kChunkBytes) + kChunkOverhead));
  EXPECT_TRUE(PlainSize(StreamSize(kChunkBytes) + kChunkOverhead + 1));
}

TEST(SealStream, DoesNotOpenCutAnywhere) {
  const std::string sealed = Sealed(Text(2 * kChunkBytes + 10), 1 << 20);
  const std::size_t chunk = kChunkBytes + kChunkOverhead;
  std::string out;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kHeadBytes - 1, kHeadBytes,
                                 kHeadBytes + 5, kHeadBytes + chunk, kHeadBytes + 2 * chunk,
                                 kHeadBytes + 2 * chunk + 17, sealed.size() - 1}) {
    EXPECT_FALSE(Opens(std::string_view(sealed).substr(0, size), 4096, out)) << size;
  }
  EXPECT_FALSE(Opens(sealed + "x", 4096, out));
  EXPECT_FALSE(Opens(sealed + sealed.substr(kHeadBytes), 4096, out));
}

TEST(SealStream, DoesNotOpenChangedAnywhere) {
  const std::string sealed = Sealed(Text(kChunkBytes + 10), 1 << 20);
  std::string out;
  for (std::size_t at = 0; at < sealed.size();
       at += at < 100 || at + 100 > sealed.size() ? 1 : 997) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    ASSERT_FALSE(Opens(changed, 1 << 20, out)) << at;
  }
}

TEST(SealStream, ChunksCannotChangePlaces) {
  std::string sealed = Sealed(Text(3 * kChunkBytes), 1 << 20);
  const std::size_t chunk = kChunkBytes + kChunkOverhead;
  std::swap_ranges(sealed.begin() + kHeadBytes,
                   sealed.begin() + static_cast<std::ptrdiff_t>(kHeadBytes + chunk),
                   sealed.begin() + static_cast<std::ptrdiff_t>(kHeadBytes + chunk));
  std::string out;
  EXPECT_FALSE(Opens(sealed, 1 << 20, out));
  EXPECT_TRUE(out.empty());
}

TEST(SealStream, OpensOnlyWhereItBelongs) {
  const std::string sealed = Sealed("text", 10, "episodes/a.json");
  std::string out;
  EXPECT_FALSE(Opens(sealed, 10, out, "episodes/b.json"));
  EXPECT_TRUE(Opens(sealed, 10, out, "episodes/a.json"));
}

}  // namespace
}  // namespace signalbox::vault
