#include "vendors/dialects/gemini/names.h"

#include <algorithm>

#include "vendors/dialects/gemini/dialect.h"

namespace signalbox::gemini {
namespace {

using chat::FinishReason;

struct Finishes {
  std::string_view word;
  FinishReason reason;
};

constexpr Finishes kFinishes[] = {
    {"STOP", FinishReason::kStop},
    {"MAX_TOKENS", FinishReason::kLength},
    {"SAFETY", FinishReason::kContentFilter},
    {"RECITATION", FinishReason::kContentFilter},
    {"BLOCKLIST", FinishReason::kContentFilter},
    {"PROHIBITED_CONTENT", FinishReason::kContentFilter},
    {"SPII", FinishReason::kContentFilter},
    {"MODEL_ARMOR", FinishReason::kContentFilter},
    {"IMAGE_SAFETY", FinishReason::kContentFilter},
    {"IMAGE_PROHIBITED_CONTENT", FinishReason::kContentFilter},
    {"IMAGE_RECITATION", FinishReason::kContentFilter},
    {"MALFORMED_FUNCTION_CALL", FinishReason::kError},
    {"MALFORMED_RESPONSE", FinishReason::kError},
    {"UNEXPECTED_TOOL_CALL", FinishReason::kError},
    {"TOO_MANY_TOOL_CALLS", FinishReason::kError},
    {"MISSING_THOUGHT_SIGNATURE", FinishReason::kError},
};

struct Purpose {
  std::string_view purpose;
  std::string_view task_type;
};
constexpr Purpose kPurposes[] = {
    {"search_query", "RETRIEVAL_QUERY"},
    {"search_document", "RETRIEVAL_DOCUMENT"},
};

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~' || c == '@';
}

}  // namespace

std::string Upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

FinishReason FinishNamed(std::string_view word) {
  const auto found = std::ranges::find(kFinishes, word, &Finishes::word);
  if (found != std::end(kFinishes)) {
    return found->reason;
  }
  return word.empty() || word == "FINISH_REASON_UNSPECIFIED" ? FinishReason::kUnset
                                                             : FinishReason::kOther;
}

std::string_view NameOf(FinishReason reason) {
  switch (reason) {
    case FinishReason::kUnset:
      return {};
    case FinishReason::kStop:
    case FinishReason::kToolCalls:
    case FinishReason::kPause:
      return "STOP";
    case FinishReason::kLength:
      return "MAX_TOKENS";
    case FinishReason::kContentFilter:
    case FinishReason::kRefusal:
      return "SAFETY";
    case FinishReason::kError:
    case FinishReason::kOther:
      break;
  }
  return "OTHER";
}

std::string PurposeOf(std::string_view task_type) {
  const auto found = std::ranges::find(kPurposes, task_type, &Purpose::task_type);
  return found == std::end(kPurposes) ? Lower(task_type) : std::string(found->purpose);
}

std::string TaskTypeOf(std::string_view purpose) {
  const auto found = std::ranges::find(kPurposes, purpose, &Purpose::purpose);
  return found == std::end(kPurposes) ? Upper(purpose) : std::string(found->task_type);
}

std::string ModelPath(std::string_view model) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const bool placed = model.starts_with("models/") || model.starts_with("tunedModels/");
  std::string path = placed ? "" : "models/";
  std::size_t slashes = placed ? 1 : 0;  // the one that belongs to the place
  for (const char c : model) {
    if (IsPlain(c) || (c == '/' && slashes-- > 0)) {
      path += c;
    } else {
      slashes = c == '/' ? 0 : slashes;
      const auto byte = static_cast<unsigned char>(c);
      path.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
    }
  }
  return path;
}

bool TakesUri(std::string_view uri) {
  constexpr std::string_view kTaken[] = {
      "gs://",
      "https://www.youtube.com/",
      "https://youtube.com/",
      "https://m.youtube.com/",
      "https://youtu.be/",
      "https://generativelanguage.googleapis.com/",
  };
  return std::ranges::any_of(kTaken,
                             [&](std::string_view start) { return uri.starts_with(start); });
}

}  // namespace signalbox::gemini
