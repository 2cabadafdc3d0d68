#include "surface/cli/chat.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "io/net/sse.h"
#include "surface/cli/call_failure.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::cli {
namespace {

struct ChatResult {
  core::Status status;
  std::string text;
  std::string model;
  std::string finish;
  chat::Usage usage;
  std::chrono::nanoseconds time{0};
};

std::string RequestBody(const ChatArguments& arguments, const std::string& prompt) {
  std::string body;
  json::Writer writer(body);
  writer.BeginObject().Key("model").String(arguments.model).Key("messages").BeginArray();
  if (!arguments.system.empty()) {
    writer.BeginObject().Key("role").String("system").Key("content").String(arguments.system);
    writer.EndObject();
  }
  writer.BeginObject().Key("role").String("user").Key("content").String(prompt).EndObject();
  writer.EndArray().Key("stream").Bool(true);
  writer.Key("stream_options").BeginObject().Key("include_usage").Bool(true).EndObject();
  writer.EndObject();
  return body;
}

std::string SaidIn(std::string_view body) {
  std::string said = ErrorMessageOf(body);
  return said.empty() ? "an answer that is no error in JSON" : said;
}

// Takes one event of the stream into `result`; text goes out at once unless `quiet`.
void TakeEvent(std::string_view data, bool quiet, ChatResult& result) {
  json::Document document;
  if (data == "[DONE]" || !document.Parse(data)) {
    return;
  }
  const json::Value root = document.Root();
  if (root.Find("error")) {
    result.status = core::Fail(core::ErrorCode::kUpstreamFailed, SaidIn(data));
    return;
  }
  if (const auto model = root.Find("model")) {
    result.model = model->AsString().value_or("");
  }
  if (const auto usage = root.Find("usage"); usage && usage->IsObject()) {
    result.usage = openai_chat::ReadBill(root).usage;
  }
  const auto choices = root.Find("choices");
  const auto choice = choices ? choices->FirstChild() : std::nullopt;
  if (!choice) {
    return;
  }
  if (const auto finish = choice->Find("finish_reason"); finish && finish->IsString()) {
    result.finish = *finish->AsString();
  }
  const auto delta = choice->Find("delta");
  const auto content = delta ? delta->Find("content") : std::nullopt;
  if (content && content->IsString()) {
    const std::string text = *content->AsString();
    result.text += text;
    if (!quiet) {
      std::fwrite(text.data(), 1, text.size(), stdout);
      std::fflush(stdout);
    }
  }
}

async::Task<void> Ask(ServerLink* link, const std::string* body, bool quiet, ChatResult* result) {
  const core::MonoTime started = link->loop().now();
  const auto exchange = link->Open();
  const std::string_view piece = *body;
  const async::Deadline deadline{started + std::chrono::minutes(10), nullptr};
  const auto head = co_await exchange->Send({.path = "/v1/chat/completions",
                                             .body = {&piece, 1},
                                             .body_bytes = body->size(),
                                             .streamed = true},
                                            deadline);
  if (!head) {
    result->status = std::unexpected(head.error());
    co_return;
  }
  if (head->status != 200) {
    const int status = head->status;
    const auto text = co_await exchange->ReadAll(deadline);
    result->status = core::Fail(core::ErrorCode::kUpstreamFailed,
                                fmt::format("{}: {}", status, text ? SaidIn(*text) : ""));
    co_return;
  }
  net::SseReader reader;
  while (true) {
    const auto bytes = co_await exchange->Read(deadline);
    if (!bytes) {
      result->status = std::unexpected(bytes.error());
    }
    if (!bytes || bytes->empty()) {
      break;
    }
    reader.Feed(*bytes);
    net::SseEvent event;
    while (reader.Next(event)) {
      TakeEvent(event.data, quiet, *result);
    }
  }
  result->time = link->loop().now() - started;
}

std::string Count(std::int64_t tokens) {
  return tokens < 0 ? "?" : std::to_string(tokens);
}

void PrintJson(const ChatResult& result) {
  std::string out;
  json::Writer writer(out);
  const auto count = [&writer](std::string_view key, std::int64_t tokens) {
    writer.Key(key);
    tokens < 0 ? writer.Null() : writer.Int(tokens);
  };
  writer.BeginObject().Key("text").String(result.text).Key("model").String(result.model);
  writer.Key("finish_reason").String(result.finish);
  count("input_tokens", result.usage.input);
  count("output_tokens", result.usage.output);
  writer.Key("time_ms").Double(std::chrono::duration<double, std::milli>(result.time).count());
  writer.EndObject();
  fmt::print("{}\n", out);
}

}  // namespace

int Chat(const ChatArguments& arguments) {
  std::string prompt = arguments.prompt;
  if (prompt == "-" || (prompt.empty() && isatty(STDIN_FILENO) == 0)) {
    prompt.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  if (prompt.empty()) {
    fmt::print(stderr, "signalbox chat: nothing to ask; give a prompt or pipe one in\n");
    return kWrongUse;
  }
  auto link = ServerLink::Create(arguments.server);
  if (!link) {
    fmt::print(stderr, "signalbox chat: {}\n", link.error().message);
    return kWrongUse;
  }
  const std::string body = RequestBody(arguments, prompt);
  ChatResult result;
  (*link)->Run(Ask(link->get(), &body, arguments.json, &result));
  if (!result.status) {
    const core::Error& error = result.status.error();
    fmt::print(stderr, "signalbox chat: {}\n", Advised(error));
    return StatusAfter(error);
  }
  if (arguments.json) {
    PrintJson(result);
    return kDone;
  }
  fmt::print("\n");
  std::fflush(stdout);
  fmt::print(stderr, "{}  {:.2f} s  {} tokens in, {} out\n", result.model,
             std::chrono::duration<double>(result.time).count(), Count(result.usage.input),
             Count(result.usage.output));
  return kDone;
}

}  // namespace signalbox::cli
