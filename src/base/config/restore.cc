#include "base/config/restore.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

#include "base/config/atomic_file.h"
#include "base/config/mask.h"

namespace signalbox::config {
namespace {

std::string Absolute(const std::string& path) {
  std::error_code error;
  const auto out = std::filesystem::absolute(path, error);
  return error ? path : out.lexically_normal().string();
}

core::Error Refuse(std::string message) {
  return {core::ErrorCode::kConflict, std::move(message), {}, {}};
}

class Replaced final : public Outside {
 public:
  explicit Replaced(std::vector<TextInput> texts) : texts_(std::move(texts)) {}

  std::expected<FileText, std::string> Read(const std::string& path, std::size_t limit,
                                            bool secret) override {
    const auto found = std::ranges::find(texts_, Absolute(path), &TextInput::name);
    if (secret || found == texts_.end()) {
      return System().Read(path, limit, secret);
    }
    return FileText{.text = found->text, .stamp = System().Stamp(path)};
  }
  FileStamp Stamp(const std::string& path) override { return System().Stamp(path); }
  std::vector<std::string> Match(const std::string& pattern) override {
    auto out = System().Match(pattern);
    for (const TextInput& file : texts_) {
      if (fnmatch(pattern.c_str(), file.name.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
        out.push_back(file.name);
      }
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
  }
  std::string Canonical(const std::string& path) override { return System().Canonical(path); }
  Text Run(const std::vector<std::string>& arguments, const Environment& environment) override {
    return System().Run(arguments, environment);
  }

 private:
  std::vector<TextInput> texts_;
};

}  // namespace

core::Result<std::vector<TextInput>> RestoredTexts(const TableData& table, const Version& version,
                                                   const LoadedFiles& present) {
  if (version.files.empty()) {
    return std::unexpected(Refuse(
        fmt::format("version {} had no file; start Signalbox without --config", version.id)));
  }
  const std::string& first = version.files.front().name;
  if (!present.texts.empty() && Absolute(present.texts.front().name) != first) {
    return std::unexpected(
        Refuse(fmt::format("version {} is of {}, and this is {}; give --config {}", version.id,
                           first, present.texts.front().name, first)));
  }
  std::vector<TextInput> texts;
  for (const TextInput& file : version.files) {
    if (file.text == kTextNotKept) {
      return std::unexpected(
          Refuse(fmt::format("version {} does not have the text of {}: a secret "
                             "in it could not be taken out",
                             version.id, file.name)));
    }
    auto text = PutSecretsBack(table, file.text, present.texts);
    if (!text) {
      return std::unexpected(Refuse(fmt::format(
          "version {} had the secret {} written in {}, and history keeps no secrets: write it "
          "there (better as ${{NAME}} or {{ file: PATH }}) and restore again",
          version.id, text.error(), file.name)));
    }
    texts.push_back({file.name, *std::move(text)});
  }
  return texts;
}

std::unique_ptr<Outside> WithTexts(std::vector<TextInput> texts) {
  return std::make_unique<Replaced>(std::move(texts));
}

core::Status WriteTexts(const std::vector<TextInput>& texts, const LoadedFiles& read,
                        std::uint64_t id) {
  for (const TextInput& file : read.texts) {
    if (std::ranges::find(texts, Absolute(file.name), &TextInput::name) == texts.end()) {
      return std::unexpected(Refuse(fmt::format(
          "{} is included now and was not in version {}; move it away first", file.name, id)));
    }
  }
  std::vector<TextInput> before;
  for (const TextInput& file : texts) {
    auto old = System().Read(file.name, kMaxFileBytes, /*secret=*/true);
    const auto written =
        old && old->text == file.text ? core::Status() : ReplaceFile(file.name, file.text);
    if (!written) {
      for (const TextInput& back : before) {
        [[maybe_unused]] const auto undone = ReplaceFile(back.name, back.text);
      }
      return written;
    }
    if (old) {
      before.push_back({file.name, std::move(old->text)});
    }
  }
  return {};
}

}  // namespace signalbox::config
