// The script for zsh: sourced, or as the file _signalbox of a folder of $fpath.
#include "surface/cli/completion_parts.h"

namespace signalbox::cli {
namespace {

constexpr std::string_view kHead = R"(#compdef signalbox
# zsh completion for signalbox; load it with
#   source <(signalbox completion zsh)

_signalbox_values() {
  case $1 in
    files) _files ;;
    directories) _files -/ ;;
    models|providers)
      local -a names
      names=("${(@f)$("$words[1]" complete $1 2>/dev/null)}")
      compadd -- ${names:#}
      ;;
    nothing) ;;
    *) compadd -- ${(s: :)1} ;;
  esac
}

_signalbox() {
  local at=signalbox word prev=$words[CURRENT-1] kind='' place=nothing
  local -a options commands
  for word in "${(@)words[2,CURRENT-1]}"; do
)";

constexpr std::string_view kMiddle = R"(  done
  if [[ $PREFIX == --*=* ]]; then
    prev=${PREFIX%%=*}
    compset -P '*='
  fi
  case "$at $prev" in
)";

constexpr std::string_view kTail = R"(  esac
  if [[ -n $kind ]]; then
    _signalbox_values $kind
  elif [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    (( $#commands )) && _describe command commands
    _signalbox_values $place
  fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _signalbox "$@"
else
  compdef _signalbox signalbox
fi
)";

// 'name:what it is' for _describe, which takes a colon for the end of the name.
std::string Described(std::string_view name, std::string_view doc) {
  std::string text;
  for (const char c : name) {
    text += c == ':' ? "\\:" : std::string(1, c);
  }
  return ShellQuoted(text.append(":").append(doc));
}

std::string KindOf(const Parameter& parameter) {
  if (parameter.completes() != Completes::kWords) {
    return std::string(WordOf(parameter.completes()));
  }
  std::string out;
  for (const std::string& word : parameter.words) {
    out.append(out.empty() ? "" : " ").append(word);
  }
  return out;
}

std::string ValueCases(const Command& root) {
  std::string out;
  ForEachCommand(root, [&](const Command& command) {
    for (const Parameter& option : command.options) {
      if (option.value.empty()) {
        continue;
      }
      std::string patterns;
      for (const std::string& name : option.names) {
        patterns.append(patterns.empty() ? "" : "|").append(ShellQuoted(command.path + " " + name));
      }
      out += "    " + patterns + ") kind=" + ShellQuoted(KindOf(option)) + " ;;\n";
    }
  });
  return out;
}

std::string CommandCases(const Command& root) {
  std::string out;
  ForEachCommand(root, [&](const Command& command) {
    out += "    " + ShellQuoted(command.path) + ")\n";
    out += "      options=(";
    for (const Parameter& option : command.options) {
      for (const std::string& name : option.names) {
        out += "\n        " + Described(name, option.doc);
      }
    }
    out += "\n      )\n      commands=(";
    for (const Command& each : command.commands) {
      out += "\n        " + Described(each.name, each.doc);
    }
    out += "\n      )\n";
    if (!command.places.empty()) {
      out += "      place=" + ShellQuoted(KindOf(command.places.front())) + "\n";
    }
    out += "      ;;\n";
  });
  return out;
}

}  // namespace

std::string ZshScript(const Command& root) {
  std::string out(kHead);
  out += StepCase(root);
  out += kMiddle;
  out += ValueCases(root);
  out += "  esac\n  case $at in\n";
  out += CommandCases(root);
  return out.append(kTail);
}

}  // namespace signalbox::cli
