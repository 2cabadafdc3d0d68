// One connection to a PostgreSQL server and the statements that were prepared on it. All waiting is
// bounded: a server that falls silent is given up.
//
// Owner:   the pool. Threads: one at a time.
// Errors:  as Sql's. After lost() it is only good for closing.
// Cancel:  the statement's limit, kept by the server and, two seconds later, here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/time.h"
#include "io/store/postgres/error.h"
#include "io/store/postgres/libpq.h"
#include "io/store/postgres/postgres.h"
#include "io/store/postgres/wire.h"

namespace signalbox::store::postgres {

struct Close {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* answer) const { PQclear(answer); }
};
using Answer = std::unique_ptr<PGresult, Close>;

struct Prepared {
  std::string name;
  std::vector<Oid> types;
};

class Connection {
 public:
  // `name` is the database's in messages.
  static std::expected<std::unique_ptr<Connection>, Trouble> Open(const PostgresOptions& options,
                                                                  const std::string& name);

  // Statements of this folder's, `;` between them; the last one's answer.
  core::Result<Answer> Exec(const std::string& text);
  core::Status Do(const std::string& text);

  // The statement with types that fit `params`, valid until the next is prepared. Known is null
  // when it was not prepared yet.
  core::Result<const Prepared*> Prepare(const std::string& text, Params params);
  const Prepared* Known(const std::string& text, Params params) const;
  // Sends it; the answers are to be taken with Next until there is none.
  core::Status Send(const Prepared& prepared, Params params);
  // The next answer, null at the end of a statement's. A failed statement's is its error.
  core::Result<Answer> Next();
  // Takes all answers of what was sent and gives the last.
  core::Result<Answer> Finish();
  // All of that at once; RunOnce prepares nothing and stops at the beginning of a COPY.
  core::Result<Answer> Run(const std::string& text, Params params);
  core::Result<Answer> RunOnce(const std::string& text);
  // Types of what a SELECT gives, asked for once.
  core::Result<std::vector<Oid>> Columns(const std::string& select);

  core::Status PutCopyData(std::string_view bytes);
  // Unless `whole`, the server is to forget the rows, and the error is its answer to that.
  core::Status EndCopy(bool whole);

  PGconn* handle() const { return handle_.get(); }
  const std::string& name() const { return name_; }
  bool lost() const { return PQstatus(handle_.get()) != CONNECTION_OK || given_up_; }
  // Whether an error since Forget asks for another try of the whole.
  bool again() const { return again_; }
  void Forget() { again_ = false; }
  // Whether it may be lent again.
  bool StillGood();
  // To be closed instead of lent again.
  void GiveUp() { given_up_ = true; }
  // Whether waits end: not for changes of the database's form.
  void SetPatience(bool endless) { endless_ = endless; }

 private:
  Connection(const PostgresOptions& options, std::string name)
      : name_(std::move(name)), wait_(options.wait), statement_(options.statement) {}
  core::Status Connect(const PostgresOptions& options);
  core::Status Configure(const PostgresOptions& options);
  core::Result<std::vector<Oid>> FindTypes(const std::string& text, Params params);
  core::Status Flush();
  // Until the socket may be read, or written too when `write`.
  core::Status Wait(bool write);
  core::Error Lost();
  core::Error ErrorOf(const PGresult* answer);

  const std::string name_;
  const std::chrono::milliseconds wait_;
  const std::chrono::milliseconds statement_;
  std::unique_ptr<PGconn, Close> handle_;
  std::unordered_map<std::string, std::vector<Prepared>> prepared_;
  std::unordered_map<std::string, std::vector<Oid>> columns_;
  std::size_t statements_ = 0;
  Trouble trouble_;
  bool again_ = false;
  bool given_up_ = false;
  bool endless_ = false;
};

}  // namespace signalbox::store::postgres
