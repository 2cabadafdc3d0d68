#include "io/store/vault/sealed_objects.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace signalbox::vault {
namespace {

using core::ErrorCode;
using store::ByteRange;
using store::ObjectInfo;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

std::string BoundTo(const store::ObjectKey& key) {
  return "object " + key.text();
}

// Reads a source and gives what it says sealed.
class Sealing {
 public:
  Sealing(const store::ObjectSource& source, StreamSealer sealer)
      : source_(source), sealer_(std::move(sealer)), plain_(kChunkBytes, '\0') {}
  ~Sealing() { Wipe(plain_); }
  Sealing(const Sealing&) = delete;
  Sealing& operator=(const Sealing&) = delete;

  core::Result<std::size_t> Read(std::span<char> out) {
    while (given_ == sealed_.size() && !ended_) {
      sealed_.clear();
      given_ = 0;
      SB_TRY(const std::size_t got, source_(std::span(plain_)));
      ended_ = got == 0;
      if (ended_) {
        sealer_.End(sealed_);
      } else {
        sealer_.Next(std::string_view(plain_).substr(0, got), sealed_);
      }
    }
    const std::size_t some = std::min(out.size(), sealed_.size() - given_);
    std::memcpy(out.data(), sealed_.data() + given_, some);
    given_ += some;
    return some;
  }

 private:
  const store::ObjectSource& source_;
  StreamSealer sealer_;
  std::string plain_;
  std::string sealed_;
  std::size_t given_ = 0;
  bool ended_ = false;
};

// Takes a sealed stream and gives the range of what is in it to a sink.
class Opening {
 public:
  using MakeOpener = std::function<core::Result<StreamOpener>(std::string_view head)>;

  Opening(MakeOpener make, const ByteRange& range, const store::ObjectSink& sink)
      : make_(std::move(make)), skip_(range.offset), left_(range.length), sink_(sink) {}

  core::Status Take(std::string_view sealed) {
    if (!opener_) {
      const std::string_view some = sealed.substr(0, kHeadBytes - head_.size());
      head_ += some;
      sealed.remove_prefix(some.size());
      if (head_.size() < kHeadBytes) {
        return {};
      }
      SB_TRY(opener_, make_(head_));
    }
    plain_.clear();
    SB_CHECK_OK(opener_->Next(sealed, plain_));
    return Give();
  }
  // `whole`: the end of the stream was among what was taken.
  core::Status End(bool whole) {
    if (!opener_) {
      return core::Fail(ErrorCode::kInternal, "not a sealed object");
    }
    plain_.clear();
    if (whole) {
      SB_CHECK_OK(opener_->End(plain_));
    }
    return Give();
  }

 private:
  core::Status Give() {
    std::string_view plain = plain_;
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, plain.size()));
    skip_ -= skipped;
    plain.remove_prefix(skipped);
    plain = plain.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, plain.size())));
    left_ -= plain.size();
    return plain.empty() ? core::Status() : sink_(plain);
  }

  MakeOpener make_;
  std::uint64_t skip_;
  std::uint64_t left_;
  const store::ObjectSink& sink_;
  std::optional<StreamOpener> opener_;
  std::string head_;
  std::string plain_;
};

// How many sealed bytes hold the first bytes up to the end of `range`.
std::uint64_t SealedEnd(const ByteRange& range) {
  if (range.length > kMost - range.offset) {
    return kMost;
  }
  const std::uint64_t end = range.offset + range.length;
  const std::uint64_t chunks = end / kChunkBytes + 1;
  return chunks > kMost / (2 * kChunkBytes) ? kMost
                                            : kHeadBytes + chunks * (kChunkBytes + kChunkOverhead);
}

void MakePlain(ObjectInfo& info) {
  info.size = PlainSize(info.size).value_or(info.size);
}

core::Error AfterTheEnd(const std::string& name, const store::ObjectKey& key) {
  return {.code = ErrorCode::kInvalidRequest,
          .message = name + ": " + key.text() + ": the range begins after the end"};
}

}  // namespace

core::Result<ObjectInfo> SealedObjects::Put(const store::ObjectKey& key,
                                            const store::ObjectSource& source,
                                            const store::PutOptions& options) {
  SB_TRY(StreamSealer sealer, vault_.SealStream(purpose_, BoundTo(key)));
  Sealing sealing(source, std::move(sealer));
  auto put =
      store_.Put(key, [&sealing](std::span<char> out) { return sealing.Read(out); }, options);
  if (put) {
    MakePlain(*put);
  }
  return put;
}

core::Result<ObjectInfo> SealedObjects::Get(const store::ObjectKey& key, const ByteRange& range,
                                            const store::ObjectSink& sink) {
  const auto make = [this, &key](std::string_view head) {
    return vault_.UnsealStream(purpose_, head, BoundTo(key));
  };
  Opening opening(make, range, sink);
  const std::uint64_t end = SealedEnd(range);
  auto got = store_.Get(key, {.offset = 0, .length = end},
                        [&opening](std::string_view sealed) { return opening.Take(sealed); });
  if (!got) {
    return got;
  }
  if (auto ended = opening.End(got->size <= end); !ended) {
    return std::unexpected(std::move(ended).error().At(Name() + ": " + key.text()));
  }
  MakePlain(*got);
  if (range.offset > 0 && range.offset >= got->size) {
    return std::unexpected(AfterTheEnd(Name(), key));
  }
  return got;
}

core::Result<ObjectInfo> SealedObjects::Find(const store::ObjectKey& key) {
  auto found = store_.Find(key);
  if (found) {
    MakePlain(*found);
  }
  return found;
}

core::Result<store::ObjectPage> SealedObjects::List(const store::ListRequest& request) {
  auto page = store_.List(request);
  if (page) {
    std::ranges::for_each(page->objects, MakePlain);
  }
  return page;
}

}  // namespace signalbox::vault
