#include "io/store/postgres/pipeline.h"

#include <charconv>
#include <string_view>

namespace signalbox::store::postgres {
namespace {

constexpr std::size_t kMostOnTheWay = 512;  // statements between two waits

class Pipeline {
 public:
  explicit Pipeline(Connection& connection) : connection_(connection) {}
  ~Pipeline() {
    if (on_ && PQexitPipelineMode(connection_.handle()) == 0) {
      connection_.GiveUp();
    }
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  core::Status Send(const std::string& text, Params row) {
    const Prepared* prepared = connection_.Known(text, row);
    if (prepared == nullptr) {  // asks the server: not in between others
      SB_CHECK_OK(Wait());
      SB_TRY(prepared, connection_.Prepare(text, row));
    }
    on_ = on_ || PQenterPipelineMode(connection_.handle()) != 0;
    SB_CHECK_OK(connection_.Send(*prepared, row));
    return ++sent_ == kMostOnTheWay ? Wait() : core::Status();
  }

  // For all answers; the connection is as it was before.
  core::Status Wait() {
    if (!on_) {
      return {};
    }
    if (PQpipelineSync(connection_.handle()) == 0) {
      connection_.GiveUp();
    }
    core::Status status;
    for (bool ended = false; !ended;) {
      auto answer = connection_.Next();
      if (!answer && status) {
        status = std::unexpected(std::move(answer).error());
      }
      if (!answer) {
        ended = connection_.lost();
      } else if (*answer != nullptr) {
        ended = PQresultStatus(answer->get()) == PGRES_PIPELINE_SYNC;
        written_ += WrittenRows(answer->get());
      }
    }
    sent_ = 0;
    on_ = PQexitPipelineMode(connection_.handle()) == 0;
    return status;
  }
  std::int64_t written() const { return written_; }

 private:
  Connection& connection_;
  std::size_t sent_ = 0;
  std::int64_t written_ = 0;
  bool on_ = false;
};

}  // namespace

core::Result<std::int64_t> RunInPipeline(Connection& connection, const std::string& text,
                                         std::size_t params, const NextRow& next) {
  Pipeline pipeline(connection);
  core::Status status;
  for (std::vector<Param> row(params); status && next(row);) {
    status = pipeline.Send(text, row);
  }
  const core::Status waited = pipeline.Wait();
  SB_CHECK_OK(status);
  SB_CHECK_OK(waited);
  return pipeline.written();
}

std::int64_t WrittenRows(PGresult* answer) {
  const std::string_view text = PQcmdTuples(answer);
  std::int64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

}  // namespace signalbox::store::postgres
