#include "io/store/redis/pipe.h"

namespace signalbox::store {

using async::Deadline;
using async::Task;
using async::Wake;

RedisPipe::RedisPipe(RedisContext& context, std::string host, std::uint16_t port)
    : context_(context), link_(context, std::move(host), port, *this) {
  link_.Start();
}

core::Result<std::shared_ptr<RedisPipe::Call>> RedisPipe::Send(std::string_view bytes,
                                                               std::size_t replies) {
  if (!link_.usable()) {
    return std::unexpected(link_.error());
  }
  if (calls_.size() >= kMostWaiting) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      context_.options.Name() + ": too many calls wait for answers");
  }
  auto call = std::make_shared<Call>(context_.loop);
  call->expected = replies;
  call->replies.reserve(replies);
  call->sent_at = context_.loop.now();
  calls_.push_back(call);
  link_.Write(bytes);
  return call;
}

Task<core::Result<std::vector<Reply>>> RedisPipe::Await(std::shared_ptr<Call> call,
                                                        Deadline deadline) {
  const Wake wake = co_await call->done.Wait(deadline);
  if (wake == Wake::kReady) {
    if (!call->status) {
      co_return std::unexpected(call->status.error());
    }
    co_return std::move(call->replies);
  }
  // A Redis that says nothing for so long is frozen, or behind a network that forgot us: what is
  // sent on this connection will not be answered in time either.
  const auto silence = context_.options.silence;
  if (!calls_.empty() && context_.loop.now() - calls_.front()->sent_at > silence) {
    link_.Break("it does not answer");
  }
  co_return std::unexpected(async::ToError(wake).At(context_.options.Name()));
}

void RedisPipe::OnReply(Reply reply) {
  if (calls_.empty()) {
    link_.Break("it answers what nobody asked");
    return;
  }
  Call& call = *calls_.front();
  call.replies.push_back(std::move(reply));
  if (call.replies.size() == call.expected) {
    call.done.Set();
    calls_.pop_front();
  }
}

void RedisPipe::OnDown(const core::Error& error) {
  for (const std::shared_ptr<Call>& call : std::exchange(calls_, {})) {
    call->status = std::unexpected(error);
    call->done.Set();
  }
}

}  // namespace signalbox::store
