#include "pipeline/ledger/archive_id.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <span>

#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;

std::string PathIn(const std::string& directory) {
  return directory + "/id";
}

core::Status WriteWhole(const std::string& directory, const std::string& text) {
  const std::string path = PathIn(directory);
  const std::string fresh = path + ".new";
  SB_TRY(const File file, OpenFile(fresh, O_WRONLY | O_CREAT | O_TRUNC));
  SB_CHECK_OK(WriteAt(file.fd(), 0, std::as_bytes(std::span(text))));
  SB_CHECK_OK(SyncFile(file.fd()));
  if (rename(fresh.c_str(), path.c_str()) != 0) {
    return core::Fail(ErrorCode::kInternal, path + ": " + core::ErrnoMessage(errno));
  }
  return SyncDirectory(directory);
}

}  // namespace

core::Result<ArchiveId> ReadArchiveId(const std::string& directory) {
  const std::string path = PathIn(directory);
  if (access(path.c_str(), F_OK) != 0) {
    return core::Fail(ErrorCode::kNotFound, path + ": no archive here");
  }
  SB_TRY(const File file, OpenFile(path, O_RDONLY));
  char text[ArchiveId::kTextSize];
  const ssize_t got = pread(file.fd(), text, sizeof text, 0);
  const auto id = got == static_cast<ssize_t>(sizeof text)
                      ? ArchiveId::Parse(std::string_view(text, sizeof text))
                      : std::nullopt;
  if (!id) {
    return core::Fail(ErrorCode::kInternal,
                      path + ": holds no archive id; remove it, and a new one is made");
  }
  return *id;
}

core::Result<ArchiveId> TakeArchiveId(const std::string& directory) {
  auto id = ReadArchiveId(directory);
  if (id || id.error().code != ErrorCode::kNotFound) {
    return id;
  }
  core::Random random;
  const ArchiveId fresh = ArchiveId::New(core::WallNow(), random);
  SB_CHECK_OK(WriteWhole(directory, fresh.Text() + "\n"));
  return fresh;
}

}  // namespace signalbox::ledger
