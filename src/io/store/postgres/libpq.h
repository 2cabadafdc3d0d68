// libpq, brought into the process when the first PostgreSQL is opened: with the libraries that it
// brings along (LDAP, Kerberos, GnuTLS) it would take megabytes from those who have none.
//
// Owner:   the process, for good. Threads: any, once LoadLibpq has said that it is there.
// Errors:  kUnavailable: the library is not installed, or not the one this program was made for.
// Cancel:  nothing to undo.
//
// The names are libpq's own; in this namespace they hide the functions that would be linked.
#pragma once

#include <libpq-fe.h>

#include "base/core/error.h"

namespace signalbox::store::postgres {

#define SB_EACH_OF_LIBPQ(DO) \
  DO(PQclear)                \
  DO(PQcmdTuples)            \
  DO(PQconndefaults)         \
  DO(PQconnectPoll)          \
  DO(PQconnectStartParams)   \
  DO(PQconninfoFree)         \
  DO(PQconninfoParse)        \
  DO(PQconsumeInput)         \
  DO(PQenterPipelineMode)    \
  DO(PQerrorMessage)         \
  DO(PQexitPipelineMode)     \
  DO(PQfinish)               \
  DO(PQflush)                \
  DO(PQfreemem)              \
  DO(PQftype)                \
  DO(PQgetisnull)            \
  DO(PQgetlength)            \
  DO(PQgetResult)            \
  DO(PQgetvalue)             \
  DO(PQisBusy)               \
  DO(PQnfields)              \
  DO(PQntuples)              \
  DO(PQparameterStatus)      \
  DO(PQparamtype)            \
  DO(PQpipelineStatus)       \
  DO(PQpipelineSync)         \
  DO(PQputCopyData)          \
  DO(PQputCopyEnd)           \
  DO(PQresultErrorField)     \
  DO(PQresultStatus)         \
  DO(PQsendDescribePrepared) \
  DO(PQsendPrepare)          \
  DO(PQsendQuery)            \
  DO(PQsendQueryParams)      \
  DO(PQsendQueryPrepared)    \
  DO(PQserverVersion)        \
  DO(PQsetNoticeProcessor)   \
  DO(PQsetnonblocking)       \
  DO(PQsetSingleRowMode)     \
  DO(PQsocket)               \
  DO(PQstatus)               \
  DO(PQtransactionStatus)

#define SB_DECLARE(name) extern decltype(&::name) name;
SB_EACH_OF_LIBPQ(SB_DECLARE)
#undef SB_DECLARE

// Loads it unless that was done. Before anything else of this header is used.
core::Status LoadLibpq();

}  // namespace signalbox::store::postgres
