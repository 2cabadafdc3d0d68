#include "surface/cli/man_page.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <span>

#include "surface/cli/exit_status.h"
#include "surface/cli/text_width.h"

namespace signalbox::cli {
namespace {

constexpr int kColumns = 78;

struct Item {
  std::string_view name;
  std::string_view text;
};

// Variables that no option names.
constexpr auto kVariables = std::to_array<Item>({
    {"SIGNALBOX_PROFILE", "The profile of the configuration, where --profile names none."},
    {"SIGNALBOX_SECTION__KEY",
     "A value of the configuration: SIGNALBOX_SERVER__LISTEN is server.listen. Two underscores "
     "stand between levels."},
    {"OPENAI_API_KEY, MISTRAL_API_KEY, GROQ_API_KEY, ...",
     "Without providers in the configuration, each provider whose usual key is set is used."},
    {"NO_COLOR, CLICOLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM, COLUMNS",
     "Whether there are colours, and how wide output is. A pipe gets neither colours nor a limit "
     "of width."},
});

constexpr auto kFiles = std::to_array<Item>({
    {"signalbox.yaml",
     "The configuration, named with --config; none is needed. signalbox config reference explains "
     "every key, signalbox config schema serves editors."},
    {"./data",
     "The data directory unless the configuration or --data names another: the journal of calls, "
     "the history of configurations, prices."},
    {"DATA/prices.rows", "Prices that signalbox models refresh wrote."},
    {"DATA/config-history/", "The configurations that were in effect."},
});

constexpr auto kSignals = std::to_array<Item>({
    {"SIGTERM, SIGINT",
     "signalbox serve takes no new requests, finishes those that run and ends; a second one ends "
     "it at once."},
    {"SIGHUP", "Reads the configuration again; when it is wrong, the one in effect stays."},
    {"SIGUSR2", "Hands over to the program file that is on disk now, without a dropped request."},
});

constexpr auto kExamples = std::to_array<Item>({
    {"signalbox serve", "Answer requests with the providers whose keys are in the environment."},
    {"signalbox chat -m openai/gpt-4o-mini 'Say hello'", "Ask the running Signalbox."},
    {"signalbox models list --capability vision", "Which models can see pictures."},
    {"signalbox models test", "Whether every model that is configured answers."},
});

// Text for roff: no character of it starts a request or an escape.
std::string Plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'' || c == '`' || c == '^' || c == '~') {
      out += c == '\'' ? "\\(aq" : c == '`' ? "\\(ga" : c == '^' ? "\\(ha" : "\\(ti";
    } else if (c == '\n') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

// A paragraph in lines of a page's width; none of them begins with what roff takes for a request.
std::string Paragraph(std::string_view text) {
  std::string out = Wrapped(Plain(text), kColumns, 0);
  for (std::size_t at = out.find("\n."); at != std::string::npos; at = out.find("\n.", at + 1)) {
    out.insert(at + 1, "\\&");
  }
  return out;
}

std::string Bold(std::string_view text) {
  return "\\fB" + Plain(text) + "\\fR";
}

std::string Sentence(std::string text) {
  if (!text.empty() && !text.ends_with('.')) {
    text += '.';
  }
  return text;
}

void AppendItems(std::span<const Item> items, std::string& out) {
  for (const Item& item : items) {
    out += fmt::format(".TP\n{}\n{}\n", Bold(item.name), Paragraph(item.text));
  }
}

std::string SynopsisOf(const Parameter& parameter) {
  if (parameter.names.empty()) {
    return "\\fI" + Plain(parameter.Synopsis()) + "\\fR";
  }
  std::string out;
  for (const std::string& name : parameter.names) {
    out += (out.empty() ? "" : ", ") + Bold(name);
  }
  return out + (parameter.value.empty() ? "" : " \\fI" + Plain(parameter.value) + "\\fR");
}

void AppendParameter(const Parameter& parameter, std::string& out) {
  std::string text = Sentence(parameter.doc);
  if (!parameter.words.empty()) {
    text += fmt::format(" One of {}.", fmt::join(parameter.words, ", "));
  }
  if (!parameter.range.empty()) {
    text += fmt::format(" From {}.", parameter.range);
  }
  if (!parameter.fallback.empty()) {
    text += fmt::format(" Default: {}.", parameter.fallback);
  }
  if (!parameter.variable.empty()) {
    text += fmt::format(" Else {} in the environment.", parameter.variable);
  }
  out += fmt::format(".TP\n{}\n{}\n", SynopsisOf(parameter), Paragraph(text));
}

void AppendCommand(const Command& command, std::string& out) {
  out += fmt::format(".SS {}\n{}\n", Plain(command.Usage()), Paragraph(Sentence(command.doc)));
  for (const Parameter& place : command.places) {
    AppendParameter(place, out);
  }
  for (const Parameter& option : command.options) {
    if (option.names.back() != "--help") {
      AppendParameter(option, out);
    }
  }
}

// Variables that options name, each once.
std::map<std::string, std::string> OptionVariables(const Command& root) {
  std::map<std::string, std::string> out;
  ForEachCommand(root, [&](const Command& command) {
    for (const Parameter& option : command.options) {
      if (!option.variable.empty()) {
        out[option.variable] = Sentence(option.doc) + " The same as " + option.names.back() + ".";
      }
    }
  });
  return out;
}

}  // namespace

std::string ManPage(const Command& root, std::string_view version, std::string_view day) {
  std::string out = fmt::format(
      ".\\\" Written by signalbox man.\n.TH SIGNALBOX 1 {} \"signalbox {}\"\n", day, version);
  out += ".SH NAME\nsignalbox \\- a gateway between applications and AI models\n";
  out += ".SH SYNOPSIS\n" + Bold(root.name) + " \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n";
  out += ".SH DESCRIPTION\n" +
         Paragraph(root.doc +
                   " It speaks OpenAI's API to applications, chooses the provider, tries another "
                   "one when that fails, and writes down what every call used and cost.") +
         "\n";
  out += ".SH COMMANDS\n" + Plain("Every command takes --help.") + "\n";
  for (const Command& command : root.commands) {
    ForEachCommand(command, [&](const Command& each) {
      if (each.commands.empty()) {
        AppendCommand(each, out);
      }
    });
  }
  out += ".SH EXIT STATUS\n";
  for (const ExitMeaning& each : ExitMeanings()) {
    out += fmt::format(".TP\n.B {}\n{}\n", static_cast<int>(each.status),
                       Paragraph(Sentence(std::string(each.meaning))));
  }
  out += ".SH ENVIRONMENT\n";
  for (const auto& [name, text] : OptionVariables(root)) {
    out += fmt::format(".TP\n{}\n{}\n", Bold(name), Paragraph(text));
  }
  AppendItems(kVariables, out);
  out += ".SH FILES\n";
  AppendItems(kFiles, out);
  out += ".SH SIGNALS\n";
  AppendItems(kSignals, out);
  out += ".SH EXAMPLES\n";
  AppendItems(kExamples, out);
  return out;
}

}  // namespace signalbox::cli
