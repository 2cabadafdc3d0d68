// What a call may use and cost at most, before it is made. Pure.
//
// Owner: nobody. Threads: any. Errors: what cannot be bounded is -1, never too little.
// Cancel: nothing to undo. Budget: BoundOf once per target and catalogue, WorstCaseOf some
// multiplications.
//
// The input is bounded by its bytes: a token is at least one byte, and the JSON around a message is
// longer than the marks that a model puts there. What media come to is in no relation to their
// bytes, so a call with media is taken at the model's whole context. A vendor refuses what is
// longer than the context, so that is a bound for every call.
#pragma once

#include <cstdint>

#include "pipeline/request/admission.h"
#include "vendors/catalog/model.h"

namespace signalbox::quota {

// What is known of a call from its own text.
struct CallSize {
  std::uint64_t body_bytes = 0;
  std::uint32_t media = 0;        // pictures, sounds, documents, by reference or within
  std::int64_t most_output = -1;  // tokens of one answer, asked for at most; -1: not said
  std::uint32_t answers = 1;      // asked for (`n`)
  bool media_output = false;      // sound or pictures may come back
  bool cache_write = false;       // it asks for its prompt to be kept by the vendor
  std::int64_t searches = 0;      // of the web, at most; -1: any number
  std::uint32_t images = 0;       // to be made
  bool priority = false;          // it asks to be served before others
};

// A model's highest rates. Prices in 10^-12 dollars a unit; catalog::kUnknownPrice: not known.
struct CostBound {
  std::int64_t context = 0;  // 0: not known
  std::int64_t max_output = 0;
  std::int64_t input = catalog::kUnknownPrice;  // of plain text
  std::int64_t input_written = catalog::kUnknownPrice;
  std::int64_t input_media = catalog::kUnknownPrice;
  std::int64_t output = catalog::kUnknownPrice;
  std::int64_t output_media = catalog::kUnknownPrice;
  std::int64_t request = 0;
  std::int64_t character = 0;
  std::int64_t image = 0;
  std::int64_t search = catalog::kUnknownPrice;
  bool by_tokens = false;   // tokens have a price
  bool by_seconds = false;  // and nothing else bounds it: unknown
};

// Over all sizes of a prompt, at the price that holds at `when`. Null: a model that nobody knows.
// `priority`: served before others or like them, whichever is dearer; where the catalogue has no
// price for that, the vendor does not offer it. Every other tier costs standard at most.
CostBound BoundOf(const catalog::Model* model, std::chrono::system_clock::time_point when,
                  bool priority = false);

request::WorstCase WorstCaseOf(const CallSize& call, const CostBound& bound);

}  // namespace signalbox::quota
