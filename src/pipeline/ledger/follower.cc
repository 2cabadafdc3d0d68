#include "pipeline/ledger/follower.h"

#include <fcntl.h>

#include <algorithm>

#include "base/telemetry/log.h"

namespace signalbox::ledger {
namespace {

using telemetry::Level;

constexpr std::uint64_t kWholeSegment = ~std::uint64_t{0};

std::uint64_t LimitIn(std::uint32_t segment, Position until) {
  return segment == until.segment ? until.offset : kWholeSegment;
}

}  // namespace

// The segment at_ is in, or the first one that is there behind it.
core::Status Follower::OpenSegment(Position until) {
  const auto segments = ListSegments(directory_);
  const auto next = std::ranges::lower_bound(segments, at_.segment, {}, &SegmentName::number);
  if (next == segments.end() || next->number > until.segment) {
    return {};
  }
  if (next->number != at_.segment) {
    if (at_.segment != 0) {
      telemetry::Log(Level::kError, "segments of the ledger's archive are gone; the rest is read",
                     {{"directory", directory_}, {"from", at_.segment}, {"to", next->number}});
    }
    at_ = {next->number, 0};
  }
  SB_TRY(file_, OpenFile(next->path, O_RDONLY));
  reader_.emplace(file_.fd(), at_.offset, LimitIn(at_.segment, until));
  return {};
}

// A segment has been read to its end.
void Follower::Leave() {
  if (reader_->damaged_bytes() != 0) {
    telemetry::Log(Level::kError, "a segment of the ledger is damaged; the rest of it was read",
                   {{"directory", directory_},
                    {"segment", at_.segment},
                    {"damaged_bytes", reader_->damaged_bytes()}});
  }
  reader_.reset();
  at_ = {at_.segment + 1, 0};
}

// Nothing is left to read: holds no file until there is.
bool Follower::Rest() {
  reader_.reset();
  file_ = File();
  return false;
}

core::Result<bool> Follower::Next(Position until, Frame& out) {
  while (at_ < until) {
    if (!reader_) {
      SB_CHECK_OK(OpenSegment(until));
      if (!reader_) {
        return Rest();
      }
    }
    reader_->Raise(LimitIn(at_.segment, until));
    SB_TRY(const bool found, reader_->Next(out));
    if (found) {
      at_.offset = reader_->end();
      return true;
    }
    if (at_.segment >= until.segment) {
      break;
    }
    Leave();
  }
  return Rest();
}

}  // namespace signalbox::ledger
