// Any bytes as a form: however it is cut, the steps are the same and are the whole input.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/net/multipart.h"

namespace {

using namespace signalbox::net;  // NOLINT: a fuzz target is one file
using Kind = MultipartReader::Kind;

void Require(bool holds) {
  if (!holds) std::abort();
}

std::string Read(std::string_view text, std::size_t piece) {
  MultipartReader reader("b");
  std::string held;
  std::string story;
  std::size_t passed = 0;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    held += text.substr(at, piece);
    while (true) {
      const MultipartReader::Step step = reader.Next(held);
      Require(step.consumed <= held.size());
      if (step.kind == Kind::kBad) {
        Require(!reader.problem().empty());
        return story + "|bad";
      }
      if (step.kind == Kind::kNeedMore) break;
      Require(step.consumed > 0);
      if (step.kind == Kind::kHead) {
        Require(!reader.name().empty());
        story += "|" + reader.name() + (reader.is_file() ? "*" : "") + ":";
      } else if (step.kind == Kind::kData) {
        story += held.substr(0, step.consumed);
      } else if (step.kind == Kind::kEnd) {
        story += "|end";
      }
      passed += step.consumed;
      held.erase(0, step.consumed);
    }
  }
  Require(passed + held.size() == text.size());
  return story;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size == 0 || size > 4096) return 0;
  const std::string whole = Read(text, size);
  Require(whole == Read(text, 1));
  Require(whole == Read(text, 7));
  const std::string type(text.substr(0, 200));
  if (const auto boundary = FormBoundary(type)) {
    Require(!boundary->empty() && boundary->size() <= 70);
  }
  return 0;
}
