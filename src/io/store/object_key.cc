#include "io/store/object_key.h"

#include <algorithm>

namespace signalbox::store {
namespace {

std::unexpected<core::Error> Bad(std::string_view rule) {
  return core::Fail(core::ErrorCode::kInvalidRequest, "object key: " + std::string(rule), "key");
}

bool IsPlain(char c) {
  constexpr std::string_view kMarks = "-_=+@,:~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != kMarks.npos;
}

core::Status CheckFolder(std::string_view step) {
  if (step.empty()) {
    return Bad("an empty step; write folders and a name with one slash between");
  }
  if (step.size() > ObjectKey::kMostStepBytes) {
    return Bad("a step longer than 200 bytes");
  }
  if (!std::ranges::all_of(step, IsPlain)) {
    return Bad("a folder may have letters, digits and - _ = + @ , : ~");
  }
  return {};
}

core::Status CheckName(std::string_view name) {
  if (name.size() > ObjectKey::kMostStepBytes) {
    return Bad("a name longer than 200 bytes");
  }
  if (!std::ranges::all_of(name, [](char c) { return IsPlain(c) || c == '.'; })) {
    return Bad("a name may have letters, digits and - _ = + @ , : ~ .");
  }
  if (name.find('.') == name.npos || name.front() == '.' || name.back() == '.') {
    return Bad("a name has a dot, neither first nor last, as in a.json");
  }
  return {};
}

// Checks all folders of `text` and cuts them off it.
core::Status CutFolders(std::string_view& text) {
  if (text.size() > ObjectKey::kMostBytes) {
    return Bad("longer than 900 bytes");
  }
  for (auto slash = text.find('/'); slash != text.npos; slash = text.find('/')) {
    SB_CHECK_OK(CheckFolder(text.substr(0, slash)));
    text.remove_prefix(slash + 1);
  }
  return {};
}

}  // namespace

core::Result<ObjectKey> ObjectKey::Parse(std::string_view text) {
  std::string_view name = text;
  SB_CHECK_OK(CutFolders(name));
  SB_CHECK_OK(CheckName(name));
  return ObjectKey(text);
}

core::Status CheckPrefix(std::string_view prefix) {
  SB_CHECK_OK(CutFolders(prefix));
  if (prefix.starts_with('.') ||
      !std::ranges::all_of(prefix, [](char c) { return IsPlain(c) || c == '.'; })) {
    return Bad("no key begins so");
  }
  return {};
}

}  // namespace signalbox::store
