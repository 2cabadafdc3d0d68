#include "surface/cli/doctor_look.h"

#include "base/core/time.h"
#include "base/json/document.h"
#include "io/net/sse.h"

namespace signalbox::cli {
namespace {

constexpr std::chrono::seconds kLookTime{10};
constexpr std::chrono::seconds kStreamTime{30};
// Frames of a stream that was held back follow each other within microseconds.
constexpr double kLumpPart = 0.1;

}  // namespace

async::Task<Look> LookAt(ServerLink* link, Ask ask) {
  Look look;
  const auto exchange = ask.without_key ? link->OpenWithoutKey() : link->Open();
  const std::string_view piece = ask.body;
  const async::Deadline deadline{core::MonoNow() + kLookTime, nullptr};
  const auto head = co_await exchange->Send({.method = ask.body.empty() ? "GET" : "POST",
                                             .path = ask.path,
                                             .body = {&piece, 1},
                                             .body_bytes = ask.body.size()},
                                            deadline);
  if (!head) {
    look.status = std::unexpected(head.error());
    co_return look;
  }
  look.code = head->status;
  for (const net::Field& field : head->fields) {
    if (net::EqualsIgnoreCase(field.name, "server")) {
      look.server = field.value;
    } else if (net::EqualsIgnoreCase(field.name, "date")) {
      look.date = field.value;
    } else if (net::EqualsIgnoreCase(field.name, "x-signalbox-cost-usd")) {
      look.cost = field.value;
    }
  }
  const auto text = co_await exchange->ReadAll(deadline);
  if (text) {
    look.body = *text;
  } else {
    look.status = std::unexpected(text.error());
  }
  co_return look;
}

async::Task<StreamLook> WatchStream(ServerLink* link, std::string body) {
  StreamLook look;
  const auto exchange = link->Open();
  const std::string_view piece = body;
  const core::MonoTime started = core::MonoNow();
  const async::Deadline deadline{started + kStreamTime, nullptr};
  const auto head = co_await exchange->Send({.path = "/v1/chat/completions",
                                             .body = {&piece, 1},
                                             .body_bytes = body.size(),
                                             .streamed = true},
                                            deadline);
  if (!head) {
    look.status = std::unexpected(head.error());
    co_return look;
  }
  look.code = head->status;
  net::SseReader reader;
  while (look.code == 200) {
    const auto bytes = co_await exchange->Read(deadline);
    if (!bytes) {
      look.status = std::unexpected(bytes.error());
    }
    if (!bytes || bytes->empty()) {
      break;
    }
    reader.Feed(*bytes);
    net::SseEvent event;
    while (reader.Next(event)) {
      look.events.push_back(core::MonoNow() - started);
      look.done |= event.data == "[DONE]";
    }
  }
  co_return look;
}

bool CameInOneLump(const StreamLook& look) {
  if (look.events.size() < 3) {
    return false;
  }
  const auto between = std::chrono::duration<double>(look.events.back() - look.events.front());
  return between < kLumpPart * std::chrono::duration<double>(look.events.back());
}

std::string VersionIn(std::string_view metrics) {
  constexpr std::string_view kBefore = "signalbox_build_info{version=\"";
  const std::size_t at = metrics.find(kBefore);
  if (at == std::string_view::npos) {
    return "";
  }
  const std::string_view rest = metrics.substr(at + kBefore.size());
  return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace signalbox::cli
