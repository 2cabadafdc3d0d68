// Blobs by key: episodes, exports, backups. Knows nothing of what is in them.
//
// Owner:   app/, one per process; outlives whoever uses it.
// Threads: any that may block: the pool's, the main thread at start. Never a worker's.
// Errors:  kNotFound: no such object. kConflict: there is one already (if_absent). kInvalidRequest:
// a
//          range that begins after the end. kForbidden: the credentials may not. kUnavailable: the
//          disk is full or read-only, the service is away or asks to slow down: try again later.
//          kUpstreamProtocol: what came back is not what was put there. A message names the place
//          and the key, never a credential.
// Cancel:  a kill leaves every object whole, old or new. Stop ends what waits for a network.
//
// Source and sink are called on the caller's thread, a piece at a time: an object of any size takes
// a bounded amount of memory. A Put whose source fails leaves what was there.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/core/time.h"
#include "io/store/object_key.h"

namespace signalbox::store {

struct ObjectInfo {
  ObjectKey key;
  std::uint64_t size = 0;
  core::WallTime modified;
  std::string etag;  // changes when the contents do
};

// Fills `out` from its beginning and returns how much; 0 is the end.
using ObjectSource = std::function<core::Result<std::size_t>(std::span<char> out)>;
// The bytes are valid during the call; an error ends the Get and is returned.
using ObjectSink = std::function<core::Status(std::string_view bytes)>;

struct PutOptions {
  bool if_absent = false;
};

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length =
      std::numeric_limits<std::uint64_t>::max();  // what is not there is left out
};

struct ListRequest {
  std::string prefix;       // of keys; need not end at a folder
  std::string after;        // a page's next_after; begins behind that key
  std::size_t limit = 100;  // 1 to kMostListed
};
inline constexpr std::size_t kMostListed = 1000;

struct ObjectPage {
  std::vector<ObjectInfo> objects;  // in the order of their keys' bytes
  std::string next_after;           // empty: that was all
};

class Objects {
 public:
  virtual ~Objects() = default;

  virtual core::Result<ObjectInfo> Put(const ObjectKey& key, const ObjectSource& source,
                                       const PutOptions& options) = 0;
  // What was there at one moment, though it be replaced or deleted meanwhile; `range` of nothing is
  // an error unless it begins at 0.
  virtual core::Result<ObjectInfo> Get(const ObjectKey& key, const ByteRange& range,
                                       const ObjectSink& sink) = 0;
  virtual core::Result<ObjectInfo> Find(const ObjectKey& key) = 0;
  // An object that is not there is deleted already.
  virtual core::Status Delete(const ObjectKey& key) = 0;
  virtual core::Result<ObjectPage> List(const ListRequest& request) = 0;

  // Whatever waits now or later fails soon with kCancelled.
  virtual void Stop() = 0;
  virtual std::string Name() const = 0;  // for people: "./data/objects", "s3://bucket/prefix"

  // The same for what fits into memory; `limit` in bytes, kPayloadTooLarge above it.
  core::Result<ObjectInfo> PutText(const ObjectKey& key, std::string_view bytes,
                                   const PutOptions& options = {});
  core::Result<std::string> GetText(const ObjectKey& key, std::size_t limit,
                                    const ByteRange& range = {});
};

}  // namespace signalbox::store
