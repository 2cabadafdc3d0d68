// Objects in a bucket.
//
// Owner, Threads, Errors: as store::Objects says.
// Cancel:  Stop ends what waits within a second. A kill during a large Put leaves parts that nobody
//          sees but the bill: give the bucket a rule that removes incomplete uploads.
//
// What is small goes up in one request, what is larger than a part in several, of which one is held
// in memory. What fails in a way that may pass is tried again; a Get that broke off goes on where
// it was, if the object is still the same.
#pragma once

#include <memory>
#include <string>

#include "io/store/objects.h"
#include "io/store/s3/answers.h"
#include "io/store/s3/client.h"
#include "io/store/s3/options.h"

namespace signalbox::s3 {

class S3 final : public store::Objects {
 public:
  // Sends nothing yet.
  static core::Result<std::unique_ptr<S3>> Open(const S3Options& options,
                                                Client::Clock clock = core::WallNow);
  S3(const S3Options& options, const RetryPolicy& policy, Client::Clock clock);

  core::Result<store::ObjectInfo> Put(const store::ObjectKey& key,
                                      const store::ObjectSource& source,
                                      const store::PutOptions& options) override;
  core::Result<store::ObjectInfo> Get(const store::ObjectKey& key, const store::ByteRange& range,
                                      const store::ObjectSink& sink) override;
  core::Result<store::ObjectInfo> Find(const store::ObjectKey& key) override;
  core::Status Delete(const store::ObjectKey& key) override;
  core::Result<store::ObjectPage> List(const store::ListRequest& request) override;
  void Stop() override { client_.Stop(); }
  std::string Name() const override { return name_; }

 private:
  std::string Whole(const store::ObjectKey& key) const { return prefix_ + key.text(); }
  core::Result<store::ObjectInfo> PutWhole(const store::ObjectKey& key, std::string_view bytes,
                                           const store::PutOptions& options);
  core::Result<store::ObjectInfo> PutParts(const store::ObjectKey& key, std::string& part,
                                           const store::ObjectSource& source,
                                           const store::PutOptions& options);
  // `prefix` and `after` of whole keys.
  core::Result<ListAnswer> ListKeys(const std::string& prefix, const std::string& after,
                                    std::size_t most);
  // Whether the object is there with just these contents.
  bool IsThere(const store::ObjectKey& key, std::string_view checksum);
  core::Error At(const store::ObjectKey& key, core::Error error) const;

  std::string name_;
  std::string prefix_;
  std::size_t part_size_;
  bool checksums_;
  Client client_;
};

}  // namespace signalbox::s3
