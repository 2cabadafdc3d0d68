#include "vendors/dialects/testkit/recordings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json/document.h"

namespace signalbox::testkit {
namespace {

namespace fs = std::filesystem;
using json::Value;

fs::path Root() {
  return fs::path(SB_SOURCE_DIR) / ".." / "shared" / "fixtures";
}

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string TextIn(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

std::string FromBase64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      continue;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xffU);
    }
  }
  return out;
}

// A body: text as it came, JSON that the recorder had parsed already, or bytes.
std::string BodyOf(const Value& message) {
  if (const auto parsed = message.Find("body_json")) {
    return std::string(parsed->Raw());
  }
  const std::string bytes = TextIn(message, "body_base64");
  return bytes.empty() ? TextIn(message, "body_text") : FromBase64(bytes);
}

void PutAnswer(std::string body, Recording& out) {
  const auto start = body.find_first_not_of(" \r\n\t");
  json::Document document;  // several JSON texts, a line each, are a stream
  const bool is_json = start != std::string::npos && (body[start] == '{' || body[start] == '[') &&
                       document.Parse(body, {.unique_keys = false});
  (is_json ? out.answer : out.stream) = std::move(body);
}

void LoadExchanges(const fs::path& path, std::string_view endpoint, const Recording& of,
                   std::vector<Recording>& out) {
  const std::string text = Slurp(path);
  json::Document document;
  ASSERT_TRUE(document.Parse(text)) << path;
  int number = 0;
  json::ForEachElement(document.Root(), [&](const Value& exchange) {
    const Value request = *exchange.Find("request");
    const Value response = *exchange.Find("response");
    ++number;
    Recording recording = of;
    recording.url = TextIn(request, "url");
    if (recording.url.find(endpoint) == std::string::npos) {
      return;
    }
    recording.name = path.filename().string() + " #" + std::to_string(number);
    recording.status = static_cast<int>(response.Find("status")->AsInt().value_or(200));
    recording.request = BodyOf(request);
    PutAnswer(BodyOf(response), recording);
    out.push_back(std::move(recording));
  });
}

void LoadLines(const fs::path& path, Recording recording, std::vector<Recording>& out) {
  std::istringstream lines(Slurp(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('{')) {
      recording.frames.push_back(line);
    }
  }
  out.push_back(std::move(recording));
}

void LoadFile(const Value& entry, std::string_view endpoint, std::vector<Recording>& out) {
  const std::string file = TextIn(entry, "file");
  const std::string kind = TextIn(entry, "kind");
  Recording recording;
  recording.name = file;
  recording.provider = TextIn(entry, "provider");
  if (kind == "cassette") {
    fs::path path = Root() / file;
    LoadExchanges(path.replace_extension(".exchanges.json"), endpoint, recording, out);
  } else if (kind == "chunks" || kind == "jsonl") {
    LoadLines(Root() / file, std::move(recording), out);
  } else {
    PutAnswer(Slurp(Root() / file), recording);
    out.push_back(std::move(recording));
  }
}

bool Matches(std::string_view wanted, const std::string& is) {
  return wanted.empty() || wanted == is;
}

}  // namespace

std::vector<Recording> LoadRecordings(const Wanted& wanted) {
  std::vector<Recording> out;
  const std::string text = Slurp(Root() / "manifest.json");
  json::Document document;
  if (text.empty() || !document.Parse(text)) {
    return out;
  }
  json::ForEachElement(document.Root(), [&](const Value& entry) {
    if (Matches(wanted.api, TextIn(entry, "api")) &&
        Matches(wanted.provider, TextIn(entry, "provider"))) {
      LoadFile(entry, wanted.endpoint, out);
    }
  });
  return out;
}

}  // namespace signalbox::testkit
