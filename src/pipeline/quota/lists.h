// What workers tell the control threads that look after limits and budgets.
//
// Owner: the Registry. Threads: as PushedList. Errors: none. Cancel: nothing to undo.
#pragma once

#include "pipeline/quota/subject.h"

namespace signalbox::quota {

struct Lists {
  Budget::Alerts alerts;
  Budget::Wanted wanted;     // of those that are shared with other replicas
  Subject::Touched touched;  // whose rates are shared and were asked
};

}  // namespace signalbox::quota
