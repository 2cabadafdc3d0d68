// A place in the archive, and how far it is written and shipped.
//
// Owner:   ArchiveProgress: the Ledger. Threads: any; each value has one writer (the archiver, the
//          shipper). Errors: none. Cancel: nothing to undo.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>

namespace signalbox::ledger {

struct Position {
  std::uint32_t segment = 0;  // 0: before the first
  std::uint64_t offset = 0;   // a multiple of 8, below 32 GiB

  friend auto operator<=>(const Position&, const Position&) = default;
};

class ArchiveProgress {
 public:
  // Everything before it is on the disk and stays as it is.
  Position committed() const { return Load(committed_); }
  void SetCommitted(Position position) { Store(committed_, position); }
  // Everything before it is in the store.
  Position shipped() const { return Load(shipped_); }
  void SetShipped(Position position) { Store(shipped_, position); }
  // Whether segments have to wait for the store before they may be removed.
  bool awaits_shipping() const { return awaits_shipping_.load(std::memory_order_relaxed); }
  void AwaitShipping() { awaits_shipping_.store(true, std::memory_order_relaxed); }

 private:
  using Packed = std::atomic<std::uint64_t>;
  static Position Load(const Packed& from) {
    const std::uint64_t packed = from.load(std::memory_order_acquire);
    return {static_cast<std::uint32_t>(packed >> 32U), (packed & 0xffffffffU) * 8};
  }
  static void Store(Packed& to, Position position) {
    to.store(std::uint64_t{position.segment} << 32U | position.offset / 8,
             std::memory_order_release);
  }

  Packed committed_{0};
  Packed shipped_{0};
  std::atomic<bool> awaits_shipping_{false};
};

}  // namespace signalbox::ledger
