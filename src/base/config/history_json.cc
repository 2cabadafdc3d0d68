// Versions as text.
#include <fmt/format.h>

#include "base/config/history.h"
#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::config {
namespace {

std::string TextOf(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or("") : "";
}

}  // namespace

std::string Line(const Version& version) {
  std::string files = version.files.empty() ? "no file" : version.files.front().name;
  if (version.files.size() > 1) {
    files += fmt::format(" +{} {}", version.files.size() - 1,
                         version.files.size() == 2 ? "file" : "files");
  }
  const std::string profile =
      version.profile.empty() ? "" : fmt::format("  profile {}", version.profile);
  return fmt::format("{:>4}  {}  {}  {}{}", version.id, version.time, version.who, files, profile);
}

std::string Json(const Version& version) {
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("id").Uint(version.id).Key("time").String(version.time);
  writer.Key("who").String(version.who).Key("profile").String(version.profile);
  writer.Key("files").BeginArray();
  for (const TextInput& file : version.files) {
    writer.BeginObject().Key("path").String(file.name);
    writer.Key("text").String(file.text).EndObject();
  }
  writer.EndArray().Key("values").BeginObject();
  for (const auto& [path, value] : version.values) {
    writer.Key(path).String(value);
  }
  writer.EndObject().EndObject();
  return out + '\n';
}

core::Result<Version> ParseVersion(std::string_view text) {
  json::Document document;
  SB_CHECK_OK(document.Parse(text));
  const json::Value root = document.Root();
  const auto files = root.Find("files");
  const auto values = root.Find("values");
  if (!files || !files->IsArray() || !values || !values->IsObject()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "is no version of a configuration");
  }
  Version out{
      .id = static_cast<std::uint64_t>(root.Find("id") ? root.Find("id")->AsInt().value_or(0) : 0),
      .time = TextOf(root, "time"),
      .who = TextOf(root, "who"),
      .profile = TextOf(root, "profile")};
  for (auto file = files->FirstChild(); file; file = file->NextIn(*files)) {
    out.files.push_back({TextOf(*file, "path"), TextOf(*file, "text")});
  }
  for (auto key = values->FirstChild(); key;) {
    const auto value = key->NextIn(*values);
    out.values[key->AsString().value_or("")] = value->AsString().value_or("");
    key = value->NextIn(*values);
  }
  return out;
}

}  // namespace signalbox::config
