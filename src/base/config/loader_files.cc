// Several files and profiles as one configuration.
#include <fmt/format.h>

#include <algorithm>

#include "base/config/loader.h"

namespace signalbox::config {
namespace {

const YamlMember* FindMember(const YamlNode& node, std::string_view key) {
  const auto found =
      std::ranges::find_if(node.members, [&](const YamlMember& m) { return m.key == key; });
  return found == node.members.end() ? nullptr : &*found;
}

void AddOnce(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) {
    names.push_back(name);
  }
}

}  // namespace

void Loader::Read(const TableData& table, void* object,
                  const std::vector<ConfigDocument>& documents) {
  root_ = &table;
  const auto each = [&](const auto& read) {
    for (const ConfigDocument& document : documents) {
      if (document.tree) {
        name_ = document.name;
        read(*document.tree);
      }
    }
  };
  each([&](const YamlNode& root) { ChosenProfile(object, root); });
  each([&](const YamlNode& root) { Root(table, object, root); });
  each([&](const YamlNode& root) { OtherProfiles(root); });
}

void Loader::Root(const TableData& table, void* object, const YamlNode& root) {
  if (!IsSection(root, "", "a section of keys")) {
    return;
  }
  for (const YamlMember& member : root.members) {
    if (!IsSpecial(member, "")) {
      Member(table, object, member, "");
    }
  }
}

bool Loader::IsSpecial(const YamlMember& member, const std::string& path) {
  if (!path.empty() || (member.key != kIncludeKey && member.key != kProfilesKey)) {
    return false;
  }
  if (!profile_.empty()) {
    Complain(member.place, std::string(member.key), "stands at the top of a file only");
  }
  return true;
}

void Loader::ChosenProfile(void* object, const YamlNode& root) {
  const YamlMember* profiles = FindMember(root, kProfilesKey);
  const YamlMember* chosen =
      profiles == nullptr ? nullptr : FindMember(*profiles->value, outcome_.profile);
  if (chosen != nullptr && IsEntryName(chosen->key)) {
    profile_ = chosen->key;
    Root(*root_, object, *chosen->value);
    profile_.clear();
  }
}

void Loader::OtherProfiles(const YamlNode& root) {
  const YamlMember* profiles = FindMember(root, kProfilesKey);
  if (profiles == nullptr ||
      !IsSection(*profiles->value, std::string(kProfilesKey), "a section of profiles by name")) {
    return;
  }
  for (const YamlMember& member : profiles->value->members) {
    if (!IsEntryName(member.key)) {
      Complain(member.place, std::string(kProfilesKey),
               "the name of a profile is letters, digits and . _ - @ / : +, at most 128 of them");
      continue;
    }
    AddOnce(outcome_.profiles, member.key);
    if (member.key != outcome_.profile) {
      judging_ = true;
      profile_ = member.key;
      Root(*root_, root_->make().get(), *member.value);
      profile_.clear();
      judging_ = false;
    }
  }
}

bool Loader::Takes(const std::string& path, YamlPlace place) {
  const auto [first, fresh] = first_.emplace(Written(path), At(place));
  if (!fresh) {
    const Source& other = first->second;
    Complain(place, path,
             fmt::format("is set twice, first in {}:{}:{}; a file that is included adds, only a "
                         "profile replaces",
                         other.name, other.line, other.column));
    return false;
  }
  if (judging_) {
    return false;
  }
  return !profile_.empty() || outcome_.profile.empty() ||
         !first_.contains(fmt::format("{}.{}.{}", kProfilesKey, outcome_.profile, path));
}

void Loader::SetSource(const std::string& path, YamlPlace place) {
  const auto known = sources_.all().find(path);
  if (!judging_ && (known == sources_.all().end() || !known->second.profile.empty())) {
    sources_.Set(path, At(place));
  }
}

std::string Loader::Written(const std::string& path) const {
  if (profile_.empty()) {
    return path;
  }
  const std::string profile = fmt::format("{}.{}", kProfilesKey, profile_);
  return path.empty() ? profile : fmt::format("{}.{}", profile, path);
}

Source Loader::At(YamlPlace place) const {
  return {.kind = Source::Kind::kFile,
          .name = name_,
          .line = place.line,
          .column = place.column,
          .profile = profile_};
}

void Loader::Complain(YamlPlace place, const std::string& path, std::string_view message,
                      std::string suggestion) {
  const std::string where = Written(path);
  problems_.push_back({At(place),
                       where.empty() ? std::string(message) : fmt::format("{}: {}", where, message),
                       std::move(suggestion), false, path});
}

}  // namespace signalbox::config
