// The script for fish 3 and later.
#include "surface/cli/completion_parts.h"

namespace signalbox::cli {
namespace {

constexpr std::string_view kHead = R"(# fish completion for signalbox; load it with
#   signalbox completion fish | source

# Whether the command that is being written is the one of that path.
function __signalbox_at
  set -l at signalbox
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case )";

constexpr std::string_view kMiddle = R"(
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end

function __signalbox_names
  set -l line (commandline -opc)
  $line[1] complete $argv[1] 2>/dev/null
end

complete -c signalbox -f
)";

// 'text' for fish, where a backslash and a quote in quotes need a backslash.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out.append(c == '\'' || c == '\\' ? "\\" : "").append(1, c);
  }
  return out + "'";
}

// What a parameter's value is completed with, as arguments of `complete`.
std::string ValueArguments(const Parameter& parameter, bool option) {
  const std::string exclusive = option ? " -x" : "";
  switch (parameter.completes()) {
    case Completes::kNothing:
      return exclusive;
    case Completes::kFile:
      return option ? " -r -F" : " -F";
    case Completes::kDirectory:
      return exclusive + " -a '(__fish_complete_directories)'";
    case Completes::kModel:
      return exclusive + " -a '(__signalbox_names models)'";
    case Completes::kProvider:
      return exclusive + " -a '(__signalbox_names providers)'";
    case Completes::kWords:
      break;
  }
  std::string words;
  for (const std::string& word : parameter.words) {
    words.append(words.empty() ? "" : " ").append(word);
  }
  return exclusive + " -a " + Quoted(words);
}

void AppendCommand(const Command& command, std::string& out) {
  const std::string start =
      "complete -c signalbox -n " + Quoted("__signalbox_at " + Quoted(command.path));
  for (const Command& each : command.commands) {
    out += start + " -a " + Quoted(each.name) + " -d " + Quoted(each.doc) + "\n";
  }
  for (const Parameter& option : command.options) {
    out += start;
    for (const std::string& name : option.names) {
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    out += option.value.empty() ? "" : ValueArguments(option, true);
    out += " -d " + Quoted(option.doc) + "\n";
  }
  for (const Parameter& place : command.places) {
    if (place.completes() != Completes::kNothing) {
      out += start + ValueArguments(place, false) + "\n";
    }
  }
}

}  // namespace

std::string FishScript(const Command& root) {
  std::string out(kHead);
  ForEachCommand(root, [&](const Command& command) {
    if (&command != &root) {
      out += Quoted(command.path) + " ";
    }
  });
  out.pop_back();
  out += kMiddle;
  ForEachCommand(root, [&](const Command& command) { AppendCommand(command, out); });
  return out;
}

}  // namespace signalbox::cli
