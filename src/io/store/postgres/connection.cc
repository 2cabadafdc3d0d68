#include "io/store/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "io/store/postgres/parameters.h"
#include "io/store/text.h"

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

// Parameters in binary form, as libpq takes them.
class Encoded {
 public:
  Encoded(Params params, const std::vector<Oid>& types) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < params.size(); ++i) {
      const bool null = std::holds_alternative<std::monostate>(params[i]);
      fits_ = (null || AppendValue(bytes_, params[i], types[i])) && fits_;
      ends.push_back(bytes_.size());
    }
    for (std::size_t i = 0, start = 0; i < params.size(); start = ends[i++]) {
      const bool null = std::holds_alternative<std::monostate>(params[i]);
      values.push_back(null ? nullptr : bytes_.data() + start);
      lengths.push_back(static_cast<int>(ends[i] - start));
      formats.push_back(1);
    }
  }
  bool fits() const { return fits_; }

  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  std::string bytes_;
  bool fits_ = true;
};

bool Fit(const std::vector<Oid>& types, Params params) {
  return std::ranges::equal(types, params, [](Oid type, const Param& param) {
    return std::holds_alternative<std::monostate>(param) || TypeOf(param) == type;
  });
}

core::Status CheckTexts(Params params, std::string_view name) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto* text = std::get_if<std::string_view>(&params[i]);
    if (text != nullptr && !IsStorableText(*text)) {
      return core::Fail(
          ErrorCode::kInvalidRequest,
          fmt::format("{}: parameter {} is not text (UTF-8 without NUL)", name, i + 1));
    }
  }
  return {};
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
  PQsetNoticeProcessor(handle_.get(), [](void*, const char*) {}, nullptr);  // not on our stderr
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

core::Result<Answer> Connection::Exec(const std::string& text) {
  if (PQsendQuery(handle_.get(), text.c_str()) == 0) {
    return std::unexpected(Lost());
  }
  return Finish();
}

core::Status Connection::Do(const std::string& text) {
  SB_TRY(const Answer answer, Exec(text));
  return {};
}

const Prepared* Connection::Known(const std::string& text, Params params) const {
  const auto variants = prepared_.find(text);
  if (variants == prepared_.end()) {
    return nullptr;
  }
  const auto one = std::ranges::find_if(
      variants->second, [params](const Prepared& prepared) { return Fit(prepared.types, params); });
  return one == variants->second.end() ? nullptr : &*one;
}

core::Result<const Prepared*> Connection::Prepare(const std::string& text, Params params) {
  if (const Prepared* known = Known(text, params)) {
    return known;
  }
  SB_TRY(auto types, FindTypes(text, params));
  Prepared made{fmt::format("s{}", ++statements_), std::move(types)};
  if (PQsendPrepare(handle_.get(), made.name.c_str(), text.c_str(),
                    static_cast<int>(made.types.size()), made.types.data()) == 0) {
    return std::unexpected(Lost());
  }
  SB_TRY(const Answer ready, Finish());
  return &prepared_[text].emplace_back(std::move(made));
}

// What is null has no type of its own: then the server says what it takes there.
core::Result<std::vector<Oid>> Connection::FindTypes(const std::string& text, Params params) {
  const ParameterUses uses = FindParameters(text);
  if (uses.gap || uses.values.size() != params.size()) {
    return core::Fail(
        ErrorCode::kInternal,
        fmt::format("{}: a statement takes {} parameters{} and was given {}", name_,
                    uses.values.size(), uses.gap ? ", with a gap," : "", params.size()));
  }
  std::vector<Oid> types;
  for (std::size_t i = 0; i < params.size(); ++i) {
    types.push_back(uses.values[i] == 0 && TypeOf(params[i]) == 0 ? kText : TypeOf(params[i]));
  }
  if (std::ranges::find(types, Oid{0}) == types.end()) {
    return types;
  }
  if (PQsendPrepare(handle_.get(), "", uses.without_null_tests.c_str(),
                    static_cast<int>(types.size()), types.data()) == 0) {
    return std::unexpected(Lost());
  }
  SB_TRY(const Answer ready, Finish());
  if (PQsendDescribePrepared(handle_.get(), "") == 0) {
    return std::unexpected(Lost());
  }
  SB_TRY(const Answer described, Finish());
  for (std::size_t i = 0; i < types.size(); ++i) {
    types[i] = OurType(PQparamtype(described.get(), static_cast<int>(i)));
  }
  return types;
}

core::Status Connection::Send(const Prepared& prepared, Params params) {
  SB_CHECK_OK(CheckTexts(params, name_));
  const Encoded encoded(params, prepared.types);
  if (!encoded.fits()) {
    return core::Fail(ErrorCode::kInternal, name_ + ": a parameter's type does not fit");
  }
  if (PQsendQueryPrepared(handle_.get(), prepared.name.c_str(), static_cast<int>(params.size()),
                          encoded.values.data(), encoded.lengths.data(), encoded.formats.data(),
                          1) == 0) {
    return std::unexpected(Lost());
  }
  return {};
}

core::Result<Answer> Connection::Next() {
  while (true) {
    const int unsent = PQflush(handle_.get());
    if (unsent < 0 || given_up_) {
      return std::unexpected(Lost());
    }
    if (PQisBusy(handle_.get()) == 0) {
      break;
    }
    SB_CHECK_OK(Wait(unsent > 0));
    if (PQconsumeInput(handle_.get()) == 0) {
      return std::unexpected(Lost());
    }
  }
  Answer answer(PQgetResult(handle_.get()));
  const ExecStatusType status = answer == nullptr ? PGRES_TUPLES_OK : PQresultStatus(answer.get());
  if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
    return std::unexpected(ErrorOf(answer.get()));
  }
  return answer;
}

core::Result<Answer> Connection::Finish() {
  Answer last;
  core::Status status;
  for (;;) {
    auto answer = Next();
    if (!answer) {
      status = std::unexpected(std::move(answer).error());
      if (lost()) {
        break;
      }
    } else if (*answer == nullptr) {
      break;
    } else {
      last = *std::move(answer);
      if (PQresultStatus(last.get()) == PGRES_COPY_IN) {
        break;
      }
    }
  }
  SB_CHECK_OK(status);
  return last;
}

core::Result<Answer> Connection::Run(const std::string& text, Params params) {
  SB_TRY(const Prepared* prepared, Prepare(text, params));
  SB_CHECK_OK(Send(*prepared, params));
  return Finish();
}

core::Result<Answer> Connection::RunOnce(const std::string& text) {
  if (PQsendQueryParams(handle_.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) ==
      0) {
    return std::unexpected(Lost());
  }
  return Finish();
}

core::Result<std::vector<Oid>> Connection::Columns(const std::string& select) {
  if (const auto known = columns_.find(select); known != columns_.end()) {
    return known->second;
  }
  SB_TRY(const Answer answer, RunOnce(select));
  std::vector<Oid> types;
  for (int i = 0; i < PQnfields(answer.get()); ++i) {
    types.push_back(PQftype(answer.get(), i));
  }
  columns_[select] = types;
  return types;
}

core::Status Connection::PutCopyData(std::string_view bytes) {
  for (;;) {
    const int put = PQputCopyData(handle_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (put < 0) {
      return std::unexpected(Lost());
    }
    SB_CHECK_OK(Flush());
    if (put > 0) {
      return {};
    }
  }
}

core::Status Connection::EndCopy(bool whole) {
  while (PQputCopyEnd(handle_.get(), whole ? nullptr : "given up") == 0) {
    SB_CHECK_OK(Flush());
  }
  SB_TRY(const Answer copied, Finish());
  return {};
}

core::Status Connection::Flush() {
  while (true) {
    const int unsent = PQflush(handle_.get());
    if (unsent == 0) {
      return {};
    }
    if (unsent < 0) {
      return std::unexpected(Lost());
    }
    SB_CHECK_OK(Wait(true));
    if (PQconsumeInput(handle_.get()) == 0) {
      return std::unexpected(Lost());
    }
  }
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
