// The script for bash 3.2 and later; it needs no package of completions.
#include "surface/cli/completion_parts.h"

namespace signalbox::cli {
namespace {

// Words are put together again where bash breaks them, at ':' and '='. Candidates go through no
// expansion: they may be any text.
constexpr std::string_view kHead = R"(# bash completion for signalbox; load it with
#   source <(signalbox completion bash)

_signalbox_offer() {
  local word
  while IFS= read -r word; do
    [[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

_signalbox_values() {
  case $1 in
    files) compopt -o filenames 2>/dev/null; _signalbox_offer < <(compgen -f -- "$cur") ;;
    directories) compopt -o filenames 2>/dev/null; _signalbox_offer < <(compgen -d -- "$cur") ;;
    models | providers) _signalbox_offer < <("${COMP_WORDS[0]}" complete "$1" 2>/dev/null) ;;
    nothing) ;;
    *) _signalbox_offer <<<"${1// /$'\n'}" ;;
  esac
}

_signalbox() {
  local at=signalbox word last='' cur='' prev='' kind='' options='' commands='' place='nothing' i
  local -a words=()
  COMPREPLY=()
  for ((i = 0; i <= COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $i -gt 1 && ($word == [:=]* || $last == *[:=]) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    last=$word
  done
  cur=${words[${#words[@]} - 1]}
  [[ ${#words[@]} -gt 1 ]] && prev=${words[${#words[@]} - 2]}
  for ((i = 1; i < ${#words[@]} - 1; ++i)); do
    word=${words[i]}
)";

constexpr std::string_view kMiddle = R"(  done
  local before=''
  if [[ $cur == --*=* ]]; then
    prev=${cur%%=*}
    [[ ${COMP_WORDS[COMP_CWORD]} == --* ]] && before=$prev=
    cur=${cur#*=}
  fi
  case "$at $prev" in
)";

constexpr std::string_view kTail = R"(  esac
  if [[ -n $kind ]]; then
    _signalbox_values "$kind"
  elif [[ $cur == -* ]]; then
    _signalbox_values "$options"
  else
    [[ -n $commands ]] && _signalbox_values "$commands"
    _signalbox_values "$place"
  fi
  [[ -n $before ]] && COMPREPLY=("${COMPREPLY[@]/#/$before}")
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
  fi
}

complete -F _signalbox signalbox
)";

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out.append(out.empty() ? "" : " ").append(word);
  }
  return out;
}

// What the value of a parameter is: a word that _signalbox_values knows, or the values themselves.
std::string KindOf(const Parameter& parameter) {
  return parameter.completes() == Completes::kWords ? Joined(parameter.words)
                                                    : std::string(WordOf(parameter.completes()));
}

// What follows an option that takes a value.
std::string ValueCases(const Command& root) {
  std::string out;
  for (const Completes kind : {Completes::kNothing, Completes::kFile, Completes::kDirectory,
                               Completes::kModel, Completes::kProvider}) {
    if (const std::string patterns = ValuePatterns(root, kind); !patterns.empty()) {
      out += "    " + patterns + ") kind=" + std::string(WordOf(kind)) + " ;;\n";
    }
  }
  ForEachCommand(root, [&](const Command& command) {
    for (const Parameter& option : command.options) {
      for (const std::string& name : option.names) {
        if (option.completes() == Completes::kWords) {
          out += "    " + ShellQuoted(command.path + " " + name) +
                 ") kind=" + ShellQuoted(KindOf(option)) + " ;;\n";
        }
      }
    }
  });
  return out;
}

std::string CommandCases(const Command& root) {
  std::string out;
  ForEachCommand(root, [&](const Command& command) {
    std::string options;
    std::string commands;
    for (const Parameter& option : command.options) {
      options.append(options.empty() ? "" : " ").append(Joined(option.names));
    }
    for (const Command& each : command.commands) {
      commands.append(commands.empty() ? "" : " ").append(each.name);
    }
    out += "    " + ShellQuoted(command.path) + ") options=" + ShellQuoted(options);
    out += commands.empty() ? "" : " commands=" + ShellQuoted(commands);
    out += command.places.empty() ? "" : " place=" + ShellQuoted(KindOf(command.places.front()));
    out += " ;;\n";
  });
  return out;
}

}  // namespace

std::string BashScript(const Command& root) {
  std::string out(kHead);
  out += StepCase(root);
  out += kMiddle;
  out += ValueCases(root);
  out += "  esac\n  case $at in\n";
  out += CommandCases(root);
  return out.append(kTail);
}

}  // namespace signalbox::cli
