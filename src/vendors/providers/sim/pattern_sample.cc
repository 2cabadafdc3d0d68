#include "vendors/providers/sim/pattern_sample.h"

#include <bitset>

#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

using Characters = std::bitset<128>;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxSize = 64 * 1024;
constexpr std::uint32_t kUnbounded = UINT32_MAX;

void AddRange(Characters& set, char from, char to) {
  for (int c = from; c <= to; ++c) {
    set.set(static_cast<std::size_t>(c));
  }
}

Characters Printable() {
  Characters set;
  AddRange(set, ' ', '~');
  return set;
}

// The set of \d, \w, \s (and, upside down, \D, \W, \S); empty when `c` names none.
Characters NamedSet(char c) {
  Characters set;
  switch (c | 0x20) {
    case 'd':
      AddRange(set, '0', '9');
      break;
    case 'w':
      AddRange(set, '0', '9');
      AddRange(set, 'a', 'z');
      AddRange(set, 'A', 'Z');
      set.set('_');
      break;
    case 's':
      set.set(' ');
      break;
    default:
      return set;
  }
  return (c & 0x20) != 0 ? set : Printable() & ~set;
}

class Sampler {
 public:
  Sampler(std::string_view pattern, std::uint64_t seed, std::uint32_t extra)
      : pattern_(pattern), seed_(seed), extra_(extra) {}

  std::optional<std::string> Run() {
    std::string out;
    Alternatives(out);
    return failed_ || at_ != pattern_.size() ? std::nullopt : std::optional(std::move(out));
  }

 private:
  struct Repeat {
    std::uint32_t least = 1;
    std::uint32_t most = 1;
  };

  bool AtEnd() const { return failed_ || at_ >= pattern_.size(); }
  char Peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }
  bool Take(char c) {
    if (AtEnd() || pattern_[at_] != c) {
      return false;
    }
    ++at_;
    return true;
  }
  void Fail() { failed_ = true; }
  std::uint64_t Draw(std::uint64_t below) { return Mix(seed_, ++draws_) % below; }

  // The first alternative is the one that is written.
  void Alternatives(std::string& out) {
    Sequence(out);
    while (Take('|')) {
      std::string other;
      Sequence(other);
    }
  }

  void Sequence(std::string& out) {
    while (!AtEnd() && Peek() != '|' && Peek() != ')') {
      const std::size_t start = at_;
      std::string once;
      Atom(once);
      const Repeat repeat = Quantifier();
      const std::size_t end = at_;
      const std::uint64_t wanted = std::uint64_t{repeat.least} + extra_;
      const std::uint64_t count = std::min<std::uint64_t>(wanted, repeat.most);
      for (std::uint64_t i = 0; i < count && !failed_; ++i) {
        out += once;
        if (out.size() > kMaxSize) {
          return Fail();
        }
        once.clear();
        at_ = start;
        Atom(once);
      }
      at_ = end;
    }
  }

  void Atom(std::string& out) {
    const char c = pattern_[at_++];
    switch (c) {
      case '^':
      case '$':
        return;
      case '(':
        return Group(out);
      case '[':
        return Pick(Class(), out);
      case '.':
        return Pick(NamedSet('w'), out);
      case '\\':
        return Escape(out);
      case '*':
      case '+':
      case '?':
        return Fail();
      default:
        out += c;
        while (at_ < pattern_.size() && (static_cast<unsigned char>(Peek()) & 0xc0) == 0x80) {
          out += pattern_[at_++];  // the rest of a character outside ASCII
        }
    }
  }

  void Group(std::string& out) {
    if (Take('?')) {
      if (!Take(':')) {
        const bool named = Take('<') && Peek() != '=' && Peek() != '!';
        const std::size_t end = pattern_.find('>', at_);
        if (!named || end == std::string_view::npos) {
          return Fail();
        }
        at_ = end + 1;
      }
    }
    if (++depth_ > kMaxDepth) {
      return Fail();
    }
    Alternatives(out);
    --depth_;
    if (!Take(')')) {
      Fail();
    }
  }

  void Escape(std::string& out) {
    if (AtEnd()) {
      return Fail();
    }
    const char c = pattern_[at_++];
    if (const auto set = NamedSet(c); set.any()) {
      return Pick(set, out);
    }
    if (const auto plain = Literal(c)) {
      out += *plain;
    } else {
      Fail();
    }
  }

  static std::optional<char> Literal(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      default: {
        const bool word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return word ? std::nullopt : std::optional(c);
      }
    }
  }

  // Inside brackets, after the opening one.
  Characters Class() {
    Characters set;
    const bool negated = Take('^');
    for (bool first = true; !AtEnd() && (first || Peek() != ']'); first = false) {
      const char from = pattern_[at_++];
      if (static_cast<unsigned char>(from) >= 0x80) {
        continue;  // only ASCII is ever picked
      }
      if (from == '\\' && !AtEnd()) {
        const char c = pattern_[at_++];
        const auto named = NamedSet(c);
        set |= named;
        if (named.none()) {
          set.set(static_cast<std::size_t>(Literal(c).value_or('x') & 0x7f));
        }
      } else if (Peek() == '-' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        const char to = pattern_[at_ + 1];
        at_ += 2;
        AddRange(set, from, static_cast<unsigned char>(to) < 0x80 ? to : '~');
      } else {
        set.set(static_cast<std::size_t>(from));
      }
    }
    if (!Take(']')) {
      Fail();
    }
    return negated ? Printable() & ~set : set;
  }

  void Pick(const Characters& set, std::string& out) {
    if (set.none()) {
      return Fail();
    }
    std::uint64_t skip = Draw(set.count());
    for (std::size_t c = 0; c < set.size(); ++c) {
      if (set.test(c) && skip-- == 0) {
        out += static_cast<char>(c);
        return;
      }
    }
  }

  Repeat Quantifier() {
    Repeat repeat;
    if (Take('*')) {
      repeat = {0, kUnbounded};
    } else if (Take('+')) {
      repeat = {1, kUnbounded};
    } else if (Take('?')) {
      repeat = {0, 1};
    } else if (Peek() == '{') {
      repeat = Braces();
    }
    if (repeat.least != repeat.most) {
      Take('?');  // lazy or not, the same texts fit
    }
    return repeat;
  }

  Repeat Braces() {
    ++at_;
    Repeat repeat{Count().value_or(0), 0};
    repeat.most = repeat.least;
    if (Take(',')) {
      repeat.most = Count().value_or(kUnbounded);
    }
    if (!Take('}') || repeat.least > kMaxSize || repeat.most < repeat.least) {
      Fail();
    }
    return repeat;
  }

  std::optional<std::uint32_t> Count() {
    std::optional<std::uint32_t> count;
    while (!AtEnd() && Peek() >= '0' && Peek() <= '9' && count.value_or(0) <= kMaxSize) {
      count = count.value_or(0) * 10 + static_cast<std::uint32_t>(pattern_[at_++] - '0');
    }
    return count;
  }

  std::string_view pattern_;
  std::uint64_t seed_;
  std::uint32_t extra_;
  std::size_t at_ = 0;
  std::uint64_t draws_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> SamplePattern(std::string_view pattern, std::uint64_t seed,
                                         std::uint32_t extra) {
  return Sampler(pattern, seed, extra).Run();
}

}  // namespace signalbox::sim
