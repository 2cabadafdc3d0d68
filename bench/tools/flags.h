// Command-line flags of the benchmark's programs: --name VALUE, nothing else.
//
// Owner:   main(), for the whole run.
// Errors:  an unknown flag, a missing or unreadable value ends the program with a sentence.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace signalbox::bench {

class Flags {
 public:
  // Reads argv from `first` on; every name must be one of the keys of `defaults`.
  Flags(int argc, char** argv, int first, std::map<std::string, std::string> defaults);

  const std::string& Text(std::string_view name) const;
  std::int64_t Integer(std::string_view name) const;
  double Number(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// Prints the sentence to stderr and ends the program with status 2.
[[noreturn]] void Fail(std::string_view sentence);

}  // namespace signalbox::bench
