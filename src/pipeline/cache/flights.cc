#include "pipeline/cache/flights.h"

namespace signalbox::cache {
namespace {

constexpr std::uint32_t kNodes = 65536;  // in the air at once
constexpr std::uint32_t kChains = 4096;

std::uint32_t TopOf(std::uint64_t head) {
  return static_cast<std::uint32_t>(head);
}

}  // namespace

struct alignas(64) Flights::Node {
  std::atomic<std::uint32_t> holders;  // the leader, the chain, those who look
  std::atomic<std::uint32_t> next;     // in its chain, or of the free ones
  std::atomic<Follower*> last;         // of its followers, the latest first; Landed(): no more
  std::atomic<std::uint32_t> followers;
  Digest key;

  // Stands for the end of the list of one that has landed.
  static Follower* Landed() { return reinterpret_cast<Follower*>(alignof(Follower)); }
  bool landed() const { return last.load(std::memory_order_acquire) == Landed(); }
};

Flights::Flights(std::uint32_t most_followers)
    : most_followers_(most_followers),
      nodes_(kNodes * sizeof(Node)),
      chains_(kChains * sizeof(std::atomic<std::uint64_t>)),
      free_(kNodes) {}

Flights::Node& Flights::NodeOf(std::uint32_t node) const {
  return nodes_.As<Node>()[node - 1];
}

std::atomic<std::uint64_t>& Flights::ChainOf(const Digest& key) const {
  return chains_.As<std::atomic<std::uint64_t>>()[key.words[2] % kChains];
}

bool Flights::Hold(std::uint32_t node) const {
  std::atomic<std::uint32_t>& holders = NodeOf(node).holders;
  std::uint32_t seen = holders.load(std::memory_order_relaxed);
  while (seen != 0) {
    if (holders.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire,
                                      std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

void Flights::LetGo(std::uint32_t node) {
  if (NodeOf(node).holders.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    free_.Give(node, node, [this](std::uint32_t n) -> auto& { return NodeOf(n).next; });
  }
}

Flights::Joined Flights::Join(const Digest& key, async::Loop& loop) {
  std::atomic<std::uint64_t>& chain = ChainOf(key);
  std::uint32_t mine = 0;
  while (true) {
    std::uint64_t head = chain.load(std::memory_order_acquire);
    std::shared_ptr<Follower> follower;
    const Found found = Search(head, chain, key, loop, follower);
    if (found == Found::kChanged) {
      continue;  // somebody else got further
    }
    if (found == Found::kNone && mine == 0) {
      mine = free_.Take([this](std::uint32_t n) -> auto& { return NodeOf(n).next; });
      if (mine != 0) {
        Node& node = NodeOf(mine);
        node.key = key;
        node.last.store(nullptr, std::memory_order_relaxed);
        node.followers.store(0, std::memory_order_relaxed);
        node.holders.store(2, std::memory_order_release);
      }
    }
    if (found == Found::kNone && mine != 0) {
      NodeOf(mine).next.store(TopOf(head), std::memory_order_relaxed);
      if (chain.compare_exchange_strong(head, FreeList::After(head, mine),
                                        std::memory_order_acq_rel)) {
        return Lead(*this, mine);
      }
      continue;
    }
    if (mine != 0) {  // not needed: both its holders are this one
      Tell(NodeOf(mine), {});
      LetGo(mine);
      LetGo(mine);
    }
    return found == Found::kFollows ? Joined(std::move(follower)) : Joined();
  }
}

// Looks for one of `key` that is in the air, in the chain as it is under `head`.
Flights::Found Flights::Search(std::uint64_t head, const std::atomic<std::uint64_t>& chain,
                               const Digest& key, async::Loop& loop,
                               std::shared_ptr<Follower>& follower) {
  for (std::uint32_t at = TopOf(head); at != 0;) {
    if (!Hold(at)) {
      return Found::kChanged;
    }
    Node& node = NodeOf(at);
    const bool same = node.key == key && !node.landed();
    const Found found = same ? Follow(node, loop, follower) : Found::kNone;
    const std::uint32_t next = node.next.load(std::memory_order_relaxed);
    LetGo(at);
    if (found == Found::kFollows || found == Found::kFull) {
      return found;
    }
    if (chain.load(std::memory_order_acquire) != head) {
      return Found::kChanged;
    }
    at = next;
  }
  return Found::kNone;
}

Flights::Found Flights::Follow(Node& node, async::Loop& loop,
                               std::shared_ptr<Follower>& follower) const {
  if (node.followers.fetch_add(1, std::memory_order_relaxed) >= most_followers_) {
    node.followers.fetch_sub(1, std::memory_order_relaxed);
    return Found::kFull;
  }
  follower = std::make_shared<Follower>(loop);
  follower->self_ = follower;
  Follower* last = node.last.load(std::memory_order_acquire);
  do {
    if (last == Node::Landed()) {
      follower->self_.reset();
      follower.reset();
      return Found::kNone;
    }
    follower->next_ = last;
  } while (!node.last.compare_exchange_weak(last, follower.get(), std::memory_order_release,
                                            std::memory_order_acquire));
  return Found::kFollows;
}

bool Flights::Followed(std::uint32_t node) const {
  return NodeOf(node).followers.load(std::memory_order_relaxed) != 0;
}

// Ends `node`'s list of followers. One that never came into its chain may have some too: those who
// had read its number there in an earlier life.
void Flights::Tell(Node& node, const Landing& landing) {
  Follower* each = node.last.exchange(Node::Landed(), std::memory_order_acq_rel);
  while (each != nullptr) {
    const std::shared_ptr<Follower> follower = std::move(each->self_);
    each = follower->next_;
    follower->landing_.refusal = landing.refusal;
    if (landing.answer) {
      follower->landing_.answer = landing.answer.Share();
    }
    follower->loop_.Post([follower] { follower->landed_.Set(); });
  }
}

void Flights::Land(std::uint32_t number, const Landing& landing) {
  Node& node = NodeOf(number);
  Tell(node, landing);
  std::atomic<std::uint64_t>& chain = ChainOf(node.key);
  LetGo(number);
  TakeLandedOff(chain);
}

// Those at the head of a chain that have landed; the others leave when they get there.
void Flights::TakeLandedOff(std::atomic<std::uint64_t>& chain) {
  std::uint64_t head = chain.load(std::memory_order_acquire);
  while (TopOf(head) != 0) {
    const std::uint32_t top = TopOf(head);
    if (!Hold(top)) {
      head = chain.load(std::memory_order_acquire);
      continue;
    }
    Node& node = NodeOf(top);
    const bool landed = node.landed();
    const std::uint64_t rest = FreeList::After(head, node.next.load(std::memory_order_relaxed));
    const bool taken =
        landed && chain.compare_exchange_strong(head, rest, std::memory_order_acq_rel);
    LetGo(top);
    if (taken) {
      LetGo(top);  // the chain's
      head = chain.load(std::memory_order_acquire);
    } else if (!landed) {
      return;
    }
  }
}

}  // namespace signalbox::cache
