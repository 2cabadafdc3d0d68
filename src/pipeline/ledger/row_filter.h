// A filter of ledger_requests as parameters of a statement.
//
// Owner:   whoever asks; holds views of the filter. Threads: one. Errors: none.
// Cancel:  nothing to undo.
#pragma once

#include <array>
#include <string>

#include "io/store/value.h"
#include "pipeline/ledger/dimension.h"
#include "pipeline/ledger/request_query.h"

// Goes behind a WHERE that uses parameters up to $4; the statement's order and limit follow.
#define SB_ROW_FILTER                     \
  " AND ($5 IS NULL OR tenant_id = $5)"   \
  " AND ($6 IS NULL OR key_id = $6)"      \
  " AND ($7 IS NULL OR user_id = $7)"     \
  " AND ($8 IS NULL OR team_id = $8)"     \
  " AND ($9 IS NULL OR project_id = $9)"  \
  " AND ($10 IS NULL OR provider = $10)"  \
  " AND ($11 IS NULL OR model = $11)"     \
  " AND ($12 IS NULL OR operation = $12)" \
  " AND ($13 IS NULL OR outcome = $13)"   \
  " AND ($14 IS NULL OR end_user = $14)"  \
  " AND ($15 IS NULL OR agent = $15)"     \
  " AND ($16 IS NULL OR session = $16)"   \
  " AND ($17 IS NULL OR task = $17)"      \
  " AND ($18 IS NULL OR feature = $18)"   \
  " AND ($19 IS NULL OR category = $19)"  \
  " AND ($20 IS NULL OR activity = $20)"  \
  " AND ($21 IS NULL OR tags LIKE $21 ESCAPE '\\') "

namespace signalbox::ledger {

// The dimension that narrows a filter down most, by which its rows are looked for.
struct Guide {
  Dimension dimension = Dimension::kTotal;
  std::string value;
};

class RowFilter {
 public:
  RowFilter(const Scope& scope, const RequestFilter& filter);

  const Guide& guide() const { return guide_; }
  // As text, for rollups; null: all.
  store::Param tenant_text() const;
  // Whether no row can match: another tenant's are asked for than may be seen.
  bool impossible() const { return impossible_; }

  // Sets $1 to $4.
  void Bind(store::Param first, store::Param second, store::Param third, store::Param fourth) {
    params_[0] = first;
    params_[1] = second;
    params_[2] = third;
    params_[3] = fourth;
  }
  store::Params params() const { return params_; }
  // What the statement cannot say: that one of the tags is the one asked for.
  bool Matches(const Record& record) const;

 private:
  void Choose(const RequestFilter& filter);
  void SetGuide(Dimension dimension, std::string value);

  request::TenantId tenant_;
  request::Parties parties_;
  bool impossible_ = false;
  std::string tenant_text_;
  std::string tag_;
  std::string tag_pattern_;
  Guide guide_;
  std::array<store::Param, 21> params_;
};

// The first id of requests that arrive at `second` since 1970.
core::Uuid FirstIdAt(std::int64_t second);

}  // namespace signalbox::ledger
