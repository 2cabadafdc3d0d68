#include "vendors/tokens/scanner.h"

namespace signalbox::tokens {
namespace {

constexpr char32_t kLongS = 0x17F;  // ſ, which equals s when case is ignored

bool IsLineEnd(char32_t point) {
  return point == '\n' || point == '\r';
}

// [^\r\n\p{L}\p{N}]: may stand before a word and belong to it.
bool MayLead(Glyph glyph) {
  return glyph.size > 0 && !IsLetter(glyph.kind) && glyph.kind != CharClass::kNumber &&
         !IsLineEnd(glyph.point);
}

// [^\s\p{L}\p{N}]
bool IsSign(Glyph glyph) {
  return glyph.size > 0 && (glyph.kind == CharClass::kOther || glyph.kind == CharClass::kMark);
}

bool GoesWithBoth(CharClass c) {
  return c == CharClass::kLetter || c == CharClass::kMark;
}

char32_t Lower(char32_t point) {
  return point == kLongS ? U's' : point >= 'A' && point <= 'Z' ? point + 32 : point;
}

}  // namespace

std::string_view Scanner::Next() {
  const std::size_t begin = at_;
  const Glyph first = GlyphAt(text_, begin);
  if (first.size == 0) {
    return {};
  }
  std::size_t end = 0;
  if (encoding_ == Encoding::kCl100k) {
    end = Contraction(begin);
    end = end != 0 ? end : AnyWord(begin, first);
  } else {
    end = CasedWord(begin, first);
  }
  if (end == 0) {
    end = first.kind == CharClass::kNumber ? Digits(begin) : Signs(begin, first);
  }
  at_ = end != 0 ? end : Space(begin);
  return text_.substr(begin, at_ - begin);
}

std::size_t Scanner::AnyWord(std::size_t begin, Glyph first) const {
  std::size_t end = MayLead(first) ? begin + first.size : begin;
  const std::size_t letters = end;
  for (Glyph glyph = GlyphAt(text_, end); IsLetter(glyph.kind); glyph = GlyphAt(text_, end)) {
    end += glyph.size;
  }
  return end > letters ? end : 0;
}

std::size_t Scanner::CasedWord(std::size_t begin, Glyph first) const {
  std::size_t end = MayLead(first) ? CasedLetters(begin + first.size) : 0;
  end = end != 0 ? end : CasedLetters(begin);
  if (end == 0) {
    return 0;
  }
  const std::size_t contraction = Contraction(end);
  return contraction != 0 ? contraction : end;
}

// [upper]*[lower]+ or else [upper]+, where letters without case and marks belong to both. When no
// lower-case character follows the run of upper-case ones, the last character of the run that
// belongs to both stands for it.
std::size_t Scanner::CasedLetters(std::size_t begin) const {
  std::size_t end = begin;
  std::size_t last_of_both = 0;
  Glyph glyph = GlyphAt(text_, end);
  for (; glyph.kind == CharClass::kUpper || GoesWithBoth(glyph.kind); glyph = GlyphAt(text_, end)) {
    end += glyph.size;
    last_of_both = GoesWithBoth(glyph.kind) ? end : last_of_both;
  }
  if (glyph.kind != CharClass::kLower) {
    return last_of_both != 0 ? last_of_both : end > begin ? end : 0;
  }
  for (; glyph.kind == CharClass::kLower || GoesWithBoth(glyph.kind); glyph = GlyphAt(text_, end)) {
    end += glyph.size;
  }
  return end;
}

// 's 't 're 've 'm 'll 'd, in either case.
std::size_t Scanner::Contraction(std::size_t begin) const {
  if (begin >= text_.size() || text_[begin] != '\'') {
    return 0;
  }
  const Glyph first = GlyphAt(text_, begin + 1);
  const char32_t one = Lower(first.point);
  const std::size_t after = begin + 1 + first.size;
  if (one == 's' || one == 't' || one == 'm' || one == 'd') {
    return after;
  }
  const Glyph second = GlyphAt(text_, after);
  const char32_t two = Lower(second.point);
  const bool pair =
      (one == 'r' && two == 'e') || (one == 'v' && two == 'e') || (one == 'l' && two == 'l');
  return pair ? after + second.size : 0;
}

std::size_t Scanner::Digits(std::size_t begin) const {
  std::size_t end = begin;
  for (int i = 0; i < 3; ++i) {
    const Glyph glyph = GlyphAt(text_, end);
    if (glyph.size == 0 || glyph.kind != CharClass::kNumber) {
      break;
    }
    end += glyph.size;
  }
  return end;
}

std::size_t Scanner::Signs(std::size_t begin, Glyph first) const {
  std::size_t end = first.point == ' ' ? begin + 1 : begin;
  const std::size_t signs = end;
  for (Glyph glyph = GlyphAt(text_, end); IsSign(glyph); glyph = GlyphAt(text_, end)) {
    end += glyph.size;
  }
  if (end == signs) {
    return 0;
  }
  const char slash = encoding_ == Encoding::kO200k ? '/' : '\n';
  while (end < text_.size() && (text_[end] == '\n' || text_[end] == '\r' || text_[end] == slash)) {
    ++end;
  }
  return end;
}

// White space up to its last line end; without one, all but the last character, which belongs to
// what follows; at the end of the text, all of it.
std::size_t Scanner::Space(std::size_t begin) const {
  std::size_t end = begin;
  std::size_t line_end = 0;
  std::size_t last = begin;
  for (Glyph glyph = GlyphAt(text_, end); glyph.kind == CharClass::kSpace;
       glyph = GlyphAt(text_, end)) {
    last = end;
    end += glyph.size;
    line_end = IsLineEnd(glyph.point) ? end : line_end;
  }
  if (line_end != 0) {
    return line_end;
  }
  return end == text_.size() || last == begin ? end : last;
}

}  // namespace signalbox::tokens
