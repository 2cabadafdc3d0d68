// Secrets that stand somewhere else: { file: PATH } and { command: … }.
#include <fmt/format.h>

#include "base/config/loader.h"

namespace signalbox::config {
namespace {

using NodeKind = YamlNode::Kind;

constexpr std::string_view kFile = "file";
constexpr std::string_view kCommand = "command";

// What a container's platform mounts there is readable by all inside of it, on purpose.
bool IsMounted(std::string_view path) {
  return path.starts_with("/run/secrets/") || path.starts_with("/var/run/secrets/");
}

void StripLineBreaks(std::string& text) {
  while (text.ends_with('\n') || text.ends_with('\r')) {
    text.pop_back();
  }
}

}  // namespace

Outside::Text ReadSecretFile(const std::string& path, const std::string& option,
                             const Source& source, Outside& outside, Outcome& outcome) {
  auto file = outside.Read(path, kMaxSecretBytes, /*secret=*/true);
  outcome.files.stamps.push_back({path, file ? file->stamp : FileStamp{}});
  if (!file) {
    return std::unexpected("the file " + file.error());
  }
  if (file->text.size() > kMaxSecretBytes) {
    return std::unexpected(fmt::format("the file is larger than {} bytes", kMaxSecretBytes));
  }
  StripLineBreaks(file->text);
  if (file->text.empty()) {
    return std::unexpected("the file is empty");
  }
  if (file->world_readable && !IsMounted(path)) {
    outcome.warnings.push_back(
        {source,
         fmt::format("{}: every user of this machine may read the file; chmod 600 it", option)});
  }
  return std::move(file->text);
}

std::optional<std::string> Loader::Referenced(const YamlNode& node, const std::string& path) {
  if (node.members.empty()) {
    Complain(node.place, path, "expected { file: PATH } or { command: [PROGRAM, ARGUMENT] }");
    return std::nullopt;
  }
  for (const YamlMember& member : node.members) {
    if (member.key != kFile && member.key != kCommand) {
      problems_.push_back(
          {At(member.place),
           fmt::format("unknown key \"{}\" in {}", KeyText(member.key), Written(path)),
           Suggest(member.key, {std::string(kFile), std::string(kCommand)}), false, path});
      return std::nullopt;
    }
  }
  if (node.members.size() > 1) {
    Complain(node.members[1].place, path, "file and command exclude each other; keep one");
    return std::nullopt;
  }
  const YamlMember& only = node.members.front();
  return only.key == kFile ? FromFile(*only.value, Join(path, kFile))
                           : FromCommand(*only.value, Join(path, kCommand));
}

std::optional<std::string> Loader::FromFile(const YamlNode& node, const std::string& path) {
  if (node.kind != NodeKind::kScalar || node.text.empty()) {
    Complain(node.place, path, "expected a path, such as /run/secrets/openai");
    return std::nullopt;
  }
  const auto written = Scalar(node, path);
  if (!written || judging_) {
    return std::nullopt;
  }
  const std::string file = RelativeTo(name_, *written);
  auto text = ReadSecretFile(file, path, At(node.place), outside_, outcome_);
  if (!text) {
    Complain(node.place, path,
             text.error() + " (relative paths begin at the file that names them)");
    return std::nullopt;
  }
  const std::string option = path.substr(0, path.size() - kFile.size() - 1);
  Source source = sources_.Find(option);
  source.variable = "file " + KeyText(file);
  sources_.Set(option, std::move(source));
  return std::move(*text);
}

std::optional<std::string> Loader::FromCommand(const YamlNode& node, const std::string& path) {
  std::vector<std::string> arguments;
  if (node.kind == NodeKind::kScalar && !node.text.empty()) {
    arguments = {"/bin/sh", "-c", node.text};  // the shell puts variables in
  }
  for (const YamlPointer& item : node.items) {
    auto text = item->kind == NodeKind::kScalar ? Scalar(*item, path) : std::nullopt;
    if (item->kind != NodeKind::kScalar) {
      Complain(item->place, path, "expected a text");
    }
    if (!text) {
      return std::nullopt;
    }
    arguments.push_back(*std::move(text));
  }
  if (arguments.empty() || arguments.front().empty()) {
    Complain(node.place, path,
             "expected [PROGRAM, ARGUMENT, …], run without a shell, or a text for /bin/sh -c");
    return std::nullopt;
  }
  if (judging_) {
    return std::nullopt;
  }
  const auto [ran, fresh] = printed_.try_emplace(arguments);
  if (fresh) {
    ran->second = outside_.Run(arguments, environment_);
    if (ran->second) {
      StripLineBreaks(*ran->second);
    }
  }
  if (!ran->second || ran->second->empty()) {
    Complain(node.place, path, ran->second ? "the command prints nothing" : ran->second.error());
    return std::nullopt;
  }
  const std::string option = path.substr(0, path.size() - kCommand.size() - 1);
  Source source = sources_.Find(option);
  source.variable = "a command";
  sources_.Set(option, std::move(source));
  return *ran->second;
}

}  // namespace signalbox::config
