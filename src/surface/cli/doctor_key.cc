#include "surface/cli/doctor_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace signalbox::cli {
namespace {

constexpr std::size_t kShortest = 8;  // of what a vendor gives out

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::optional<OddKey> AtItsEnds(std::string_view key) {
  const char first = key.front();
  const char last = key.back();
  if (last == '\n' || last == '\r') {
    return OddKey{"ends with a line end, which was pasted along with it",
                  "write the file or variable again without it: printf %s KEY > FILE"};
  }
  if (IsSpace(first) || IsSpace(last)) {
    return OddKey{"has a space before or behind it", "take the space away"};
  }
  if (std::string_view("\"'`").find(first) != std::string_view::npos ||
      std::string_view("\"'`").find(last) != std::string_view::npos) {
    return OddKey{"stands in quotation marks that are part of it",
                  "take them away: env files and docker --env-file keep quotation marks"};
  }
  return std::nullopt;
}

std::optional<OddKey> Inside(std::string_view key) {
  if (Lower(key.substr(0, 7)) == "bearer ") {
    return OddKey{"begins with the word Bearer", "give the key alone; Bearer is added to it"};
  }
  const std::size_t equals = key.find('=');
  const bool assigned = equals != key.npos && equals + 1 < key.size() && equals > 3 &&
                        std::ranges::all_of(key.substr(0, equals), [](char c) {
                          return (c >= 'A' && c <= 'Z') || c == '_';
                        });
  if (assigned) {
    return OddKey{"is a whole line NAME=KEY", "give what stands behind the = alone"};
  }
  if (std::ranges::any_of(key, IsSpace)) {
    return OddKey{"has a space or a line end in it", "copy it again, in one piece"};
  }
  if (std::ranges::any_of(key, [](char c) { return c < '!' || c > '~'; })) {
    return OddKey{"has characters that no key has (not ASCII, or invisible)",
                  "copy it again from the vendor's page, not from a document"};
  }
  return std::nullopt;
}

// What examples have in place of a key.
bool IsPlaceholder(std::string_view key) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"your-",   "your_",       "yourkey", "xxxx",    "changeme", "change-me", "change_me",
       "replace", "placeholder", "insert-", "api-key", "api_key",  "apikey",    "example",
       "...",     "****",        "${",      "$(",      "<",        "{{"});
  const std::string lower = Lower(key);
  const bool one_letter =
      lower.find_first_not_of(lower.back(), lower.rfind('-') + 1) == std::string::npos;  // sk-xxx
  return one_letter || std::ranges::any_of(kWords, [&](std::string_view word) {
           return lower.find(word) != std::string::npos;
         });
}

// How the vendors' keys begin, the longer beginnings first. Facts: their public documentation.
struct Beginning {
  std::string_view text;
  std::string_view vendor;
};
constexpr auto kBeginnings = std::to_array<Beginning>({{"sk-ant-", "anthropic"},
                                                       {"sk-or-", "openrouter"},
                                                       {"sk-proj-", "openai"},
                                                       {"gsk_", "groq"},
                                                       {"xai-", "xai"},
                                                       {"pplx-", "perplexity"},
                                                       {"hf_", "huggingface"},
                                                       {"csk-", "cerebras"},
                                                       {"fw_", "fireworks"},
                                                       {"AIza", "gemini"}});

std::optional<OddKey> AnothersKey(std::string_view key, std::string_view vendor) {
  const auto found = std::ranges::find_if(
      kBeginnings, [key](const Beginning& each) { return key.starts_with(each.text); });
  if (found == kBeginnings.end() || vendor.empty() || found->vendor == vendor) {
    return std::nullopt;
  }
  return OddKey{fmt::format("begins like a key of {}, not of {}", found->vendor, vendor),
                "check that the keys of two providers are not mixed up", false};
}

}  // namespace

std::optional<OddKey> WhatIsOddAbout(std::string_view key, std::string_view vendor) {
  if (key.empty()) {
    return OddKey{"is empty", "set it, or write key: none for a server that wants none"};
  }
  if (auto odd = AtItsEnds(key)) {
    return odd;
  }
  if (auto odd = Inside(key)) {
    return odd;
  }
  if (IsPlaceholder(key)) {
    return OddKey{"is what an example has in place of a key", "put your own key there"};
  }
  if (key.size() < kShortest) {
    return OddKey{fmt::format("has only {} characters", key.size()),
                  "copy it again; vendors' keys are longer", false};
  }
  return AnothersKey(key, vendor);
}

}  // namespace signalbox::cli
