#include "vendors/dialects/testkit/cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "vendors/chat/dump.h"

namespace signalbox::testkit {
namespace {

namespace fs = std::filesystem;

struct Section {
  std::string name;
  std::string text;
};

fs::path FolderOf(std::string_view folder) {
  return fs::path(SB_SOURCE_DIR) / "test" / "cases" / folder;
}

std::vector<Section> ReadCase(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<Section> sections;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("=== ")) {
      sections.push_back({line.substr(4), {}});
    } else if (!sections.empty()) {
      if (line.ends_with("\\r")) {
        line.replace(line.size() - 2, 2, "\r");
      }
      sections.back().text += line + "\n";
    }
  }
  return sections;
}

const Section* FindSection(const std::vector<Section>& sections, std::string_view name) {
  const auto found = std::ranges::find(sections, name, &Section::name);
  return found == sections.end() ? nullptr : &*found;
}

std::string Said(const core::Error& error) {
  return error.param + ": " + error.message + "\n";
}

Streamed RunRequest(const wire::Dialect& dialect, const json::Document& document) {
  const auto request = dialect.ParseRequest(document.Root());
  if (!request) {
    return {Said(request.error()), {}};
  }
  const auto rendered = dialect.RenderRequest(*request, {});
  return {chat::Dump(*request), rendered ? rendered->body : Said(rendered.error())};
}

Streamed RunAnswer(const wire::Dialect& dialect, const json::Document& document) {
  const auto answer = dialect.ParseAnswer(document.Root());
  return answer ? Streamed{chat::Dump(*answer), dialect.RenderAnswer(*answer)}
                : Streamed{Said(answer.error()), {}};
}

Streamed RunCase(const wire::Dialect& dialect, const Section& input) {
  if (input.name == "stream") {
    return RunStream(dialect, {input.text});
  }
  json::Document document;
  if (auto status = document.Parse(input.text); !status) {
    return {Said(status.error()), {}};
  }
  return input.name == "request" ? RunRequest(dialect, document) : RunAnswer(dialect, document);
}

std::string WithCrShown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '\r' ? std::string("\\r") : std::string(1, c);
  }
  return out;
}

void Update(const fs::path& path, const std::vector<Section>& sections, const Streamed& outcome) {
  std::ofstream file(path, std::ios::binary);
  file << "=== " << sections[0].name << "\n" << WithCrShown(sections[0].text);
  file << "=== canonical\n" << outcome.canonical;
  if (FindSection(sections, "rendered") != nullptr) {
    file << "=== rendered\n" << WithCrShown(outcome.rendered);
    file << (outcome.rendered.ends_with('\n') ? "" : "\n");
  }
}

// Runs the parser over `pieces`; `batch(events)` takes what a frame means.
template <typename Batch>
void Feed(wire::StreamParser& parser, const std::vector<std::string_view>& pieces,
          std::string& errors, Batch batch) {
  for (const std::string_view piece : pieces) {
    parser.Feed(piece);
    while (true) {
      chat::EventBatch events;
      const auto more = parser.Next(events);
      if (!more) {
        errors += Said(more.error());
        continue;
      }
      if (!*more) {
        break;
      }
      batch(events);
    }
  }
  chat::EventBatch events;
  if (const auto ended = parser.End(events); !ended) {
    errors += Said(ended.error());
  }
  batch(events);
}

}  // namespace

std::vector<std::string> CaseNames(std::string_view folder) {
  std::vector<std::string> names;
  if (fs::exists(FolderOf(folder))) {
    for (const auto& entry : fs::directory_iterator(FolderOf(folder))) {
      if (entry.path().extension() == ".case") {
        names.push_back(entry.path().filename().string());
      }
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string CaseTitle(const std::string& file) {
  std::string name = file.substr(0, file.size() - 5);
  std::ranges::replace(name, '-', '_');
  return name;
}

Streamed RunStream(const wire::Dialect& dialect, const std::vector<std::string_view>& pieces) {
  const auto parser = dialect.NewStreamParser();
  const auto renderer = dialect.NewStreamRenderer(true, {.framing = dialect.framing()});
  Streamed outcome;
  Feed(*parser, pieces, outcome.canonical, [&](const chat::EventBatch& events) {
    outcome.canonical += chat::Dump(events);
    if (!events.empty()) {
      renderer->Render(events, outcome.rendered);
    }
  });
  return outcome;
}

void CheckCase(const wire::Dialect& dialect, std::string_view folder, const std::string& file,
               const Rules& rules) {
  const fs::path path = FolderOf(folder) / file;
  const std::vector<Section> sections = ReadCase(path);
  ASSERT_GE(sections.size(), 2U) << path;
  const Section& input = sections[0];
  const Streamed outcome = RunCase(dialect, input);
  if (std::getenv("SB_UPDATE_CASES") != nullptr) {
    Update(path, sections, outcome);
    return;
  }
  const Section* canonical = FindSection(sections, "canonical");
  ASSERT_NE(canonical, nullptr);
  EXPECT_EQ(outcome.canonical, canonical->text);
  const Section* rendered = FindSection(sections, "rendered");
  if (input.name == "stream") {
    if (rendered != nullptr) {
      EXPECT_EQ(outcome.rendered, rendered->text);
    }
  } else if (rendered != nullptr) {
    EXPECT_EQ(Difference(Meaning::Of(outcome.rendered, rules), Meaning::Of(rendered->text, rules)),
              "");
  } else if (!outcome.rendered.empty()) {
    EXPECT_EQ(Difference(Meaning::Of(outcome.rendered, rules), Meaning::Of(input.text, rules)), "");
  }
}

void CheckEveryCut(const wire::Dialect& dialect, std::string_view folder, const std::string& file) {
  const std::vector<Section> sections = ReadCase(FolderOf(folder) / file);
  if (sections.empty() || sections[0].name != "stream") {
    return;
  }
  const std::string_view text = sections[0].text;
  const std::string whole = RunStream(dialect, {text}).canonical;
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    ASSERT_EQ(RunStream(dialect, {text.substr(0, cut), text.substr(cut)}).canonical, whole) << cut;
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bytes.push_back(text.substr(i, 1));
  }
  EXPECT_EQ(RunStream(dialect, bytes).canonical, whole);
}

}  // namespace signalbox::testkit
