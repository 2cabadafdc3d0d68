#include "flags.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace signalbox::bench {

Flags::Flags(int argc, char** argv, int first, std::map<std::string, std::string> defaults)
    : values_(defaults.begin(), defaults.end()) {
  for (int index = first; index < argc; index += 2) {
    std::string_view name = argv[index];
    if (!name.starts_with("--")) Fail("expected a --flag, got " + std::string(name));
    auto entry = values_.find(name.substr(2));
    if (entry == values_.end()) Fail("unknown flag " + std::string(name));
    if (index + 1 == argc) Fail("no value for " + std::string(name));
    entry->second = argv[index + 1];
  }
}

const std::string& Flags::Text(std::string_view name) const {
  auto entry = values_.find(name);
  if (entry == values_.end()) Fail("flag not declared: " + std::string(name));
  return entry->second;
}

std::int64_t Flags::Integer(std::string_view name) const {
  const std::string& text = Text(name);
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    Fail("--" + std::string(name) + " wants a whole number, got " + text);
  }
  return value;
}

double Flags::Number(std::string_view name) const {
  const std::string& text = Text(name);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    Fail("--" + std::string(name) + " wants a number, got " + text);
  }
  return value;
}

void Fail(std::string_view sentence) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
  std::exit(2);
}

}  // namespace signalbox::bench
