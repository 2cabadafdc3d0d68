#include "vendors/dialects/openai_chat/call_tracker.h"

namespace signalbox::openai_chat {

CallTracker::Call* CallTracker::Known(std::optional<std::int64_t> index, std::string_view id) {
  for (auto call = calls_.rbegin(); call != calls_.rend(); ++call) {
    const bool same_id = id.empty() || call->id.empty() || call->id == id;
    const bool same_index = !index || call->index == *index;
    if (same_id && same_index) {
      return &*call;
    }
  }
  return nullptr;
}

CallTracker::Place CallTracker::Find(std::optional<std::int64_t> index, std::string_view id,
                                     std::string_view name) {
  Place place;
  // A fragment without index that has an id of its own begins a call, unless the id is known.
  Call* call = Known(index, id);
  if (call == nullptr) {
    if (open_) {
      place.ended = static_cast<std::int64_t>(calls_.size()) - 1;
    }
    const auto next = static_cast<std::int64_t>(calls_.size());
    calls_.push_back({index.value_or(next), std::string(id), false});
    call = &calls_.back();
    open_ = true;
    place.begins = true;
  }
  place.call = call - calls_.data();
  place.begins |= !name.empty() && !call->named;
  call->named |= !name.empty();
  return place;
}

std::optional<std::int64_t> CallTracker::Close() {
  if (!open_) {
    return std::nullopt;
  }
  open_ = false;
  return static_cast<std::int64_t>(calls_.size()) - 1;
}

}  // namespace signalbox::openai_chat
