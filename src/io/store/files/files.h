// Objects in a directory: one file per object, at its key below the root.
//
// Owner, Threads, Errors: as store::Objects says.
// Cancel:  nothing waits but for the disk; Stop does nothing. A kill leaves at most a draft behind,
//          which a later Open removes.
//
//   root/episodes/2026/a.json    an object, as it is
//   root/.drafts/3f…             what a Put is writing; renamed into its place, synced, at the end
//
// Every path is opened step by step below the root's descriptor and through no link (openat2 with
// RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS), so that not even somebody who can write into the root
// leads a Put or Get out of it. A listing reads the folders that can hold its page and keeps no
// more than that page in memory; put large collections into folders by date.
#pragma once

#include <memory>
#include <string>

#include "io/store/files/descriptor.h"
#include "io/store/objects.h"

namespace signalbox::files {

class Files final : public store::Objects {
 public:
  // Makes the directory, for its owner alone, when it is not there.
  static core::Result<std::unique_ptr<Files>> Open(const std::string& root);

  core::Result<store::ObjectInfo> Put(const store::ObjectKey& key,
                                      const store::ObjectSource& source,
                                      const store::PutOptions& options) override;
  core::Result<store::ObjectInfo> Get(const store::ObjectKey& key, const store::ByteRange& range,
                                      const store::ObjectSink& sink) override;
  core::Result<store::ObjectInfo> Find(const store::ObjectKey& key) override;
  core::Status Delete(const store::ObjectKey& key) override;
  core::Result<store::ObjectPage> List(const store::ListRequest& request) override;
  void Stop() override {}
  std::string Name() const override { return name_; }

 private:
  Files(std::string name, Descriptor root, Descriptor drafts)
      : name_(std::move(name)), root_(std::move(root)), drafts_(std::move(drafts)) {}

  core::Result<Descriptor> OpenObject(const store::ObjectKey& key) const;
  core::Error Failed(const store::ObjectKey& key, int error) const;

  std::string name_;
  Descriptor root_;
  Descriptor drafts_;
};

}  // namespace signalbox::files
