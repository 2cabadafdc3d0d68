// Similarity search over embeddings: collections of vectors, each with an id and small metadata.
// Knows no domain types. Implementations: hnsw/ (an index in the process over rows of a Sql),
// pgvector/ (in PostgreSQL).
//
// Owner:   app/, one per process; outlives whoever uses it.
// Threads: any that may block: the pool's, the main thread at start. Never a worker's.
// Errors:  kNotFound: no such collection in this scope; create it first. kInvalidRequest: a vector
//          of another dimension than the collection's, one that is not finite or without a
//          direction (zero, for cosine), names, metadata, filters or numbers out of their bounds;
//          the message says which. kConflict: a collection of another form is there. Others as
//          Sql's.
// Cancel:  as Sql; a call that writes is carried out whole or not at all, and what it acknowledged
//          outlives a kill.
//
// A scope is a tenant: two scopes never see each other's rows, whatever their collections' names.
// Ids, scopes and names are no contents: they may stay in the database for a while after their
// rows.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "io/store/metadata.h"

namespace signalbox::store {

inline constexpr std::size_t kMostDimensions = 4096;
inline constexpr std::size_t kMostVectors = 1000;    // of one Upsert, ids of one Delete
inline constexpr std::size_t kMostFound = 1000;      // of one Search
inline constexpr float kMostComponent = 1e9F;        // a vector's numbers are from - to + of it
inline constexpr std::size_t kMostVectorName = 256;  // bytes of a scope, a collection's name, an id

enum class Metric : std::uint8_t {
  kCosine,  // similarity: the angle's cosine to five digits, 1 = the same direction
  kDot,     // the dot product
  kL2,      // the Euclidean distance with a minus: 0 = the same
};
std::string_view Name(Metric metric);  // "cosine"

struct CollectionName {
  std::string scope;
  std::string name;
};

struct VectorShape {
  std::size_t dimension = 0;
  Metric metric = Metric::kCosine;
};

struct VectorRow {
  std::string id;
  std::vector<float> vector;
  Metadata metadata;
};

struct VectorQuery {
  std::vector<float> vector;
  std::size_t k = 10;
  Filter filter;
  double least = -std::numeric_limits<double>::infinity();  // similarity; what is below is left out
};

struct VectorHit {
  std::string id;
  double similarity = 0;
  Metadata metadata;
};

class Vectors {
 public:
  virtual ~Vectors() = default;

  // Of a collection that is there already in this form: nothing to do.
  virtual core::Status Create(const CollectionName& collection, const VectorShape& shape) = 0;
  // With all its rows. One that is not there is dropped already.
  virtual core::Status Drop(const CollectionName& collection) = 0;

  // All of them or none. Takes the place of rows with the same ids; of one id twice the last
  // counts.
  virtual core::Status Upsert(const CollectionName& collection,
                              std::span<const VectorRow> rows) = 0;
  // Returns how many were there.
  virtual core::Result<std::size_t> Delete(const CollectionName& collection,
                                           std::span<const std::string> ids) = 0;
  // For erasure: of what matches, nothing stays in the database, ids included, but in copies of it.
  virtual core::Result<std::size_t> DeleteWhere(const CollectionName& collection,
                                                const Filter& filter) = 0;

  // The k most similar that match, best first, equal ones by id. Sees what any process acknowledged
  // before the call. It is approximate: of the true k nearest some may be missing (see recall in
  // the implementations' READMEs), but fewer than k come only when no more match.
  virtual core::Result<std::vector<VectorHit>> Search(const CollectionName& collection,
                                                      const VectorQuery& query) = 0;
  virtual core::Result<std::size_t> Count(const CollectionName& collection,
                                          const Filter& filter) = 0;

  // For people: "HNSW over SQLite ./data/signalbox.db".
  virtual std::string Name() const = 0;
};

// What every implementation checks first.
core::Status CheckCollection(const CollectionName& collection);
core::Status CheckShape(const VectorShape& shape);
core::Status CheckIds(std::span<const std::string> ids);
core::Status CheckRows(std::span<const VectorRow> rows);
core::Status CheckQuery(const VectorQuery& query);

// `vector` as it is kept and searched with: of length 1 for cosine, else as it is. `what` is where
// it stands, for messages: "row 3".
core::Result<std::vector<float>> ReadyVector(std::span<const float> vector,
                                             const VectorShape& shape, std::string_view what);

// A cosine that was computed, as it is given: what is the same is 1, whatever the rounding.
double RoundCosine(double cosine);

// Best first, equal ones by id, at most `k`, none below `least`.
void RankHits(std::vector<VectorHit>& hits, std::size_t k, double least);

}  // namespace signalbox::store
