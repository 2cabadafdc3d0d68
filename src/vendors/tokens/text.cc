#include "vendors/tokens/text.h"

#include <string>

#include "base/json/utf8.h"
#include "vendors/tokens/merge.h"
#include "vendors/tokens/repair.h"
#include "vendors/tokens/scanner.h"

namespace signalbox::tokens {
namespace {

template <typename Visit>
void ForEachPiece(Encoding encoding, std::string_view text, Visit visit) {
  std::string repaired;
  if (!json::IsUtf8(text)) {
    repaired = RepairUtf8(text);
    text = repaired;
  }
  Scanner scanner(encoding, text);
  for (auto piece = scanner.Next(); !piece.empty(); piece = scanner.Next()) {
    visit(piece);
  }
}

}  // namespace

std::size_t CountText(const Vocabulary& vocabulary, Encoding encoding, std::string_view text) {
  const Ranks& ranks = vocabulary.Of(encoding);
  std::size_t tokens = 0;
  ForEachPiece(encoding, text, [&](std::string_view piece) { tokens += CountPiece(ranks, piece); });
  return tokens;
}

std::vector<Rank> EncodeText(const Vocabulary& vocabulary, Encoding encoding,
                             std::string_view text) {
  const Ranks& ranks = vocabulary.Of(encoding);
  std::vector<Rank> tokens;
  ForEachPiece(encoding, text, [&](std::string_view piece) {
    const auto part = EncodePiece(ranks, piece);
    tokens.insert(tokens.end(), part.begin(), part.end());
  });
  return tokens;
}

}  // namespace signalbox::tokens
