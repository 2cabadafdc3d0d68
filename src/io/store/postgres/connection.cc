#include "io/store/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

namespace signalbox::store::postgres {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;

constexpr std::size_t kMostStatements = 512;  // then the connection is replaced
constexpr milliseconds kGrace{2000};          // the server's own limit comes first

// True when something may be done, false at `end`.
bool Poll(int descriptor, short events, core::MonoTime end) {
  for (;;) {
    pollfd one{descriptor, events, 0};
    const auto left = std::chrono::ceil<milliseconds>(end - core::MonoNow());
    const auto most = std::clamp<std::int64_t>(left.count(), 0, 3'600'000);
    const int ready = poll(&one, 1, static_cast<int>(most));
    if (ready > 0) {
      return true;
    }
    if (ready == 0 && core::MonoNow() >= end) {
      return false;
    }
  }
}

std::string FirstLine(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

std::expected<std::unique_ptr<Connection>, Trouble> Connection::Open(const PostgresOptions& options,
                                                                     const std::string& name) {
  std::unique_ptr<Connection> connection(new Connection(options, name));
  core::Status ready = connection->Connect(options);
  if (ready) {
    ready = connection->Configure(options);
  }
  if (!ready) {
    Trouble trouble = std::move(connection->trouble_);
    trouble.error = std::move(ready).error();
    return std::unexpected(std::move(trouble));
  }
  return connection;
}

core::Status Connection::Connect(const PostgresOptions& options) {
  // "dbname" first: what it says, a whole address, may be said otherwise by those that follow.
  const char* keys[] = {
      "fallback_application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
      "tcp_user_timeout",          "dbname",          "client_encoding",     nullptr};
  const char* values[] = {"signalbox", "10",   "5", "3", "20000", options.address.c_str(),
                          "UTF8",      nullptr};
  handle_.reset(PQconnectStartParams(keys, values, 1));
  const core::MonoTime end = core::MonoNow() + wait_;
  if (handle_ == nullptr) {
    return core::Fail(ErrorCode::kUnavailable, name_ + ": out of memory");
  }
  // Notices would go to standard error as they are, between the lines of the log.
  PQsetNoticeProcessor(handle_.get(), [](void*, const char*) {}, nullptr);
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (PQstatus(handle_.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
         state != PGRES_POLLING_FAILED) {
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!Poll(PQsocket(handle_.get()), events, end)) {
      return core::Fail(ErrorCode::kUnavailable,
                        fmt::format("{}: no connection within {} ms", name_, wait_.count()));
    }
    state = PQconnectPoll(handle_.get());
  }
  if (PQstatus(handle_.get()) != CONNECTION_OK) {
    const std::string_view message = PQerrorMessage(handle_.get());
    // libpq has no SQLSTATE for a refused connection, only the server's words, in English or not.
    trouble_.full = message.contains("too many clients") ||
                    message.contains("remaining connection slots") ||
                    message.contains("the database system is");
    return core::Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", name_, FirstLine(message)));
  }
  PQsetnonblocking(handle_.get(), 1);
  return {};
}

core::Status Connection::Configure(const PostgresOptions& options) {
  const char* encoding = PQparameterStatus(handle_.get(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return core::Fail(ErrorCode::kInternal,
                      name_ +
                          ": the database's encoding is not UTF8: make another one with "
                          "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
  }
  if (PQserverVersion(handle_.get()) < 150'000) {
    return core::Fail(ErrorCode::kInternal, name_ + ": PostgreSQL 15 or newer is needed");
  }
  return Do(
      fmt::format("SET search_path = \"{}\"; SET statement_timeout = {}; SET lock_timeout = {}; "
                  "SET client_min_messages = warning; SET standard_conforming_strings = on; "
                  "SET idle_in_transaction_session_timeout = 0",
                  options.schema, statement_.count(), wait_.count()));
}

core::Status Connection::Wait(bool write) {
  const bool limited = statement_.count() > 0 && !endless_;
  const core::MonoTime end = limited ? core::MonoNow() + statement_ + kGrace : core::kNever;
  const auto events = static_cast<short>(write ? POLLIN | POLLOUT : POLLIN);
  if (Poll(PQsocket(handle_.get()), events, end)) {
    return {};
  }
  given_up_ = true;
  return core::Fail(ErrorCode::kUnavailable,
                    fmt::format("{}: no answer for {} ms", name_, (statement_ + kGrace).count()));
}

bool Connection::StillGood() {
  if (given_up_ || trouble_.leave || statements_ > kMostStatements ||
      PQtransactionStatus(handle_.get()) != PQTRANS_IDLE ||
      PQpipelineStatus(handle_.get()) != PQ_PIPELINE_OFF) {
    return false;
  }
  // A server that went away has closed the connection: that is there to be read.
  if (Poll(PQsocket(handle_.get()), POLLIN, core::MonoNow()) &&
      PQconsumeInput(handle_.get()) == 0) {
    return false;
  }
  return !lost();
}

core::Error Connection::Lost() {
  const std::string reason = FirstLine(PQerrorMessage(handle_.get()));
  given_up_ = true;
  return {ErrorCode::kUnavailable,
          fmt::format("{}: the connection broke{}{}", name_, reason.empty() ? "" : ": ", reason),
          {},
          {}};
}

core::Error Connection::ErrorOf(const PGresult* answer) {
  const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const char* primary = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
  if (state == nullptr) {
    return Lost();  // libpq's own words: the server has not said anything
  }
  trouble_ = MapState(state, primary == nullptr ? "" : primary, name_);
  again_ = again_ || trouble_.again;
  // 57P…: the server ends the session.
  given_up_ = given_up_ || std::string_view(state).starts_with("57P");
  return trouble_.error;
}

}  // namespace signalbox::store::postgres
