#include "surface/cli/completion.h"

#include "surface/cli/completion_parts.h"

namespace signalbox::cli {

std::string ShellQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out + "'";
}

std::string StepCase(const Command& root) {
  std::string patterns;
  ForEachCommand(root, [&](const Command& command) {
    if (&command != &root) {
      patterns.append(patterns.empty() ? "" : "|").append(ShellQuoted(command.path));
    }
  });
  return "    case \"$at $word\" in\n      " + patterns + ") at=\"$at $word\" ;;\n    esac\n";
}

std::string ValuePatterns(const Command& root, Completes kind) {
  std::string out;
  ForEachCommand(root, [&](const Command& command) {
    for (const Parameter& option : command.options) {
      if (option.value.empty() || option.completes() != kind) {
        continue;
      }
      for (const std::string& name : option.names) {
        out.append(out.empty() ? "" : "|").append(ShellQuoted(command.path + " " + name));
      }
    }
  });
  return out;
}

std::string_view WordOf(Completes kind) {
  switch (kind) {
    case Completes::kNothing:
      return "nothing";
    case Completes::kWords:
      return "words";
    case Completes::kFile:
      return "files";
    case Completes::kDirectory:
      return "directories";
    case Completes::kModel:
      return "models";
    case Completes::kProvider:
      return "providers";
  }
  return "nothing";
}

std::string CompletionScript(const Command& root, Shell shell) {
  switch (shell) {
    case Shell::kBash:
      return BashScript(root);
    case Shell::kZsh:
      return ZshScript(root);
    case Shell::kFish:
      return FishScript(root);
  }
  return "";
}

}  // namespace signalbox::cli
