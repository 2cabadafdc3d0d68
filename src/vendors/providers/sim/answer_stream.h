// A whole answer, told as events: a token a batch, the choices in turn.
//
// Owner: the body that is being sent. Threads: none of its own. Errors: none.
// Cancel: nothing to undo.
//
// The sum of the deltas is the answer, so that streamed and whole answers have the same usage.
#pragma once

#include <cstdint>
#include <vector>

#include "vendors/chat/event.h"
#include "vendors/chat/response.h"

namespace signalbox::sim {

class AnswerStream {
 public:
  AnswerStream(chat::Response answer, bool with_usage);

  // The next batch into `out`; false when the last one was given.
  bool Next(chat::EventBatch& out);

  std::int64_t tokens() const { return tokens_; }      // in all batches so far
  std::int64_t position() const { return position_; }  // of the last token in its choice, from 0
  bool spoken() const { return open_ == 0; }           // every choice has said why it ended

 private:
  struct Cursor {
    std::size_t part = 0;
    std::size_t offset = 0;
    std::int64_t tokens = 0;
    std::int64_t call = 0;
    bool begun = false;
    bool call_begun = false;
    bool done = false;
  };

  void Step(const chat::Choice& choice, Cursor& cursor, chat::EventBatch& out);
  void StepPart(const chat::Choice& choice, Cursor& cursor, chat::EventBatch& out);
  bool Close(chat::EventBatch& out);

  chat::Response answer_;
  std::vector<Cursor> cursors_;
  std::size_t turn_ = 0;
  std::size_t open_;
  bool with_usage_;
  bool begun_ = false;
  bool ended_ = false;
  std::int64_t tokens_ = 0;
  std::int64_t position_ = 0;
};

}  // namespace signalbox::sim
