#include "vendors/tokens/merge.h"

#include <algorithm>
#include <array>

namespace signalbox::tokens {
namespace {

// Parts of a piece that may still become one with what follows them. `begins` has one entry more
// than there are parts: the end of the piece.
struct ShortPiece {
  std::array<std::uint8_t, kShortPiece + 1> begins;
  std::array<Rank, kShortPiece> ranks;  // of a part and the one that follows it
  std::size_t parts = 0;
};

Rank PairRank(const Ranks& ranks, std::string_view piece, std::size_t begin, std::size_t end) {
  return ranks.Find(piece.substr(begin, end - begin));
}

void MergeShort(const Ranks& ranks, std::string_view piece, ShortPiece& state,
                std::uint64_t& steps) {
  state.parts = piece.size();
  for (std::size_t i = 0; i <= piece.size(); ++i) {
    state.begins[i] = static_cast<std::uint8_t>(i);
  }
  auto* const begins = state.begins.data();
  auto* const pair_ranks = state.ranks.data();
  const auto rank_at = [&](std::size_t i) {
    return i + 2 <= state.parts ? PairRank(ranks, piece, begins[i], begins[i + 2]) : kNoRank;
  };
  for (std::size_t i = 0; i < state.parts; ++i) {
    pair_ranks[i] = rank_at(i);
  }
  while (state.parts > 1) {
    steps += state.parts;
    const auto* const best = std::min_element(pair_ranks, pair_ranks + state.parts);
    if (*best == kNoRank) {
      return;
    }
    const auto i = static_cast<std::size_t>(best - pair_ranks);
    std::copy(begins + i + 2, begins + state.parts + 1, begins + i + 1);
    std::copy(pair_ranks + i + 2, pair_ranks + state.parts, pair_ranks + i + 1);
    --state.parts;
    pair_ranks[i] = rank_at(i);
    if (i > 0) {
      pair_ranks[i - 1] = rank_at(i - 1);
    }
  }
}

// The parts of a long piece as a linked list, by the offset where each begins.
class LongPiece {
 public:
  LongPiece(const Ranks& ranks, std::string_view piece, std::uint64_t& steps)
      : ranks_(ranks), piece_(piece), steps_(steps), nodes_(piece.size()) {}

  void Merge();
  std::size_t parts() const { return parts_; }
  // Where the part after the one at `begin` begins.
  std::uint32_t Next(std::uint32_t begin) const { return nodes_[begin].next; }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;  // the piece's size for the last part
    Rank rank = kNoRank;     // of this part and the next; kNoRank also for a part that is gone
  };
  using Candidate = std::uint64_t;  // rank, then offset: the lowest comes first

  void Rate(std::uint32_t begin);
  void Join(std::uint32_t begin);

  const Ranks& ranks_;
  std::string_view piece_;
  std::uint64_t& steps_;
  std::vector<Node> nodes_;
  std::vector<Candidate> heap_;
  std::size_t parts_ = 0;
};

// Finds the rank of the part at `begin` and the next one, and offers it.
void LongPiece::Rate(std::uint32_t begin) {
  ++steps_;
  Node& node = nodes_[begin];
  node.rank =
      node.next < piece_.size() ? PairRank(ranks_, piece_, begin, nodes_[node.next].next) : kNoRank;
  if (node.rank != kNoRank) {
    heap_.push_back(static_cast<Candidate>(node.rank) << 32 | begin);
  }
}

void LongPiece::Join(std::uint32_t begin) {
  Node& node = nodes_[begin];
  Node& gone = nodes_[node.next];
  node.next = gone.next;
  gone.rank = kNoRank;
  if (node.next < piece_.size()) {
    nodes_[node.next].previous = begin;
  }
  --parts_;
}

void LongPiece::Merge() {
  const auto size = static_cast<std::uint32_t>(piece_.size());
  for (std::uint32_t i = 0; i < size; ++i) {
    nodes_[i] = {i - 1, i + 1, kNoRank};
  }
  parts_ = size;
  for (std::uint32_t i = 0; i + 1 < size; ++i) {
    nodes_[i].rank = PairRank(ranks_, piece_, i, i + 2);
    if (nodes_[i].rank != kNoRank) {
      heap_.push_back(static_cast<Candidate>(nodes_[i].rank) << 32 | i);
    }
  }
  steps_ += size;
  std::ranges::make_heap(heap_, std::greater<>());
  const auto rate = [this](std::uint32_t begin) {
    const std::size_t before = heap_.size();
    Rate(begin);
    if (heap_.size() > before) {
      std::ranges::push_heap(heap_, std::greater<>());
    }
  };
  while (!heap_.empty()) {
    ++steps_;
    std::ranges::pop_heap(heap_, std::greater<>());
    const Candidate best = heap_.back();
    heap_.pop_back();
    const auto begin = static_cast<std::uint32_t>(best);
    if (nodes_[begin].rank != best >> 32) {
      continue;  // one of the two has become part of another since
    }
    Join(begin);
    rate(begin);
    if (begin > 0) {
      rate(nodes_[begin].previous);
    }
  }
}

std::size_t CountPart(const Ranks& ranks, std::string_view piece, std::uint64_t& steps) {
  if (piece.size() <= kShortPiece) {
    ShortPiece state;
    MergeShort(ranks, piece, state, steps);
    return state.parts;
  }
  LongPiece state(ranks, piece, steps);
  state.Merge();
  return state.parts();
}

}  // namespace

std::size_t CountPiece(const Ranks& ranks, std::string_view piece, std::uint64_t* steps) {
  std::uint64_t unused = 0;
  std::uint64_t& counted = steps != nullptr ? *steps : unused;
  std::size_t tokens = 0;
  while (!piece.empty()) {
    const std::string_view part = piece.substr(0, kLongestPart);
    piece.remove_prefix(part.size());
    ++counted;
    const bool whole = part.size() == 1 || ranks.Find(part) != kNoRank;
    tokens += whole ? 1 : CountPart(ranks, part, counted);
  }
  return tokens;
}

std::vector<Rank> EncodePiece(const Ranks& ranks, std::string_view piece) {
  std::vector<Rank> tokens;
  std::uint64_t steps = 0;
  if (piece.size() < 2 || ranks.Find(piece) != kNoRank) {
    tokens.push_back(ranks.Find(piece));
  } else if (piece.size() <= kShortPiece) {
    ShortPiece state;
    MergeShort(ranks, piece, state, steps);
    for (std::size_t i = 0; i < state.parts; ++i) {
      tokens.push_back(PairRank(ranks, piece, state.begins[i], state.begins[i + 1]));
    }
  } else {
    LongPiece state(ranks, piece, steps);
    state.Merge();
    for (std::uint32_t at = 0; at < piece.size(); at = state.Next(at)) {
      tokens.push_back(PairRank(ranks, piece, at, state.Next(at)));
    }
  }
  return tokens;
}

}  // namespace signalbox::tokens
