// Random documents, whole and damaged, judged by us and by simdjson.
#include <gtest/gtest.h>

#include <string>

#include "base/core/random.h"
#include "base/json/oracle.h"

namespace signalbox::json {
namespace {

class RandomJson {
 public:
  explicit RandomJson(std::uint64_t seed) : random_(seed) {}

  std::string Text() {
    std::string out = Space();
    Value(out, 5);
    return out + Space();
  }

  // `text` with one to three small damages.
  std::string Damaged(std::string text) {
    for (std::size_t left = 1 + Below(3); left > 0 && !text.empty(); --left) {
      const std::size_t at = Below(text.size());
      switch (Below(6)) {
        case 0:
          text[at] = static_cast<char>(random_.Next());
          break;
        case 1:
          text.erase(at, 1 + Below(4));
          break;
        case 2:
          text.insert(at, 1, Pick("{}[],:\"\\0123456789-+.eEtfnu \n\t\x01\x80\xc3"));
          break;
        case 3:
          text.resize(at);
          break;
        case 4:
          text.insert(Below(text.size()), text.substr(at, Below(20)));
          break;
        default:
          std::swap(text[at], text[Below(text.size())]);
      }
    }
    return text;
  }

 private:
  std::size_t Below(std::size_t bound) { return random_.Next() % bound; }
  char Pick(std::string_view from) { return from[Below(from.size())]; }
  std::string Space() { return Below(4) == 0 ? std::string(Below(20), Pick(" \n\r\t")) : ""; }

  void Value(std::string& out, int depth) {
    switch (Below(depth > 0 ? 8 : 4)) {
      case 0:
        out += Below(2) == 0 ? "true" : Below(2) == 0 ? "false" : "null";
        break;
      case 1:
        Number(out);
        break;
      case 2:
      case 3:
        String(out);
        break;
      case 4:
      case 5:
        Container(out, depth, '[', ']');
        break;
      default:
        Container(out, depth, '{', '}');
    }
  }

  void Container(std::string& out, int depth, char open, char close) {
    out += open + Space();
    const std::size_t count = Below(7);
    for (std::size_t i = 0; i < count; ++i) {
      out += i == 0 ? "" : "," + Space();
      if (open == '{') {
        String(out);
        out += Space() + ":" + Space();
      }
      Value(out, depth - 1);
      out += Space();
    }
    out += close;
  }

  void Number(std::string& out) {
    out += Below(3) == 0 ? "-" : "";
    out += Below(3) == 0 ? "0" : std::to_string(random_.Next() >> (random_.Next() % 64U));
    if (Below(3) == 0) {
      out += "." + std::to_string(random_.Next() >> (random_.Next() % 64U));
    }
    if (Below(4) == 0) {
      out += Pick("eE");
      out += Below(2) == 0 ? "" : std::string(1, Pick("+-"));
      out += std::to_string(Below(320));
    }
  }

  void String(std::string& out) {
    static constexpr std::string_view kPieces[] = {
        "a",
        "key",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\uD800",
        "é",
        "€",
        "😀",
        "plain words of some length, longer than a block",
        "\x7f",
        " "};
    out += '"';
    for (std::size_t left = Below(5); left > 0; --left) {
      out += kPieces[Below(std::size(kPieces))];
    }
    out += '"';
  }

  core::Random random_;
};

constexpr int kRounds = 4000;

TEST(Differential, AgreesWithSimdjsonOnRandomDocuments) {
  RandomJson random(20260101);
  int accepted = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::string text = random.Text();
    ASSERT_EQ(oracle::Disagreement(text), "") << text;
    Document document;
    accepted += document.Parse(text) ? 1 : 0;
  }
  EXPECT_GT(accepted, kRounds / 2);
}

TEST(Differential, AgreesWithSimdjsonOnDamagedDocuments) {
  RandomJson random(20260202);
  int refused = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::string whole = random.Text();
    for (int variant = 0; variant < 6; ++variant) {
      const std::string text = random.Damaged(whole);
      ASSERT_EQ(oracle::Disagreement(text), "") << text;
      Document document;
      refused += document.Parse(text) ? 0 : 1;
    }
  }
  EXPECT_GT(refused, kRounds);
}

}  // namespace
}  // namespace signalbox::json
