#include "io/store/files/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "io/store/files/draft.h"
#include "io/store/files/listing.h"

namespace signalbox::files {
namespace {

using core::ErrorCode;
using store::ObjectInfo;
using store::ObjectKey;

constexpr std::size_t kPiece = 64U << 10;
constexpr auto kDraftAge = std::chrono::hours(24);  // longer than any Put that still runs

ErrorCode CodeOf(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case ELOOP:
    case EXDEV:
    case EACCES:
    case EPERM:
      return ErrorCode::kForbidden;
    case EEXIST:
      return ErrorCode::kConflict;
    default:
      return ErrorCode::kUnavailable;
  }
}

// The folder that the object is in, made when `make` says so.
Descriptor ParentOf(const ObjectKey& key, const Descriptor& root, bool make) {
  const auto slash = key.text().rfind('/');
  if (slash == std::string::npos) {
    return Descriptor(fcntl(root.number(), F_DUPFD_CLOEXEC, 0));
  }
  const std::string folder = key.text().substr(0, slash);
  return make ? MakeFolders(root, folder) : OpenBeneath(root, folder, O_RDONLY | O_DIRECTORY);
}

std::string NameOf(const ObjectKey& key) {
  return key.text().substr(key.text().rfind('/') + 1);
}

// All of `source` through one buffer.
core::Status Fill(Draft& draft, const store::ObjectSource& source) {
  std::string buffer(kPiece, '\0');
  while (true) {
    SB_TRY(const std::size_t got, source(std::span(buffer)));
    if (got == 0) {
      return {};
    }
    if (!draft.Write(std::string_view(buffer).substr(0, got))) {
      return core::Fail(CodeOf(errno), core::ErrnoMessage(errno));
    }
  }
}

core::Status Copy(const Descriptor& file, std::uint64_t begin, std::uint64_t end,
                  const store::ObjectSink& sink) {
  std::string buffer(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, end - begin)), '\0');
  while (begin < end) {
    const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, end - begin));
    const ssize_t got = pread(file.number(), buffer.data(), want, static_cast<off_t>(begin));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return core::Fail(ErrorCode::kUnavailable,
                        got < 0 ? core::ErrnoMessage(errno) : "the file became shorter");
    }
    SB_CHECK_OK(sink(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))));
    begin += static_cast<std::uint64_t>(got);
  }
  return {};
}

}  // namespace

core::Result<std::unique_ptr<Files>> Files::Open(const std::string& root) {
  const auto failed = [&root] {
    return core::Fail(ErrorCode::kUnavailable, root + ": " + core::ErrnoMessage(errno));
  };
  if (mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) {
    return failed();
  }
  Descriptor folder(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) {
    return failed();
  }
  Descriptor drafts = MakeFolders(folder, std::string(kDrafts));
  if (!drafts) {
    return failed();
  }
  RemoveDrafts(drafts, core::WallNow() - kDraftAge);
  return std::unique_ptr<Files>(new Files(root, std::move(folder), std::move(drafts)));
}

core::Result<ObjectInfo> Files::Put(const ObjectKey& key, const store::ObjectSource& source,
                                    const store::PutOptions& options) {
  Draft draft(drafts_);
  if (!draft.good()) {
    return std::unexpected(Failed(key, errno));
  }
  if (auto filled = Fill(draft, source); !filled) {
    return std::unexpected(std::move(filled).error().At(name_ + ": " + key.text()));
  }
  struct stat s{};
  const Descriptor parent = ParentOf(key, root_, /*make=*/true);
  if (!parent || !draft.Sync(s) || !draft.MoveTo(parent, NameOf(key), options.if_absent)) {
    return std::unexpected(Failed(key, errno));
  }
  return InfoOf(key, s);
}

core::Result<ObjectInfo> Files::Get(const ObjectKey& key, const store::ByteRange& range,
                                    const store::ObjectSink& sink) {
  SB_TRY(const Descriptor file, OpenObject(key));
  struct stat s{};
  if (fstat(file.number(), &s) != 0) {
    return std::unexpected(Failed(key, errno));
  }
  const ObjectInfo info = InfoOf(key, s);
  if (range.offset > 0 && range.offset >= info.size) {
    return core::Fail(
        ErrorCode::kInvalidRequest,
        fmt::format("{}: {}: the range begins after its {} bytes", name_, key.text(), info.size));
  }
  const std::uint64_t end = range.offset + std::min(range.length, info.size - range.offset);
  SB_CHECK_OK(Copy(file, range.offset, end, sink));
  return info;
}

core::Result<ObjectInfo> Files::Find(const ObjectKey& key) {
  SB_TRY(const Descriptor file, OpenObject(key));
  struct stat s{};
  if (fstat(file.number(), &s) != 0) {
    return std::unexpected(Failed(key, errno));
  }
  return InfoOf(key, s);
}

core::Status Files::Delete(const ObjectKey& key) {
  const Descriptor parent = ParentOf(key, root_, /*make=*/false);
  if (!parent || unlinkat(parent.number(), NameOf(key).c_str(), 0) != 0) {
    return errno == ENOENT ? core::Status() : std::unexpected(Failed(key, errno));
  }
  if (fsync(parent.number()) != 0) {
    return std::unexpected(Failed(key, errno));
  }
  return {};
}

core::Result<store::ObjectPage> Files::List(const store::ListRequest& request) {
  SB_CHECK_OK(store::CheckPrefix(request.prefix));
  Listing listing(root_, request);
  if (!listing.Read()) {
    return core::Fail(CodeOf(errno), name_ + ": " + core::ErrnoMessage(errno));
  }
  return std::move(listing).Page();
}

core::Result<Descriptor> Files::OpenObject(const ObjectKey& key) const {
  Descriptor file = OpenBeneath(root_, key.text(), O_RDONLY | O_NONBLOCK);
  struct stat s{};
  if (!file || fstat(file.number(), &s) != 0) {
    return std::unexpected(Failed(key, errno));
  }
  if (!S_ISREG(s.st_mode)) {
    return core::Fail(ErrorCode::kForbidden, name_ + ": " + key.text() + ": not a plain file");
  }
  return file;
}

core::Error Files::Failed(const ObjectKey& key, int error) const {
  return {.code = CodeOf(error),
          .message = fmt::format("{}: {}: {}", name_, key.text(),
                                 error == ENOENT ? "no such object" : core::ErrnoMessage(error))};
}

}  // namespace signalbox::files
