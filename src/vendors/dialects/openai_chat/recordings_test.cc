#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json/document.h"
#include "vendors/dialects/openai_chat/recordings.h"

namespace signalbox::openai_chat {
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

// A body: text as it came, or JSON that the recorder had parsed already.
std::string BodyOf(const Value& message) {
  const auto parsed = message.Find("body_json");
  return parsed ? std::string(parsed->Raw()) : TextIn(message, "body_text");
}

void PutAnswer(std::string body, Recording& out) {
  const auto start = body.find_first_not_of(" \r\n\t");
  const bool is_json = start != std::string::npos && (body[start] == '{' || body[start] == '[');
  (is_json ? out.answer : out.sse) = std::move(body);
}

void LoadExchanges(const fs::path& path, std::string_view endpoint, std::vector<Recording>& out) {
  const std::string text = Slurp(path);
  json::Document document;
  ASSERT_TRUE(document.Parse(text)) << path;
  int number = 0;
  json::ForEachElement(document.Root(), [&](const Value& exchange) {
    const Value request = *exchange.Find("request");
    const Value response = *exchange.Find("response");
    ++number;
    if (TextIn(request, "url").find(endpoint) == std::string::npos) {
      return;
    }
    Recording recording;
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
  if (kind == "cassette") {
    fs::path path = Root() / file;
    LoadExchanges(path.replace_extension(".exchanges.json"), endpoint, out);
  } else if (kind == "chunks" || kind == "jsonl") {
    LoadLines(Root() / file, std::move(recording), out);
  } else {
    PutAnswer(Slurp(Root() / file), recording);
    out.push_back(std::move(recording));
  }
}

std::vector<Recording> Load(std::string_view api, std::string_view endpoint) {
  std::vector<Recording> out;
  const std::string text = Slurp(Root() / "manifest.json");
  json::Document document;
  if (text.empty() || !document.Parse(text)) {
    return out;
  }
  json::ForEachElement(document.Root(), [&](const Value& entry) {
    if (TextIn(entry, "api") == api && TextIn(entry, "provider") != "cohere") {
      LoadFile(entry, endpoint, out);
    }
  });
  return out;
}

}  // namespace

std::vector<Recording> LoadChatRecordings() {
  return Load("chat", "chat/completions");
}
std::vector<Recording> LoadEmbeddingsRecordings() {
  return Load("embeddings", "/v1/embeddings");
}

}  // namespace signalbox::openai_chat
