// What a connection is asked and answered, and rows in bulk.
#include "io/store/postgres/connection.h"

namespace signalbox::store::postgres {

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

}  // namespace signalbox::store::postgres
