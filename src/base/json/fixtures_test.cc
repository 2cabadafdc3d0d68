// Real answers of real providers: read, written again, and read by simdjson to the same meaning.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "base/json/oracle.h"
#include "base/json/writer.h"

namespace signalbox::json {
namespace {

std::string Read(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

void Rewrite(const Value& value, Writer& writer) {
  std::string scratch;
  if (value.IsObject()) {
    writer.BeginObject();
    ForEachMember(value, [&](const Value& key, const Value& member) {
      writer.Key(*key.AsText(scratch));
      Rewrite(member, writer);
    });
    writer.EndObject();
  } else if (value.IsArray()) {
    writer.BeginArray();
    ForEachElement(value, [&](const Value& element) { Rewrite(element, writer); });
    writer.EndArray();
  } else if (value.IsString()) {
    writer.String(*value.AsText(scratch));
  } else {
    writer.Raw(value.Raw());
  }
}

// Parses `text`, writes it again, and compares what simdjson reads there with what we read here.
void ExpectRoundTrip(std::string_view text, const std::string& where) {
  Document document;
  const auto status = document.Parse(text);
  ASSERT_TRUE(status) << where << ": " << status.error().message;
  EXPECT_EQ(oracle::Disagreement(text), "") << where;
  std::string again;
  Writer writer(again);
  Rewrite(document.Root(), writer);
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  ASSERT_EQ(parser.parse(again).get(element), simdjson::SUCCESS) << where;
  EXPECT_TRUE(oracle::SameMeaning(document.Root(), element)) << where;
}

// A body kept as text: JSON, or the data lines of an event stream. Returns how many it held.
int CheckBodyText(const std::string& body, const std::string& where) {
  int count = 0;
  std::istringstream lines(body.starts_with("{") ? "data: " + body : body);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("data: {")) {
      continue;
    }
    simdjson::dom::parser parser;
    const bool single = body.starts_with("{");
    const std::string text = single ? body : line.substr(6);
    if (parser.parse(text).error() == simdjson::SUCCESS) {
      ExpectRoundTrip(text, where);
      ++count;
    }
    if (single) {
      break;
    }
  }
  return count;
}

int CheckExchanges(const std::string& text, const std::string& where) {
  Document document;
  EXPECT_TRUE(document.Parse(text)) << where;
  int count = 0;
  ForEachElement(document.Root(), [&](const Value& exchange) {
    ForEachMember(exchange, [&](const Value&, const Value& side) {
      if (const auto body = side.Find("body_json")) {
        ExpectRoundTrip(body->Raw(), where);
        ++count;
      }
      if (const auto body = side.Find("body_text"); body && body->IsString()) {
        count += CheckBodyText(*body->AsString(), where);
      }
    });
  });
  return count;
}

TEST(Fixtures, EveryRecordedBodyKeepsItsMeaning) {
  const auto root = std::filesystem::path(SB_SOURCE_DIR) / ".." / "shared" / "fixtures";
  if (!std::filesystem::is_directory(root)) {
    std::cout << "skipped: ../shared/fixtures is not there\n";
    GTEST_SKIP();
  }
  int files = 0;
  int bodies = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".json") {
      continue;
    }
    const std::string text = Read(entry.path());
    ExpectRoundTrip(text, entry.path().filename());
    ++files;
    if (entry.path().filename().string().ends_with(".exchanges.json")) {
      bodies += CheckExchanges(text, entry.path().filename());
    }
  }
  std::cout << files << " files, " << bodies << " recorded bodies\n";
  EXPECT_GT(files, 100);
  EXPECT_GT(bodies, 300);
}

}  // namespace
}  // namespace signalbox::json
