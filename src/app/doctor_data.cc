// `signalbox doctor`: the data directory and the disk that it is on.
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "app/doctor_checks.h"

namespace signalbox::app {
namespace {

namespace fs = std::filesystem;
using cli::DoctorReport;
constexpr const char* kArea = "data";
constexpr std::uint64_t kFewInodes = 1000;

// Where `path` is or would be made: itself or the nearest folder above it that is there.
fs::path Existing(const fs::path& path) {
  std::error_code error;
  fs::path at = fs::absolute(path, error).lexically_normal();
  while (!at.empty() && !fs::exists(at, error) && at.has_relative_path()) {
    at = at.parent_path();
  }
  return at;
}

// Tries it: permissions, read-only disks and quotas are then all asked. 0, or what errno was.
int TryToWrite(const fs::path& folder) {
  std::string name = (folder / ".signalbox-doctor-XXXXXX").string();
  const int fd = mkstemp(name.data());
  if (fd < 0) {
    return errno;
  }
  const int failed = write(fd, "x", 1) == 1 ? 0 : errno;
  close(fd);
  unlink(name.c_str());
  return failed;
}

void CheckWriting(const Patient& patient, const fs::path& at, DoctorReport& report) {
  const std::string& data = patient.options().data;
  std::error_code error;
  const bool there = fs::equivalent(at, data, error);
  if (!fs::is_directory(at, error)) {
    report.Bad(kArea, "directory", fmt::format("{}: {} is no directory", data, at.string()),
               "name another one: data: DIR in the configuration, or --data DIR");
  } else if (patient.running()) {
    report.Ok(kArea, "directory", fmt::format("{}, in use by {}", data, patient.running()->Text()));
  } else if (patient.holder.held) {
    report.Warn(kArea, "directory",
                data + ", in use by a Signalbox of another machine or container",
                "give each Signalbox a directory of its own; this one is asked where it runs");
  } else if (const int failed = TryToWrite(at); failed != 0) {
    report.Bad(
        kArea, "directory",
        fmt::format("{}: cannot write in {}: {}", data, at.string(), core::ErrnoMessage(failed)),
        fmt::format("give user {} the directory (chown), or name another one: --data DIR",
                    getuid()));
  } else {
    report.Ok(kArea, "directory",
              there ? data + ", can be written" : data + ", is made at the first start");
  }
}

struct FileSystemKind {
  std::uint32_t magic;
  std::string_view name;
  std::string_view trouble;
};
// linux/magic.h, and the kernel's sources for those that are not there.
constexpr auto kUnfit = std::to_array<FileSystemKind>({
    {0x01021994, "tmpfs", "is in memory: everything is gone after a restart of the machine"},
    {0x858458f6, "ramfs", "is in memory: everything is gone after a restart of the machine"},
    {0x6969, "NFS", "is over the network: locks and synchronous writes are slow or not kept there"},
    {0xff534d42, "CIFS", "is over the network: locks and synchronous writes are not kept there"},
    {0xfe534d42, "SMB", "is over the network: locks and synchronous writes are not kept there"},
});

void CheckKind(const fs::path& at, DoctorReport& report) {
  struct statfs facts{};
  if (statfs(at.c_str(), &facts) != 0) {
    return;
  }
  for (const FileSystemKind& kind : kUnfit) {
    if (static_cast<std::uint32_t>(facts.f_type) == kind.magic) {
      report.Warn(kArea, "file system", fmt::format("{} {}", kind.name, kind.trouble),
                  "put data on a disk of this machine; it holds what calls cost");
    }
  }
}

std::uint64_t BytesOfRings(const Options& options) {
  const std::uint64_t workers = options.server.workers != 0
                                    ? options.server.workers
                                    : std::max(1U, std::thread::hardware_concurrency());
  return workers * options.ledger.ring.bytes;
}

std::string MiBText(std::uint64_t bytes) {
  return fmt::format("{} MiB", bytes >> 20U);
}

void CheckSpace(const Patient& patient, const fs::path& at, DoctorReport& report) {
  struct statvfs facts{};
  if (statvfs(at.c_str(), &facts) != 0) {
    return;
  }
  const std::uint64_t free = static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
  const Options& options = patient.options();
  std::error_code error;
  const bool made = fs::exists(fs::path(options.data) / "ledger" / "worker-0.ring", error);
  const std::uint64_t rings = made ? 0 : BytesOfRings(options);
  if (free < rings + config::MiB(64).bytes) {
    report.Bad(kArea, "space",
               fmt::format("{} free, and {} are wanted for the journals and the first records",
                           MiBText(free), MiBText(rings + config::MiB(64).bytes)),
               "make room, name another directory with --data, or lower ledger.ring");
  } else if (free < rings + options.ledger.keep.bytes) {
    report.Warn(kArea, "space",
                fmt::format("{} free; the ledger may come to take {}", MiBText(free),
                            MiBText(rings + options.ledger.keep.bytes)),
                "make room, or lower ledger.keep");
  } else {
    report.Ok(kArea, "space", MiBText(free) + " free");
  }
  if (facts.f_files != 0 && facts.f_favail < kFewInodes) {
    report.Warn(kArea, "inodes", fmt::format("only {} files more can be made", facts.f_favail),
                "remove files that are not needed (df -i shows them by disk)");
  }
}

}  // namespace

DoctorReport CheckData(const Patient& patient) {
  DoctorReport report;
  const fs::path at = Existing(patient.options().data);
  CheckWriting(patient, at, report);
  CheckKind(at, report);
  CheckSpace(patient, at, report);
  return report;
}

}  // namespace signalbox::app
