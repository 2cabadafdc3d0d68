#include "base/config/include.h"

#include <fmt/format.h>

#include "base/config/interpolate.h"

namespace signalbox::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kWild = "*?[";

std::string Folder(const std::string& name) {
  const auto slash = name.rfind('/');
  return slash == name.npos ? "" : name.substr(0, slash + 1);
}

// The folder of the including file is meant as it is, whatever characters it has.
std::string Escaped(const std::string& folder) {
  std::string out;
  for (const char c : folder) {
    if (kWild.find(c) != kWild.npos || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

}  // namespace

std::string RelativeTo(const std::string& name, const std::string& path) {
  return path.starts_with('/') ? path : Folder(name) + path;
}

std::vector<ConfigDocument> IncludeReader::Read(TextInput first) {
  const std::string canonical = outside_.Canonical(first.name);
  included_from_.emplace(canonical, first.name);
  chain_.emplace_back(first.name, canonical);
  Add(std::move(first));
  return std::move(documents_);
}

void IncludeReader::Add(TextInput input) {
  const std::string name = input.name;
  bytes_ += input.text.size();
  if (bytes_ > kMaxFileBytes) {
    problems_.push_back({{.kind = Source::Kind::kFile, .name = name},
                         fmt::format("is larger than {} bytes{}", kMaxFileBytes,
                                     documents_.empty() ? "" : " together with the files before"),
                         {},
                         true});
    full_ = true;
    return;
  }
  files_.texts.push_back(std::move(input));
  const std::string& text = files_.texts.back().text;
  const bool marked = text.starts_with(kByteOrderMark);
  auto tree = ParseYaml(name, marked ? text.substr(kByteOrderMark.size()) : text, problems_);
  documents_.push_back({name, tree});
  if (!tree) {
    problems_.back().fatal = true;
    return;
  }
  Includes(name, *tree);
}

void IncludeReader::Includes(const std::string& name, const YamlNode& tree) {
  for (const YamlMember& member : tree.members) {
    if (member.key != kIncludeKey) {
      continue;
    }
    if (member.value->kind == YamlNode::Kind::kSequence) {
      for (const YamlPointer& item : member.value->items) {
        Name(name, *item);
      }
    } else {
      Name(name, *member.value);
    }
  }
}

void IncludeReader::Name(const std::string& name, const YamlNode& item) {
  if (item.kind != YamlNode::Kind::kScalar || item.text.empty()) {
    return Complain(name, item.place,
                    "include: expected a path or a list of paths, such as [providers.yaml, "
                    "conf.d/*.yaml]");
  }
  const auto text = Interpolate(item.text, environment_);
  if (!text) {
    return Complain(name, item.place, "include: " + text.error().message);
  }
  if (text->text.find_first_of(kWild) == std::string::npos) {
    std::string path = RelativeTo(name, text->text);
    std::string shown = KeyText(text->variable.empty() ? path : item.text);
    return Open(name, {std::move(path), item.place, std::move(shown)});
  }
  const bool absolute = text->text.starts_with('/');
  const std::string pattern = absolute ? text->text : Escaped(Folder(name)) + text->text;
  auto matches = outside_.Match(pattern);
  files_.patterns.push_back({pattern, matches});
  for (const std::string& match : matches) {
    Open(name, {match, item.place, KeyText(match)});
  }
}

void IncludeReader::Open(const std::string& name, const Item& item) {
  const std::string canonical = outside_.Canonical(item.path);
  if (full_ || !IsAllowed(name, item, canonical)) {
    return;
  }
  auto file = outside_.Read(item.path, kMaxFileBytes, /*secret=*/false);
  files_.stamps.push_back({item.path, file ? file->stamp : FileStamp{}});
  if (!file) {
    Complain(name, item.place,
             fmt::format("include: {} {} (relative paths begin at the file that includes)",
                         item.shown, file.error()));
    problems_.back().fatal = true;
    return;
  }
  included_from_.emplace(canonical, fmt::format("{}:{}", name, item.place.line));
  chain_.emplace_back(item.path, canonical);
  Add({item.path, std::move(file->text)});
  chain_.pop_back();
}

bool IncludeReader::IsAllowed(const std::string& name, const Item& item,
                              const std::string& canonical) {
  std::string circle;
  for (const auto& [file, its_canonical] : chain_) {
    if (its_canonical == canonical || !circle.empty()) {
      circle += KeyText(file) + " -> ";
    }
  }
  if (!circle.empty()) {
    Complain(name, item.place, "include: goes in a circle: " + circle + item.shown);
    return false;
  }
  if (const auto first = included_from_.find(canonical); first != included_from_.end()) {
    Complain(name, item.place,
             fmt::format("include: {} is included twice, first in {}", item.shown, first->second));
    return false;
  }
  if (chain_.size() > kMaxIncludeDepth) {
    Complain(name, item.place, fmt::format("include: goes deeper than {} files", kMaxIncludeDepth));
    return false;
  }
  if (documents_.size() >= kMaxFiles) {
    Complain(name, item.place, fmt::format("include: more than {} files in all", kMaxFiles));
    full_ = true;
    return false;
  }
  return true;
}

void IncludeReader::Complain(const std::string& name, YamlPlace place, std::string message,
                             std::string suggestion) {
  problems_.push_back(
      {{.kind = Source::Kind::kFile, .name = name, .line = place.line, .column = place.column},
       std::move(message),
       std::move(suggestion)});
}

}  // namespace signalbox::config
