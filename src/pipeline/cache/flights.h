// Single flight: of those who miss the same answer at the same time, one asks for it and the others
// wait for what that one gets.
//
// Owner:   ExactCache. Threads: any; nobody waits for another thread. A Lead and a Follower belong
//          to the loop of the run that they are of.
// Errors:  none: who finds no room to lead or follow goes alone.
// Cancel:  a Lead that goes without having landed lands empty: its followers are on their own. A
//          Follower that goes is only missed.
// Budget:  to lead and to land with nobody following 60 ns together.
//
// Those in the air are nodes in chains by digest. A chain changes only at its head, whose count of
// changes says so: a node is put before it only if nobody else was since it was searched, and a
// node that has landed leaves when it comes to be the first. So there is one Lead of a digest at a
// time, whoever comes when.
#pragma once

#include <memory>
#include <variant>

#include "base/async/event.h"
#include "base/async/loop.h"
#include "pipeline/cache/entry.h"

namespace signalbox::cache {

// An answer that is no good one, as its leader got it; shared by those who followed.
struct Refusal {
  int status = 500;
  std::string content_type;
  std::string retry_after;
  std::string provider;
  std::string model;
  std::string body;
};

// What a flight ended with; empty: whoever followed is on their own.
struct Landing {
  Entry answer;
  std::shared_ptr<const Refusal> refusal;
};

// One that waits for another's answer.
class Follower {
 public:
  explicit Follower(async::Loop& loop) : loop_(loop), landed_(loop) {}

  // kReady: landing() is there.
  auto Wait(async::Deadline deadline) { return landed_.Wait(deadline); }
  Landing& landing() { return landing_; }

 private:
  friend class Flights;
  async::Loop& loop_;
  async::Event landed_;
  Landing landing_;
  Follower* next_ = nullptr;        // behind the same leader
  std::shared_ptr<Follower> self_;  // while it is in the leader's list
};

class Flights {
 public:
  class Lead {
   public:
    Lead(Lead&& other) noexcept : flights_(other.flights_), node_(std::exchange(other.node_, 0)) {}
    Lead& operator=(Lead&&) = delete;
    ~Lead() { Land({}); }

    bool followed() const { return node_ != 0 && flights_.Followed(node_); }
    // Tells all who follow, on their loops. Once; what comes later is not told.
    void Land(const Landing& landing) {
      if (node_ != 0) {
        flights_.Land(std::exchange(node_, 0), landing);
      }
    }

   private:
    friend class Flights;
    Lead(Flights& flights, std::uint32_t node) : flights_(flights), node_(node) {}
    Flights& flights_;
    std::uint32_t node_;
  };
  // None of the two: alone.
  using Joined = std::variant<std::monostate, Lead, std::shared_ptr<Follower>>;

  // `most_followers` of one leader.
  explicit Flights(std::uint32_t most_followers);

  Joined Join(const Digest& key, async::Loop& loop);

 private:
  struct alignas(64) Node;
  enum class Found : std::uint8_t { kNone, kFollows, kFull, kChanged };

  Node& NodeOf(std::uint32_t node) const;
  std::atomic<std::uint64_t>& ChainOf(const Digest& key) const;
  bool Hold(std::uint32_t node) const;
  void LetGo(std::uint32_t node);
  Found Search(std::uint64_t head, const std::atomic<std::uint64_t>& chain, const Digest& key,
               async::Loop& loop, std::shared_ptr<Follower>& follower);
  Found Follow(Node& node, async::Loop& loop, std::shared_ptr<Follower>& follower) const;
  bool Followed(std::uint32_t node) const;
  static void Tell(Node& node, const Landing& landing);
  void Land(std::uint32_t node, const Landing& landing);
  void TakeLandedOff(std::atomic<std::uint64_t>& chain);

  const std::uint32_t most_followers_;
  LazyMemory nodes_;
  LazyMemory chains_;
  FreeList free_;
};

}  // namespace signalbox::cache
