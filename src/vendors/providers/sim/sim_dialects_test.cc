// The simulated provider in every dialect there is: asked in the dialect's own words, it answers in
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/dialects/dialects.h"
#include "vendors/providers/sim/sim_service.h"

namespace signalbox::sim {
namespace {

using namespace std::chrono_literals;
using chat::Operation;
using testing::HasSubstr;

std::string BytesOf(ServiceAnswer& answer) {
  std::string bytes;
  std::chrono::nanoseconds now{0};
  for (;;) {
    const auto step = answer.body->Next(now);
    if (step.kind == BodyStream::Step::Kind::kEnd) {
      return bytes;
    }
    now = step.kind == BodyStream::Step::Kind::kWait ? step.at : now;
    bytes += step.bytes;
  }
}

class SimDialects : public testing::TestWithParam<dialects::Named> {
 protected:
  void SetUp() override {
    if (!dialect().Has(Operation::kChat)) {
      GTEST_SKIP() << "skipped: " << dialect().title() << " has no chat of its own";
    }
  }
  const wire::Dialect& dialect() const { return *GetParam().dialect; }

  void Use(const std::string& script) {
    std::vector<config::Problem> problems;
    auto parsed = ParseScript("faults.yaml", script, problems);
    ASSERT_TRUE(parsed.has_value()) << config::Text(problems);
    run_ = std::make_unique<ScriptRun>(*std::move(parsed));
    service_ = std::make_unique<SimService>(*run_);
  }

  chat::Request Echo(bool streamed) const {
    chat::Request request;
    request.model = "echo";
    request.stream = streamed;
    if (streamed) {
      request.stream_options.stated = true;
      request.stream_options.include_usage = true;
    }
    chat::Message& message = request.messages.emplace_back();
    message.parts.push_back({.content = chat::Text{.text = "one two three"}});
    return request;
  }

  ServiceAnswer Ask(const chat::Request& request) {
    const auto rendered = dialect().RenderRequest(request, {});
    EXPECT_TRUE(rendered) << rendered.error().message;
    body_ = rendered ? rendered->body : "";
    path_ = dialect().PathOf(Operation::kChat, request.model, request.stream.value_or(false));
    return service_->Handle({.method = "POST",
                             .path = path_,
                             .body = body_,
                             .headers = {},
                             .now = core::MonoTime{},
                             .wall_now = core::WallTime{1000s}});
  }

  // The answer that the stream in `bytes` tells.
  chat::Assembler Read(std::string_view bytes) {
    const auto parser = dialect().NewStreamParser();
    chat::Assembler assembler;
    parser->Feed(bytes);
    for (;;) {
      chat::EventBatch events;
      const auto more = parser->Next(events);
      EXPECT_TRUE(more) << more.error().message << "\n" << bytes;
      assembler.Take(events);
      if (!more || !*more) {
        break;
      }
    }
    chat::EventBatch events;
    EXPECT_TRUE(parser->End(events));
    assembler.Take(events);
    return assembler;
  }

  std::unique_ptr<ScriptRun> run_ = std::make_unique<ScriptRun>(Script{});
  std::unique_ptr<SimService> service_ = std::make_unique<SimService>(*run_);
  std::string body_;
  std::string path_;
};

std::string TextOf(const chat::Response& response) {
  std::string text;
  for (const chat::Choice& choice : response.choices) {
    for (const chat::Part& part : choice.parts) {
      const auto* said = std::get_if<chat::Text>(&part.content);
      text += said == nullptr ? "" : said->text;
    }
  }
  return text;
}

TEST_P(SimDialects, AnswersWhole) {
  ServiceAnswer answer = Ask(Echo(false));
  const std::string bytes = BytesOf(answer);
  ASSERT_EQ(answer.status, 200) << path_ << " " << body_ << " " << bytes;
  EXPECT_EQ(answer.content_type, "application/json");
  json::Document document;
  ASSERT_TRUE(document.Parse(bytes)) << bytes;
  const auto response = dialect().ParseAnswer(document.Root());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(TextOf(*response), "one two three");
}

TEST_P(SimDialects, StreamsTheSame) {
  ServiceAnswer answer = Ask(Echo(true));
  const std::string bytes = BytesOf(answer);
  ASSERT_EQ(answer.status, 200) << path_ << " " << body_ << " " << bytes;
  EXPECT_EQ(answer.content_type, wire::ContentType(dialect().framing()));
  chat::Assembler assembled = Read(bytes);
  EXPECT_TRUE(assembled.ended()) << bytes;
  EXPECT_FALSE(assembled.error());
  EXPECT_EQ(TextOf(std::move(assembled).TakeAnswer()), "one two three") << bytes;
}

TEST_P(SimDialects, CallsATool) {
  const bool prompt_alone = GetParam().name == "ollama_generate";  // a form without conversation
  if (prompt_alone || dialect().features().Of(wire::Feature::kTools) == wire::Support::kRefused) {
    GTEST_SKIP() << "skipped: " << dialect().title() << " has no tools here";
  }
  for (const bool streamed : {false, true}) {
    chat::Request request = Echo(streamed);
    request.model = "tools";
    chat::Tool tool;
    tool.name = "weather";
    tool.parameters =
        R"({"type":"object","properties":{"n":{"type":"integer","minimum":3}},"required":["n"]})";
    request.tools.push_back(std::move(tool));
    ServiceAnswer answer = Ask(request);
    const std::string bytes = BytesOf(answer);
    ASSERT_EQ(answer.status, 200) << path_ << " " << body_ << " " << bytes;
    json::Document document;
    chat::Response response;
    if (streamed) {
      response = Read(bytes).TakeAnswer();
    } else {
      ASSERT_TRUE(document.Parse(bytes)) << bytes;
      response = *dialect().ParseAnswer(document.Root());
    }
    ASSERT_EQ(response.choices.size(), 1U) << bytes;
    const chat::ToolCall* call = nullptr;
    for (const chat::Part& part : response.choices[0].parts) {
      call = call == nullptr ? std::get_if<chat::ToolCall>(&part.content) : call;
    }
    ASSERT_NE(call, nullptr) << bytes;
    EXPECT_EQ(call->name, "weather");
    EXPECT_THAT(call->arguments, HasSubstr(R"("n":)"));
  }
}

TEST_P(SimDialects, FailsInTheDialectsWords) {
  Use("rules: [{status: 429, error: {message: Slow down}}]");
  ServiceAnswer answer = Ask(Echo(false));
  EXPECT_EQ(answer.status, 429);
  const std::string bytes = BytesOf(answer);
  EXPECT_EQ(dialect().ParseError(bytes).message, "Slow down") << bytes;
}

TEST_P(SimDialects, BreaksStreamsOffWithAnError) {
  Use("rules: [{error_after: 2, error: {message: Broke}}]");
  ServiceAnswer answer = Ask(Echo(true));
  const std::string bytes = BytesOf(answer);
  chat::Assembler assembled = Read(bytes);
  ASSERT_TRUE(assembled.error()) << bytes;
  EXPECT_THAT(assembled.error()->message, HasSubstr("Broke"));
  EXPECT_EQ(TextOf(std::move(assembled).TakeAnswer()), "one two");
}

TEST_P(SimDialects, CountsTokens) {
  if (!dialect().Has(Operation::kCountTokens)) {
    GTEST_SKIP() << "skipped: " << dialect().title() << " counts none";
  }
  const auto rendered = dialect().RenderCountRequest(Echo(false));
  ASSERT_TRUE(rendered);
  ServiceAnswer answer =
      service_->Handle({.method = "POST",
                        .path = dialect().PathOf(Operation::kCountTokens, "echo", false),
                        .body = rendered->body,
                        .headers = {},
                        .now = core::MonoTime{},
                        .wall_now = core::WallTime{}});
  const std::string bytes = BytesOf(answer);
  json::Document document;
  ASSERT_TRUE(document.Parse(bytes)) << bytes;
  EXPECT_EQ(dialect().ParseCountAnswer(document.Root()), 3 + 3 + 3) << bytes;
}

TEST_P(SimDialects, Embeds) {
  if (!dialect().Has(Operation::kEmbeddings)) {
    GTEST_SKIP() << "skipped: " << dialect().title() << " has no embeddings";
  }
  chat::EmbeddingsRequest request;
  // Bedrock's form depends on whose model it is.
  request.model = GetParam().name == "bedrock" ? "amazon.titan-embed-text-v2:0" : "embed";
  request.dialect = "another";
  request.listed = true;
  request.inputs = {{"one two", {}}};
  const auto rendered = dialect().RenderEmbeddingsRequest(request);
  ASSERT_TRUE(rendered) << rendered.error().message;
  const std::string path = dialect().PathOf(Operation::kEmbeddings, request.model, false);
  ServiceAnswer answer = service_->Handle({.method = "POST",
                                           .path = path,
                                           .body = rendered->body,
                                           .headers = {},
                                           .now = core::MonoTime{},
                                           .wall_now = core::WallTime{}});
  const std::string bytes = BytesOf(answer);
  ASSERT_EQ(answer.status, 200) << path << " " << rendered->body << " " << bytes;
  json::Document document;
  ASSERT_TRUE(document.Parse(bytes)) << bytes;
  const auto response = dialect().ParseEmbeddingsAnswer(document.Root());
  ASSERT_TRUE(response) << response.error().message << bytes;
  EXPECT_EQ(response->data.size(), 1U);
}

TEST_P(SimDialects, Ranks) {
  if (!dialect().Has(Operation::kRerank)) {
    GTEST_SKIP() << "skipped: " << dialect().title() << " ranks nothing";
  }
  chat::RerankRequest request;
  request.model = "rank";
  request.query = "red house";
  request.documents = {"a blue boat", "the red house", "a house"};
  const auto rendered = dialect().RenderRerankRequest(request);
  ASSERT_TRUE(rendered);
  ServiceAnswer answer =
      service_->Handle({.method = "POST",
                        .path = dialect().PathOf(Operation::kRerank, "rank", false),
                        .body = rendered->body,
                        .headers = {},
                        .now = core::MonoTime{},
                        .wall_now = core::WallTime{}});
  const std::string bytes = BytesOf(answer);
  json::Document document;
  ASSERT_TRUE(document.Parse(bytes)) << bytes;
  const auto response = dialect().ParseRerankAnswer(document.Root());
  ASSERT_TRUE(response) << bytes;
  ASSERT_EQ(response->results.size(), 3U);
  EXPECT_EQ(response->results[0].index, 1);
  EXPECT_EQ(response->results[2].index, 0);
}

INSTANTIATE_TEST_SUITE_P(All, SimDialects,
                         testing::ValuesIn(dialects::All().begin(), dialects::All().end()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace signalbox::sim
