#include "surface/cli/chat.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "base/json/writer.h"
#include "surface/cli/call_failure.h"
#include "surface/cli/spoken.h"

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

core::Result<std::string> RequestBody(const ChatArguments& arguments, const std::string& prompt,
                                      const wire::Dialect& dialect) {
  chat::Request request;
  request.dialect = "signalbox";
  request.model = arguments.model;
  const auto say = [&request](chat::Role role, const std::string& text) {
    chat::Message message{.role = role};
    message.parts.push_back({.content = chat::Text{.text = text, .citations = {}}});
    request.messages.push_back(std::move(message));
  };
  if (!arguments.system.empty()) {
    say(chat::Role::kSystem, arguments.system);
  }
  say(chat::Role::kUser, prompt);
  request.stream = true;
  request.stream_options.stated = true;
  request.stream_options.include_usage = true;
  SB_TRY(wire::RenderedRequest rendered, dialect.RenderRequest(request, {}));
  return std::move(rendered.body);
}

std::string SaidIn(const wire::Dialect& dialect, std::string_view body) {
  std::string said = dialect.ParseError(body).message;
  return said.empty() ? "an answer that says nothing of an error" : said;
}

// Takes what one frame says into `result`; text goes out at once unless `quiet`.
void TakeEvents(const chat::EventBatch& events, bool quiet, ChatResult& result) {
  for (const chat::Event& event : events) {
    if (const auto* start = std::get_if<chat::StreamStart>(&event.what)) {
      result.model = start->model;
    } else if (const auto* text = std::get_if<chat::TextDelta>(&event.what)) {
      result.text += text->text;
      if (!quiet) {
        std::fwrite(text->text.data(), 1, text->text.size(), stdout);
        std::fflush(stdout);
      }
    } else if (const auto* usage = std::get_if<chat::UsageReport>(&event.what)) {
      const std::int64_t input = result.usage.input;
      result.usage = usage->tokens;
      result.usage.input = std::max(result.usage.input, input);
    } else if (const auto* finish = std::get_if<chat::Finish>(&event.what)) {
      result.finish = finish->text;
    } else if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
      result.status = core::Fail(core::ErrorCode::kUpstreamFailed, error->message);
    }
  }
}

// Reads the stream to its end.
async::Task<void> Listen(providers::Exchange* exchange, wire::StreamParser* parser,
                         async::Deadline deadline, bool quiet, ChatResult* result) {
  while (result->status) {
    const auto bytes = co_await exchange->Read(deadline);
    if (!bytes) {
      result->status = std::unexpected(bytes.error());
      co_return;
    }
    chat::EventBatch events;
    if (bytes->empty()) {
      result->status = parser->End(events);
      TakeEvents(events, quiet, *result);
      co_return;
    }
    parser->Feed(*bytes);
    while (true) {
      events.clear();
      const auto more = parser->Next(events);
      if (!more) {
        result->status = std::unexpected(more.error());
      }
      if (!more || !*more) {
        break;
      }
      TakeEvents(events, quiet, *result);
    }
  }
}

async::Task<void> Ask(ServerLink* link, const Spoken* spoken, const std::string* model,
                      const std::string* body, bool quiet, ChatResult* result) {
  const core::MonoTime started = link->loop().now();
  const auto exchange = link->Open();
  const std::string_view piece = *body;
  const async::Deadline deadline{started + std::chrono::minutes(10), nullptr};
  const wire::Dialect& dialect = *spoken->dialect;
  const std::string path =
      std::string(spoken->prefix) + dialect.PathOf(chat::Operation::kChat, *model, true);
  const auto head = co_await exchange->Send(
      {.path = path, .body = {&piece, 1}, .body_bytes = body->size(), .streamed = true}, deadline);
  if (!head) {
    result->status = std::unexpected(head.error());
    co_return;
  }
  if (head->status != 200) {
    const int status = head->status;
    const auto text = co_await exchange->ReadAll(deadline);
    result->status = core::Fail(core::ErrorCode::kUpstreamFailed,
                                fmt::format("{}: {}", status, text ? SaidIn(dialect, *text) : ""));
    co_return;
  }
  const auto parser = dialect.NewStreamParser();
  co_await Listen(exchange.get(), parser.get(), deadline, quiet, result);
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
  const Spoken* spoken = FindSpoken(arguments.dialect);
  const auto body = RequestBody(arguments, prompt, *spoken->dialect);
  ChatResult result;
  if (body) {
    (*link)->Run(Ask(link->get(), spoken, &arguments.model, &*body, arguments.json, &result));
  } else {
    result.status = std::unexpected(body.error());
  }
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

std::vector<std::string> SpokenDialects() {
  std::vector<std::string> names;
  for (const Spoken& spoken : AllSpoken()) {
    names.emplace_back(spoken.name);
  }
  return names;
}

}  // namespace signalbox::cli
