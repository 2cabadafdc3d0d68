// How the simulated model ranks documents: by the words that they share with the query.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "vendors/chat/rerank.h"

namespace signalbox::sim {

// Best first; of equal ones the earlier. A score is the share of the query's words that a document
// has, from 0 to 1.
chat::RerankResponse AnswerRerank(const chat::RerankRequest& request);

}  // namespace signalbox::sim
