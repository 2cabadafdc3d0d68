// Streams of other dialects, told in this one: what a strict reader of the events puts together
// must be what the last event says.
#include "vendors/dialects/openai_responses/stream_renderer.h"

#include <gtest/gtest.h>

#include "io/net/sse.h"
#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/responses_meaning_testing.h"

namespace signalbox::openai_responses {
namespace {

using chat::Event;
using chat::EventBatch;

// Reads as SDKs do: every index and id must be known, every number the next one.
class Reader {
 public:
  void Read(const std::string& stream) {
    net::SseReader reader;
    reader.Feed(stream);
    for (net::SseEvent event; reader.Next(event);) {
      json::Document document;
      ASSERT_TRUE(document.Parse(event.data)) << event.data;
      const Meaning frame = Meaning::Of(document.Root());
      ASSERT_EQ(frame.At("type").scalar, event.type);
      ASSERT_EQ(frame.At("sequence_number").scalar, std::to_string(count_++));
      types_.push_back(std::string(event.type));
      Take(std::string(event.type), frame);
    }
  }
  const Meaning& final() const { return final_; }
  const std::vector<Meaning>& items() const { return items_; }
  const std::vector<std::string>& types() const { return types_; }

 private:
  void Take(const std::string& type, const Meaning& frame) {
    if (type == "response.output_item.added") {
      ASSERT_EQ(frame.At("output_index").scalar, std::to_string(items_.size()));
      items_.push_back(frame.At("item"));
      return;
    }
    if (frame.Has("response")) {
      final_ = frame.At("response");
    }
    if (!frame.Has("output_index")) {
      return;
    }
    Meaning& item = items_.at(std::stoul(frame.At("output_index").scalar));
    if (frame.Has("item_id")) {
      ASSERT_EQ(frame.At("item_id").scalar, item.At("id").scalar);
    }
    if (type == "response.content_part.added") {
      Meaning& content = item.members["content"];
      content.kind = json::Kind::kArray;
      ASSERT_EQ(frame.At("content_index").scalar, std::to_string(content.items.size()));
      content.items.push_back(frame.At("part"));
    } else if (type == "response.reasoning_summary_part.added") {
      item.members["summary"].items.push_back(frame.At("part"));
    } else if (type == "response.output_text.delta" || type == "response.reasoning_text.delta") {
      Part(item, "content", frame).members["text"].scalar += frame.At("delta").scalar;
    } else if (type == "response.refusal.delta") {
      Part(item, "content", frame).members["refusal"].scalar += frame.At("delta").scalar;
    } else if (type == "response.reasoning_summary_text.delta") {
      Part(item, "summary", frame).members["text"].scalar += frame.At("delta").scalar;
    } else if (type == "response.output_text.annotation.added") {
      Meaning& notes = Part(item, "content", frame).members["annotations"];
      ASSERT_EQ(frame.At("annotation_index").scalar, std::to_string(notes.items.size()));
      notes.items.push_back(frame.At("annotation"));
    } else if (type == "response.function_call_arguments.delta") {
      item.members["arguments"].scalar += frame.At("delta").scalar;
    } else if (type == "response.custom_tool_call_input.delta") {
      item.members["input"].scalar += frame.At("delta").scalar;
    } else if (type == "response.output_item.done") {
      Meaning said = item;
      Meaning whole = frame.At("item");
      for (Meaning* one : {&said, &whole}) {
        one->members.erase("status");
        one->members.erase("encrypted_content");
        one->members.erase("extra_content");
        for (Meaning& content : one->members["content"].items) {
          content.members.erase("logprobs");
        }
      }
      EXPECT_EQ(Difference(said, whole), "");
      item = frame.At("item");
    }
  }
  static Meaning& Part(Meaning& item, const std::string& list, const Meaning& frame) {
    const Meaning& index = frame.At(list == "summary" ? "summary_index" : "content_index");
    return item.members[list].items.at(std::stoul(index.scalar));
  }

  int count_ = 0;
  Meaning final_;
  std::vector<Meaning> items_;
  std::vector<std::string> types_;
};

Reader Tell(const std::vector<EventBatch>& batches) {
  StreamRenderer renderer(false);
  std::string stream;
  for (const EventBatch& batch : batches) {
    renderer.Render(batch, stream);
  }
  Reader reader;
  reader.Read(stream);
  return reader;
}

Event Of(auto what) {
  return {0, std::move(what)};
}
Event Start() {
  return Of(chat::StreamStart{"chatcmpl-1", "gpt", 7, {}, {}});
}
Event Used() {
  chat::UsageReport usage;
  usage.tokens.input = 3;
  usage.tokens.output = 4;
  return Of(usage);
}
Event Call(std::int64_t number, std::string id, std::string name) {
  return Of(chat::ToolCallStart{.call = number, .id = std::move(id), .name = std::move(name)});
}

// The last response holds the items that their own events have told.
void ExpectWhole(const Reader& reader) {
  const Meaning& output = reader.final().At("output");
  ASSERT_EQ(output.items.size(), reader.items().size());
  for (std::size_t i = 0; i < output.items.size(); ++i) {
    EXPECT_EQ(Difference(output.items[i], reader.items()[i]), "");
  }
}

TEST(StreamRenderer, TellsATextOfOpenAiChat) {
  const Reader reader = Tell({{Start(), Of(chat::ChoiceStart{}), Of(chat::TextDelta{""})},
                              {Of(chat::TextDelta{"Hel"})},
                              {Of(chat::TextDelta{"lo"})},
                              {Of(chat::Finish{chat::FinishReason::kStop, "stop"})},
                              {Used()},
                              {Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  const std::vector<std::string> expected = {
      "response.created",           "response.in_progress",
      "response.output_item.added", "response.content_part.added",
      "response.output_text.delta", "response.output_text.delta",
      "response.output_text.done",  "response.content_part.done",
      "response.output_item.done",  "response.completed"};
  EXPECT_EQ(reader.types(), expected);
  EXPECT_EQ(reader.final().At("status").scalar, "completed");
  EXPECT_EQ(reader.final().At("usage").At("total_tokens").scalar, "7");
  EXPECT_EQ(reader.final().At("output").items[0].At("id").scalar, "msg_chatcmpl-1_0");
  for (const char* key : {"id", "object", "created_at", "status", "model", "output", "tools",
                          "parallel_tool_calls", "tool_choice", "metadata"}) {
    EXPECT_TRUE(reader.final().Has(key)) << key;
  }
}

TEST(StreamRenderer, BeginsAtOnce) {
  StreamRenderer renderer(false);
  std::string stream;
  renderer.Render(std::vector<Event>{Start()}, stream);
  EXPECT_NE(stream.find("response.created"), std::string::npos);
}

// OpenAI's SDK fails when it does not (Groq's server tools do that).
TEST(StreamRenderer, StaysWhoItSaidItWas) {
  chat::StreamStart other;
  other.id = "another";
  other.model = "another";
  other.created = 77;
  const Reader reader = Tell({{Start()},
                              {Of(chat::TextDelta{"a"})},
                              {Of(other), Of(chat::TextDelta{"b"})},
                              {Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  const chat::StreamStart first = std::get<chat::StreamStart>(Start().what);
  EXPECT_EQ(reader.final().At("id").scalar, first.id);
  EXPECT_EQ(reader.final().At("model").scalar, first.model);
  EXPECT_EQ(reader.final().At("output").items.at(0).At("content").items.at(0).At("text").scalar,
            "ab");
}

TEST(StreamRenderer, TellsThoughtsTextAndCalls) {
  chat::ReasoningDelta sealed;
  sealed.signature = "c2ln";
  const Reader reader =
      Tell({{Start(), Of(chat::ChoiceStart{})},
            {Of(chat::ReasoningDelta{"Let ", {}, {}})},
            {Of(chat::ReasoningDelta{"me.", {}, {}})},
            {Of(sealed)},
            {Of(chat::PartEnd{})},
            {Of(chat::TextDelta{"I look."}), Of(chat::PartEnd{})},
            {Call(0, "toolu_1", "f"), Of(chat::ToolCallArguments{0, ""})},
            {Of(chat::ToolCallArguments{0, "{\"a\":"})},
            {Of(chat::ToolCallArguments{0, "1}"}), Of(chat::ToolCallEnd{0})},
            {Call(1, "toolu_2", "g"), Of(chat::ToolCallEnd{1})},
            {Of(chat::Finish{chat::FinishReason::kToolCalls, "tool_use"}), Used()},
            {Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  const auto& items = reader.final().At("output").items;
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0].At("type").scalar, "reasoning");
  EXPECT_EQ(items[0].At("summary").Text(), R"([{"text":"Let me.","type":"summary_text"}])");
  EXPECT_FALSE(items[0].Has("content"));
  EXPECT_EQ(items[0].At("encrypted_content").scalar, "sb1.s.:c2ln");
  EXPECT_EQ(items[1].At("content").items.at(0).At("text").scalar, "I look.");
  EXPECT_EQ(items[2].At("arguments").scalar, "{\"a\":1}");
  EXPECT_EQ(items[2].At("call_id").scalar, "toolu_1");
  EXPECT_EQ(items[3].At("arguments").scalar, "{}");
}

TEST(StreamRenderer, TellsInterleavedCallsThatNobodyEnds) {
  const Reader reader = Tell({{Start()},
                              {Call(0, "a", "f"), Call(1, "b", "g")},
                              {Of(chat::ToolCallArguments{1, "{}"})},
                              {Of(chat::ToolCallArguments{0, "[1]"})},
                              {Of(chat::TextDelta{"after"})},
                              {Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  const auto& items = reader.final().At("output").items;
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].At("arguments").scalar, "[1]");
  EXPECT_EQ(items[1].At("arguments").scalar, "{}");
  EXPECT_EQ(items[2].At("type").scalar, "message");
}

TEST(StreamRenderer, MakesIdsWhereThereAreNone) {
  const Reader reader = Tell({{Call(0, "", "f"), Of(chat::ToolCallArguments{0, "{}"})},
                              {Of(chat::ToolCallEnd{0}), Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  EXPECT_EQ(reader.final().At("id").scalar, "resp_0");
  EXPECT_EQ(reader.final().At("output").items.at(0).At("call_id").scalar, "fc_resp_0_0");
}

TEST(StreamRenderer, CitesAfterAPartHasEnded) {
  const chat::Citation web{"web_search_result_location", "https://a.b", "T", {}, {}, {}};
  const chat::Citation page{"page_location", {}, "Doc", {}, {}, {}};
  const Reader reader = Tell({{Start(), Of(chat::TextDelta{"So"}), Of(chat::PartEnd{})},
                              {Of(chat::CitationDelta{web}), Of(chat::CitationDelta{page})},
                              {Of(chat::TextDelta{"And"})},
                              {Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  const auto& message = reader.final().At("output").items.at(0);
  ASSERT_EQ(message.At("content").items.size(), 2U);
  const Meaning& notes = message.At("content").items[0].At("annotations");
  ASSERT_EQ(notes.items.size(), 1U);
  EXPECT_EQ(notes.items[0].At("type").scalar, "url_citation");
  EXPECT_EQ(message.At("content").items[1].At("text").scalar, "And");
}

TEST(StreamRenderer, GathersLogprobs) {
  const Reader reader =
      Tell({{Start()},
            {Of(chat::TextDelta{"a"}),
             Of(chat::LogprobsDelta{R"({"content":[{"token":"a","logprob":-1}]})"})},
            {Of(chat::TextDelta{"b"}),
             Of(chat::LogprobsDelta{R"({"content":[{"token":"b","logprob":-2}]})"})},
            {Of(chat::StreamEnd{})}});
  const Meaning& text = reader.final().At("output").items.at(0).At("content").items.at(0);
  EXPECT_EQ(text.At("logprobs").items.size(), 2U);
}

TEST(StreamRenderer, EndsIncompleteForLengthAndFilter) {
  for (const auto& [reason, word] :
       {std::pair{chat::FinishReason::kLength, "max_output_tokens"},
        std::pair{chat::FinishReason::kContentFilter, "content_filter"}}) {
    const Reader reader = Tell({{Start(), Of(chat::TextDelta{"x"})},
                                {Of(chat::Finish{reason, "MAX_TOKENS"}), Of(chat::StreamEnd{})}});
    ExpectWhole(reader);
    EXPECT_EQ(reader.types().back(), "response.incomplete");
    EXPECT_EQ(reader.final().At("incomplete_details").At("reason").scalar, word);
  }
}

TEST(StreamRenderer, TellsAPictureAndLeavesOutForeignParts) {
  chat::Media picture;
  picture.data = "AAAA";
  picture.media_type = "image/png";
  const Reader reader = Tell(
      {{Start()},
       {Of(chat::WholePart{{.content = chat::RawPart{"server_tool_use", "{}"}}})},
       {Of(chat::WholePart{{.content = picture}})},
       {Of(chat::WholePart{
           {.content =
                chat::ToolCall{.id = "c", .name = "f", .arguments = "{}", .signature = "dHM="}}})},
       {Of(chat::StreamEnd{})}});
  ExpectWhole(reader);
  const auto& items = reader.final().At("output").items;
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].At("type").scalar, "image_generation_call");
  EXPECT_EQ(items[0].At("result").scalar, "AAAA");
  EXPECT_EQ(items[1].At("extra_content").At("google").At("thought_signature").scalar, "dHM=");
}

TEST(StreamRenderer, EndsWithAnErrorThatSdksRaise) {
  StreamRenderer renderer(false);
  std::string stream;
  renderer.Render(std::vector<Event>{Start(), Of(chat::TextDelta{"x"})}, stream);
  const std::size_t before = stream.size();
  const wire::ErrorAnswer error{
      .status = 502,
      .error = {core::ErrorCode::kUpstreamFailed, "the upstream broke off", {}, {}},
      .vendor = {}};
  renderer.RenderError(error, stream);
  renderer.Render(std::vector<Event>{Of(chat::StreamEnd{})}, stream);
  Reader reader;
  reader.Read(stream);
  EXPECT_EQ(reader.types().back(), "error");
  EXPECT_NE(stream.substr(before).find(
                R"("error":{"message":"the upstream broke off","type":"server_error")"),
            std::string::npos);
}

TEST(StreamRenderer, ToldByOthersAreErrorsToo) {
  const Reader reader = Tell({{Start()}, {Of(chat::StreamError{"Overloaded", {}, {}, {}, {}})}});
  EXPECT_EQ(reader.types().back(), "error");
}

}  // namespace
}  // namespace signalbox::openai_responses
