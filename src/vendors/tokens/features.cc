#include "vendors/tokens/features.h"

#include <algorithm>
#include <string>

#include "base/json/utf8.h"
#include "vendors/tokens/repair.h"
#include "vendors/tokens/scanner.h"

namespace signalbox::tokens {
namespace {

struct Script {
  char32_t first;
  char32_t last;
  Feature feature;
};

constexpr Script kScripts[] = {
    {0x00AA, 0x02FF, Feature::kAccented},   {0x0300, 0x036F, Feature::kAccented},
    {0x0370, 0x03FF, Feature::kGreek},      {0x0400, 0x052F, Feature::kCyrillic},
    {0x0590, 0x05FF, Feature::kHebrew},     {0x0600, 0x08FF, Feature::kArabic},
    {0x0900, 0x097F, Feature::kDevanagari}, {0x0980, 0x0DFF, Feature::kIndic},
    {0x0E00, 0x109F, Feature::kThai},       {0x1100, 0x11FF, Feature::kHangul},
    {0x1780, 0x17FF, Feature::kThai},       {0x1E00, 0x1EFF, Feature::kAccented},
    {0x1F00, 0x1FFF, Feature::kGreek},      {0x3005, 0x3007, Feature::kHan},
    {0x3040, 0x30FF, Feature::kKana},       {0x3400, 0x9FFF, Feature::kHan},
    {0xAC00, 0xD7FF, Feature::kHangul},     {0xF900, 0xFAFF, Feature::kHan},
    {0x20000, 0x3FFFF, Feature::kHan},
};

Feature FeatureOf(Glyph glyph) {
  const bool ascii = glyph.point < 0x80;
  switch (glyph.kind) {
    case CharClass::kNumber:
      return Feature::kDigits;
    case CharClass::kOther:
      return ascii ? Feature::kSigns : Feature::kSymbols;
    default:
      break;
  }
  if (ascii) {
    return Feature::kAscii;
  }
  for (const Script& script : kScripts) {
    if (glyph.point >= script.first && glyph.point <= script.last) {
      return script.feature;
    }
  }
  return Feature::kOtherScript;
}

void Add(Feature feature, Features& features) {
  ++features[static_cast<std::size_t>(feature)];
}

void AddPiece(std::string_view piece, Features& features) {
  bool latin = false;
  bool number = false;
  bool letter = false;
  bool sign = false;
  for (std::size_t at = 0; at < piece.size();) {
    const Glyph glyph = GlyphAt(piece, at);
    at += glyph.size;
    if (glyph.kind == CharClass::kSpace) {
      continue;
    }
    const Feature feature = FeatureOf(glyph);
    Add(feature, features);
    latin = latin || feature == Feature::kAscii || feature == Feature::kAccented;
    number = number || feature == Feature::kDigits;
    sign = sign || feature == Feature::kSigns || feature == Feature::kSymbols;
    letter = letter || IsLetter(glyph.kind);
  }
  if (latin) {
    Add(Feature::kWords, features);
  } else if (number) {
    Add(Feature::kNumbers, features);
  } else if (!letter) {
    Add(sign ? Feature::kSignRuns : Feature::kSpaceRuns, features);
  }
}

}  // namespace

Features FeaturesOf(std::string_view text) {
  std::string repaired;
  if (!json::IsUtf8(text)) {
    repaired = RepairUtf8(text);
    text = repaired;
  }
  Features features{};
  Scanner scanner(Encoding::kO200k, text);
  for (auto piece = scanner.Next(); !piece.empty(); piece = scanner.Next()) {
    AddPiece(piece, features);
  }
  // English has next to none; one accent in 50 letters is a text in another language.
  const auto of = [&](Feature feature) -> std::size_t& {
    return features[static_cast<std::size_t>(feature)];
  };
  of(Feature::kForeign) = std::min(of(Feature::kAscii), of(Feature::kAccented) * 50);
  return features;
}

}  // namespace signalbox::tokens
