// Prompts whose tokens their vendor has counted: exactly ours for texts, close for the rest.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "base/json/document.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/tokens/counter.h"
#include "vendors/tokens/models.h"

namespace signalbox::tokens {
namespace {

struct Prompt {
  std::string name;
  chat::Request request;
  std::size_t tokens = 0;  // as billed
};

std::string BodyOf(const json::Value& message) {
  const auto text = message.Find("body_text");
  const auto parsed = message.Find("body_json");
  return text && text->IsString() ? *text->AsString() : std::string(parsed ? parsed->Raw() : "");
}

// usage.prompt_tokens and the model of a whole answer or of one event of a stream.
void ReadAnswer(std::string_view body, Prompt& prompt) {
  json::Document document;
  if (!document.Parse(body) || !document.Root().IsObject()) {
    return;
  }
  const auto usage = document.Root().Find("usage");
  const auto tokens = usage && usage->IsObject() ? usage->Find("prompt_tokens") : std::nullopt;
  if (!tokens) {
    return;
  }
  prompt.tokens = static_cast<std::size_t>(tokens->AsInt().value_or(0));
  // An Azure deployment has any name; the answer says what the model is.
  const auto model = document.Root().Find("model");
  if (model && model->IsString() && !EncodingOf(prompt.request.model)) {
    prompt.request.model = *model->AsString();
  }
}

void ReadStream(const std::string& body, Prompt& prompt) {
  for (std::size_t at = body.find("data:"); at != std::string::npos;
       at = body.find("data:", at + 5)) {
    ReadAnswer(std::string_view(body).substr(at + 5, body.find('\n', at) - at - 5), prompt);
  }
}

void ReadExchange(const std::string& name, const json::Value& exchange,
                  std::vector<Prompt>& prompts) {
  const auto sent = exchange.Find("request");
  const auto answered = exchange.Find("response");
  const auto url = sent->Find("url")->AsString();
  if (answered->Find("status")->AsInt() != 200 || !url ||
      url->find("chat/completions") == std::string::npos) {
    return;
  }
  const std::string body = BodyOf(*sent);
  json::Document document;
  if (!document.Parse(body)) {
    return;
  }
  auto request = openai_chat::ParseRequest(document.Root());
  if (!request) {
    return;
  }
  Prompt prompt{name, std::move(*request), 0};
  const std::string answer = BodyOf(*answered);
  ReadAnswer(answer, prompt);
  ReadStream(answer, prompt);
  if (prompt.tokens > 0) {
    prompts.push_back(std::move(prompt));
  }
}

std::vector<Prompt> Prompts(const std::set<std::string>& providers) {
  std::vector<Prompt> prompts;
  std::error_code missing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           SB_SOURCE_DIR "/../shared/fixtures", missing)) {
    if (!entry.path().string().ends_with(".exchanges.json") ||
        !providers.contains(entry.path().parent_path().filename())) {
      continue;
    }
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    json::Document document;
    if (document.Parse(text)) {
      json::ForEachElement(document.Root(), [&](const json::Value& exchange) {
        ReadExchange(entry.path().filename(), exchange, prompts);
      });
    }
  }
  return prompts;
}

bool HasPictureOrSound(const chat::Request& request) {
  for (const chat::Message& message : request.messages) {
    for (const chat::Part& part : message.parts) {
      if (std::holds_alternative<chat::Media>(part.content)) {
        return true;
      }
    }
  }
  return false;
}

class Recordings : public testing::Test {
 protected:
  void SetUp() override {
    if (!counter_.Available()) {
      GTEST_SKIP() << "skipped: no vocabulary in this build (scripts/fetch_vocabulary)";
    }
    prompts_ = Prompts({"openai", "azure"});
    if (prompts_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  Counter counter_{SB_VOCABULARY};
  std::vector<Prompt> prompts_;
};

TEST_F(Recordings, ChatsOfTextsAreCountedAsBilled) {
  int agree = 0;
  for (const Prompt& prompt : prompts_) {
    if (const TokenCount count = counter_.CountChat(prompt.request); count.exact) {
      EXPECT_EQ(count.tokens, prompt.tokens) << prompt.name << " " << prompt.request.model;
      ++agree;
    }
  }
  std::cout << agree << " recorded chats of texts\n";
  EXPECT_GE(agree, 8);
}

TEST_F(Recordings, ToolsAndSchemasAreCloseToWhatIsBilled) {
  double sum = 0;
  double worst = 0;
  int count = 0;
  for (const Prompt& prompt : prompts_) {
    const TokenCount estimate = counter_.CountChat(prompt.request);
    if (estimate.exact || HasPictureOrSound(prompt.request)) {
      continue;
    }
    const auto billed = static_cast<double>(prompt.tokens);
    const double error = (static_cast<double>(estimate.tokens) - billed) / billed;
    EXPECT_LE(std::abs(error), 0.25) << prompt.name << ": " << estimate.tokens << " for " << billed;
    sum += std::abs(error);
    worst = std::max(worst, std::abs(error));
    ++count;
  }
  std::cout << count << " recorded chats with tools or schemas: mean error " << sum / count
            << ", worst " << worst << "\n";
  EXPECT_GE(count, 20);
  EXPECT_LE(sum / count, 0.08);
}

}  // namespace
}  // namespace signalbox::tokens
