// A stream in the form of OpenAI Responses into canonical events, frame by frame.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for data that is no JSON object; what the vendor states is a
//          chat::StreamError.
// Cancel:  nothing to undo.
//
// A delta and the event that repeats its whole are told once; items without deltas are told when
// they are done. For the same dialect alone there are UnknownMembers: kChoice, "response.created"
// and its like with the response so far; kDelta, "item" with an item as it begins, or the name of
// an event that has no place here with its members. Their `call` is the output index.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::openai_responses {

class StreamParser : public wire::SseParser {
 protected:
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;

 private:
  enum class Kind : std::uint8_t { kUnknown, kMessage, kReasoning, kCall, kRaw };
  // What has been told of an item of the output.
  struct Item {
    std::int64_t index = 0;
    Kind kind = Kind::kUnknown;
    std::string id;
    std::int64_t call = 0;
    bool announced = false;  // its beginning
    bool told = false;       // anything that is said by it
    std::size_t said = 0;    // bytes of the content, summary or arguments that it is at
    bool open = false;       // that one has not ended
    bool done = false;
    bool summary = false;       // a reasoning item is at one
    std::size_t citations = 0;  // of the content that it is at
  };
  using Handler = void (StreamParser::*)(const json::Value& frame, chat::EventBatch& out);
  struct Row {
    std::string_view type;
    Handler handler;
  };
  static const Row kRows[];
  static Handler HandlerOf(std::string_view type);

  void OnTextDelta(const json::Value& frame, chat::EventBatch& out);
  void OnArgumentsDelta(const json::Value& frame, chat::EventBatch& out);
  void OnSummaryDelta(const json::Value& frame, chat::EventBatch& out);
  void OnThoughtDelta(const json::Value& frame, chat::EventBatch& out);
  void OnRefusalDelta(const json::Value& frame, chat::EventBatch& out);
  void OnTextDone(const json::Value& frame, chat::EventBatch& out);
  void OnRefusalDone(const json::Value& frame, chat::EventBatch& out);
  void OnArgumentsDone(const json::Value& frame, chat::EventBatch& out);
  void OnInputDone(const json::Value& frame, chat::EventBatch& out);
  void OnSummaryDone(const json::Value& frame, chat::EventBatch& out);
  void OnThoughtDone(const json::Value& frame, chat::EventBatch& out);
  void OnPartAdded(const json::Value& frame, chat::EventBatch& out);
  void OnPartDone(const json::Value& frame, chat::EventBatch& out);
  void OnAnnotation(const json::Value& frame, chat::EventBatch& out);
  void OnItemAdded(const json::Value& frame, chat::EventBatch& out);
  void OnItemDone(const json::Value& frame, chat::EventBatch& out);
  void OnProgress(const json::Value& frame, chat::EventBatch& out);
  void OnEnd(const json::Value& frame, chat::EventBatch& out);
  void OnFailed(const json::Value& frame, chat::EventBatch& out);
  void OnError(const json::Value& frame, chat::EventBatch& out);
  void OnOther(const json::Value& frame, chat::EventBatch& out);
  void Ignore(const json::Value&, chat::EventBatch&) {}

  Item& ItemAt(std::int64_t index);
  Item& ItemOf(const json::Value& frame, Kind kind);
  void Begin(Item& item, const json::Value& value, std::string written, chat::EventBatch& out);
  static void Say(Item& item, std::size_t bytes);
  static std::string Unsaid(const Item& item, std::string whole);
  static void Think(Item& item, std::string text, bool summary, chat::EventBatch& out);
  void ThinkRest(const json::Value& frame, bool summary, chat::EventBatch& out);
  static void Argue(Item& item, std::string text, chat::EventBatch& out);
  void FinishItem(Item& item, const json::Value& value, chat::EventBatch& out);
  void FinishMessage(Item& item, const json::Value& value, chat::EventBatch& out);
  void FinishPart(Item& item, const json::Value& part, chat::EventBatch& out);
  void FinishThoughtOrCall(Item& item, const json::Value& value, chat::EventBatch& out);
  static void TellWhole(const json::Value& value, chat::EventBatch& out);
  static void TellPart(chat::Part part, chat::EventBatch& out);
  void TellRest(const json::Value& response, chat::EventBatch& out);
  bool IsDone(const json::Value& value, std::int64_t index) const;
  void TellHead(const chat::Response& head, chat::EventBatch& out);

  json::Document document_;
  std::string_view type_;  // of the frame at hand
  std::vector<Item> items_;
  chat::StreamStart head_;
  bool started_ = false;
  bool ended_ = false;
  std::int64_t calls_ = 0;
};

}  // namespace signalbox::openai_responses
