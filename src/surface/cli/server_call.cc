#include "surface/cli/server_call.h"

#include <fmt/format.h>
#include <unistd.h>

#include "surface/cli/call_failure.h"
#include "surface/cli/terminal.h"

namespace signalbox::cli {
namespace {

constexpr std::chrono::seconds kAnswerTime{60};

struct Heard {
  core::Status status;
  int code = 0;
  std::string body;
};

async::Task<void> CallServer(ServerLink* link, const ServerQuestion* question, Heard* out) {
  const std::string target = Target(*question);
  const std::string_view body = question->body;
  const async::Deadline deadline{link->loop().now() + kAnswerTime, nullptr};
  const auto exchange = link->Open();
  const auto head = co_await exchange->Send(
      {.method = question->method,
       .path = target,
       .body = body.empty() ? std::span<const std::string_view>() : std::span(&body, 1),
       .body_bytes = body.size()},
      deadline);
  if (!head) {
    out->status = std::unexpected(head.error());
    co_return;
  }
  out->code = head->status;
  const auto answer = co_await exchange->ReadAll(deadline);
  if (!answer) {
    out->status = std::unexpected(answer.error());
    co_return;
  }
  out->body = *answer;
}

void AppendEscaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

std::string WhyNot(const Heard& heard) {
  const std::string said = ErrorMessageOf(heard.body);
  if (said.empty()) {
    return fmt::format("{}: is this a Signalbox? see --url", heard.code);
  }
  const std::string_view advice = heard.code == 401 ? AdviceOn(401) : std::string_view();
  return fmt::format("{}{}{}", said, advice.empty() ? "" : "; ", advice);
}

}  // namespace

std::string Target(const ServerQuestion& question) {
  std::string out = question.path;
  char mark = '?';
  for (const auto& [name, value] : question.query) {
    if (value.empty()) {
      continue;
    }
    out.append(1, std::exchange(mark, '&')).append(name).append("=");
    AppendEscaped(out, value);
  }
  return out;
}

ServerAnswer Ask(const ServerArguments& server, const ServerQuestion& question) {
  auto link = ServerLink::Create(server);
  if (!link) {
    return {kWrongUse, link.error().message};
  }
  Heard heard;
  (*link)->Run(CallServer(link->get(), &question, &heard));
  if (!heard.status) {
    return {StatusAfter(heard.status.error()), Advised(heard.status.error())};
  }
  if (heard.code < 200 || heard.code > 299) {
    return {heard.code == 400 ? kWrongUse : kFailed, WhyNot(heard)};
  }
  return {kDone, std::move(heard.body)};
}

int Complain(std::string_view command, const ServerAnswer& answer) {
  fmt::print(stderr, "{}\n",
             Wrapped(fmt::format("signalbox {}: {}", command, Printable(answer.body)),
                     TerminalOf(STDERR_FILENO).columns, 2));
  return answer.status;
}

}  // namespace signalbox::cli
