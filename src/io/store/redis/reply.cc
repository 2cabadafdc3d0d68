#include "io/store/redis/reply.h"

#include <hiredis/read.h>

#include <new>

namespace signalbox::store {
namespace {

using Kind = Reply::Kind;

// Where a new reply goes: into its parent's row, made before, or on its own. The first one of a
// tree is owned by the reader until it is whole. Null, which the reader takes for want of memory,
// when there are too many.
Reply* Place(const redisReadTask* task, Kind kind) {
  auto* items = static_cast<std::size_t*>(task->privdata);
  if (++*items > ReplyReader::kMostItems) {
    return nullptr;
  }
  Reply* reply = nullptr;
  if (task->parent == nullptr) {
    reply = new (std::nothrow) Reply;
  } else {
    reply = &static_cast<Reply*>(task->parent->obj)->items[static_cast<std::size_t>(task->idx)];
  }
  if (reply != nullptr) {
    reply->kind = kind;
  }
  return reply;
}

void* MakeText(const redisReadTask* task, char* text, std::size_t size) {
  const Kind kind = task->type == REDIS_REPLY_ERROR    ? Kind::kError
                    : task->type == REDIS_REPLY_STATUS ? Kind::kStatus
                                                       : Kind::kText;
  Reply* reply = Place(task, kind);
  if (reply != nullptr) {
    reply->text.assign(text, size);
  }
  return reply;
}

void* MakeArray(const redisReadTask* task, int count) {
  const auto* items = static_cast<const std::size_t*>(task->privdata);
  const auto size = static_cast<std::size_t>(count);
  if (size > ReplyReader::kMostItems - std::min(*items, ReplyReader::kMostItems)) {
    return nullptr;
  }
  Reply* reply = Place(task, Kind::kArray);
  if (reply != nullptr) {
    reply->items.resize(size);
  }
  return reply;
}

void* MakeInteger(const redisReadTask* task, long long value) {
  Reply* reply = Place(task, Kind::kInteger);
  if (reply != nullptr) {
    reply->integer = value;
  }
  return reply;
}

void* MakeNil(const redisReadTask* task) {
  return Place(task, Kind::kNil);
}

void FreeReply(void* reply) {
  delete static_cast<Reply*>(reply);
}

redisReplyObjectFunctions functions{MakeText, MakeArray, MakeInteger, MakeNil, FreeReply};

core::Status Broken(const char* what) {
  return core::Fail(core::ErrorCode::kUpstreamProtocol, what);
}

}  // namespace

void ReplyReader::Free::operator()(redisReader* reader) const {
  redisReaderFree(reader);
}

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
  if (reader_ == nullptr) {
    throw std::bad_alloc();
  }
}

core::Status ReplyReader::Feed(std::span<const char> bytes) {
  if (reader_->len - reader_->pos + bytes.size() > kMostBytes) {
    return Broken("an answer is too large");
  }
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) {
    return Broken("the answer is not understood");
  }
  return {};
}

core::Result<std::optional<Reply>> ReplyReader::Next() {
  reader_->privdata = &items_;
  void* read = nullptr;
  if (redisReaderGetReply(reader_.get(), &read) != REDIS_OK) {
    return std::unexpected(Broken("the answer is not understood").error());
  }
  if (read == nullptr) {
    return std::nullopt;
  }
  items_ = 0;
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(read));
  return std::move(*reply);
}

}  // namespace signalbox::store
