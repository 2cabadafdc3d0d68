// Whatever the bytes are: no crash; the same count twice; at least one token for any text, at most
// one per byte; pieces that add up to the text; the tokens of the rule for each.
#include <cstdlib>

#include "vendors/tokens/estimate.h"
#include "vendors/tokens/merge.h"
#include "vendors/tokens/repair.h"
#include "vendors/tokens/scanner.h"
#include "vendors/tokens/text.h"
#include "vendors/tokens/vocabulary_testing.h"

namespace signalbox::tokens {
namespace {

constexpr std::size_t kSlowlyComparable = 300;  // bytes: MergeByTheRule is quadratic and worse

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

std::size_t CountPieces(const Vocabulary& vocabulary, Encoding encoding, std::string_view text) {
  const Ranks& ranks = vocabulary.Of(encoding);
  std::size_t bytes = 0;
  std::size_t tokens = 0;
  Scanner scanner(encoding, text);
  for (auto piece = scanner.Next(); !piece.empty(); piece = scanner.Next()) {
    Require(piece.data() == text.data() + bytes);
    bytes += piece.size();
    const std::size_t count = CountPiece(ranks, piece);
    tokens += count;
    if (piece.size() <= kSlowlyComparable && ranks.Find(piece) == kNoRank) {
      Require(MergeByTheRule(ranks, piece).size() == count);
    }
  }
  Require(bytes == text.size());
  return tokens;
}

void Check(const Vocabulary& vocabulary, std::string_view text) {
  const std::string repaired = RepairUtf8(text);
  for (const Encoding encoding : kEncodings) {
    const std::size_t tokens = CountText(vocabulary, encoding, text);
    Require(tokens == CountText(vocabulary, encoding, repaired));
    Require(tokens == CountPieces(vocabulary, encoding, repaired));
    Require(tokens <= repaired.size() && (tokens > 0 || text.empty()));
    Require(EncodeText(vocabulary, encoding, text).size() == tokens);
  }
  for (std::size_t family = 0; family < kFamilies; ++family) {
    const std::size_t tokens = Estimate(static_cast<Family>(family), text);
    Require(tokens <= text.size() && (tokens > 0 || text.empty()));
  }
}

}  // namespace
}  // namespace signalbox::tokens

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signalbox::tokens;
  static const auto built = BuiltVocabulary();
  static const SmallVocabulary small({"ab", "bc", "aa", " a", "abc", "  ", "'s", "\xC3\xA9"});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Check(*small.result(), text);
  if (built) {
    Check(*built, text);
  }
  return 0;
}
