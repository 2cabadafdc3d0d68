// One Get: asks for a range, gives its bytes on, and asks for the rest when the connection breaks.
//
// Owner:   the Get. Threads: one; blocks.
// Errors:  as store::Objects::Get; kUnavailable: the object was replaced between two tries.
// Cancel:  the Client's Stop.
#pragma once

#include <string>

#include "io/store/objects.h"
#include "io/store/s3/checksum.h"
#include "io/store/s3/client.h"

namespace signalbox::s3 {

core::Result<store::ObjectInfo> FindObject(Client& client, const store::ObjectKey& key,
                                           std::string whole_key);

class Download {
 public:
  // `whole_key` is the object's with the store's prefix; all must outlive this.
  Download(Client& client, const store::ObjectKey& key, std::string whole_key,
           const store::ByteRange& range, const store::ObjectSink& sink);

  core::Result<store::ObjectInfo> Run();

 private:
  core::Result<Answer> Try();
  core::Status Take(const Answer& head, std::string_view bytes);
  core::Status Begin(const Answer& head);
  core::Result<store::ObjectInfo> Finish(const Answer& answer);
  bool Ranged() const { return next_ > 0 || !open_end_; }

  Client& client_;
  const store::ObjectKey& key_;
  std::string whole_key_;
  const store::ObjectSink& sink_;
  std::uint64_t next_;  // the first byte that has not come yet
  std::uint64_t last_;  // unless open_end_
  bool open_end_;
  bool begun_ = false;      // this try's head was looked at
  bool refused_ = false;    // by the sink, or because of the head: no other try
  std::string etag_;        // of the first try
  std::string checksum_;    // that S3 has of the whole
  std::uint64_t size_ = 0;  // of the whole, once known
  core::WallTime modified_;
  Sha256 hash_;
};

}  // namespace signalbox::s3
