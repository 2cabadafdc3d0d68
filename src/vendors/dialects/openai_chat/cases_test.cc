// The text cases of test/cases/openai_chat: what comes in, what it means, what goes out.
//
// A case has sections that begin with "=== <name>". The first one is the input: `request`, `answer`
// or `stream` (the bytes of an upstream, lines ended by LF). Then `canonical`: the dump, or the
// error as "<param>: <message>"; then `rendered`: JSON compared by meaning, or the data of the
// frames one a line; without it a request or an answer goes out as it came in. Each stream is also
// fed in two pieces, cut at every byte, and byte by byte.
//
// SB_UPDATE_CASES=1 writes what came out into the files, to be read before it is kept.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/net/sse.h"
#include "vendors/chat/dump.h"
#include "vendors/dialects/openai_chat/meaning.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/dialects/openai_chat/render_request.h"
#include "vendors/dialects/openai_chat/stream_parser.h"
#include "vendors/dialects/openai_chat/stream_renderer.h"

namespace signalbox::openai_chat {
namespace {

namespace fs = std::filesystem;

struct Section {
  std::string name;
  std::string text;
};

struct Outcome {
  std::string canonical;
  std::string rendered;
};

fs::path Folder() {
  return fs::path(SB_SOURCE_DIR) / "test" / "cases" / "openai_chat";
}

std::vector<Section> ReadCase(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<Section> sections;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("=== ")) {
      sections.push_back({line.substr(4), {}});
    } else if (!sections.empty()) {
      sections.back().text += line + "\n";
    }
  }
  return sections;
}

const Section* FindSection(const std::vector<Section>& sections, std::string_view name) {
  for (const Section& section : sections) {
    if (section.name == name) {
      return &section;
    }
  }
  return nullptr;
}

std::string Said(const core::Error& error) {
  return error.param + ": " + error.message + "\n";
}

Outcome RunRequest(const json::Document& document) {
  const auto request = ParseRequest(document.Root());
  if (!request) {
    return {Said(request.error()), {}};
  }
  const auto rendered = RenderRequest(*request);
  return {chat::Dump(*request), rendered ? rendered->body : Said(rendered.error())};
}

Outcome RunAnswer(const json::Document& document) {
  const auto answer = ParseAnswer(document.Root());
  return answer ? Outcome{chat::Dump(*answer), RenderAnswer(*answer)}
                : Outcome{Said(answer.error()), {}};
}

// Feeds the pieces of a stream through reader, parser and renderer.
Outcome RunStream(const std::vector<std::string_view>& pieces) {
  net::SseReader reader;
  StreamParser parser;
  StreamRenderer renderer(true);
  Outcome outcome;
  for (const std::string_view piece : pieces) {
    reader.Feed(piece);
    for (net::SseEvent event; reader.Next(event);) {
      chat::EventBatch batch;
      const auto status = parser.Parse(event.type, event.data, batch);
      outcome.canonical += status ? chat::Dump(batch) : Said(status.error());
      std::vector<std::string> frames;
      renderer.Render(batch, frames);
      for (const std::string& frame : frames) {
        outcome.rendered += frame + "\n";
      }
    }
  }
  return outcome;
}

Outcome RunCase(const Section& input) {
  if (input.name == "stream") {
    return RunStream({input.text});
  }
  json::Document document;
  if (auto status = document.Parse(input.text); !status) {
    return {Said(status.error()), {}};
  }
  return input.name == "request" ? RunRequest(document) : RunAnswer(document);
}

// One document a line, or one in all.
std::vector<std::string> Meanings(const std::string& text, bool lines) {
  std::vector<std::string> meanings;
  std::istringstream in(text);
  for (std::string line; lines && std::getline(in, line);) {
    meanings.push_back(line == "[DONE]" ? line : Meaning::Of(line).Text());
  }
  if (!lines) {
    meanings.push_back(Meaning::Of(text).Text());
  }
  return meanings;
}

void Update(const fs::path& path, const std::vector<Section>& sections, const Outcome& outcome) {
  std::ofstream file(path, std::ios::binary);
  file << "=== " << sections[0].name << "\n" << sections[0].text;
  file << "=== canonical\n" << outcome.canonical;
  if (FindSection(sections, "rendered") != nullptr) {
    file << "=== rendered\n" << outcome.rendered;
    file << (outcome.rendered.ends_with('\n') ? "" : "\n");
  }
}

class Cases : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    sections_ = ReadCase(Folder() / GetParam());
    ASSERT_GE(sections_.size(), 2U);
  }
  std::vector<Section> sections_;
};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  const Section& input = sections_[0];
  const Outcome outcome = RunCase(input);
  if (std::getenv("SB_UPDATE_CASES") != nullptr) {
    Update(Folder() / GetParam(), sections_, outcome);
    return;
  }
  const Section* canonical = FindSection(sections_, "canonical");
  ASSERT_NE(canonical, nullptr);
  EXPECT_EQ(outcome.canonical, canonical->text);
  const Section* rendered = FindSection(sections_, "rendered");
  const bool lines = input.name == "stream";
  if (rendered != nullptr) {
    EXPECT_EQ(Meanings(outcome.rendered, lines), Meanings(rendered->text, lines));
  } else if (!outcome.rendered.empty() && !lines) {
    EXPECT_EQ(Difference(Meaning::Of(outcome.rendered), Meaning::Of(input.text)), "");
  }
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  if (sections_[0].name != "stream") {
    return;
  }
  const std::string_view text = sections_[0].text;
  const std::string whole = RunStream({text}).canonical;
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    ASSERT_EQ(RunStream({text.substr(0, cut), text.substr(cut)}).canonical, whole) << cut;
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bytes.push_back(text.substr(i, 1));
  }
  EXPECT_EQ(RunStream(bytes).canonical, whole);
}

std::vector<std::string> AllCases() {
  std::vector<std::string> names;
  if (fs::exists(Folder())) {
    for (const auto& entry : fs::directory_iterator(Folder())) {
      if (entry.path().extension() == ".case") {
        names.push_back(entry.path().filename().string());
      }
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(AllCases()), [](const auto& info) {
  std::string name = info.param.substr(0, info.param.size() - 5);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace signalbox::openai_chat
