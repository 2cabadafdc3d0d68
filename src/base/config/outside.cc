#include "base/config/outside.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/config/command.h"
#include "base/core/error.h"

namespace signalbox::config {
namespace {

constexpr std::size_t kReadAtOnce = 16 * 1024;

FileStamp StampOf(const struct stat& s) {
  const auto nanoseconds = [](const timespec& t) { return t.tv_sec * 1'000'000'000 + t.tv_nsec; };
  return {.device = s.st_dev,
          .inode = s.st_ino,
          .size = s.st_size,
          .modified_ns = nanoseconds(s.st_mtim),
          .changed_ns = nanoseconds(s.st_ctim)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

class Machine final : public Outside {
 public:
  std::expected<FileText, std::string> Read(const std::string& path, std::size_t limit,
                                            bool secret) override {
    // A pipe that nobody writes must not hold a secret up.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | (secret ? O_NONBLOCK : 0)));
    if (file.get() < 0) {
      return std::unexpected("cannot be opened: " + core::ErrnoMessage(errno));
    }
    struct stat s{};
    if (fstat(file.get(), &s) != 0) {
      return std::unexpected("cannot be read: " + core::ErrnoMessage(errno));
    }
    if (secret && !S_ISREG(s.st_mode)) {
      return std::unexpected("cannot be read: it is not a regular file");
    }
    FileText out{.text = {}, .stamp = StampOf(s), .world_readable = (s.st_mode & S_IROTH) != 0};
    std::size_t size = 0;
    while (size <= limit) {  // one byte more tells that there is more
      if (size == out.text.size()) {
        out.text.resize(std::min(limit + 1, size + kReadAtOnce));
      }
      const ssize_t got = read(file.get(), out.text.data() + size, out.text.size() - size);
      if (got < 0 && errno != EINTR) {
        return std::unexpected("cannot be read: " + core::ErrnoMessage(errno));
      }
      if (got == 0) {
        break;
      }
      size += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    out.text.resize(size);
    out.text.shrink_to_fit();  // it is kept as long as the configuration
    return out;
  }

  FileStamp Stamp(const std::string& path) override {
    struct stat s{};
    return stat(path.c_str(), &s) == 0 ? StampOf(s) : FileStamp{};
  }

  std::vector<std::string> Match(const std::string& pattern) override {
    glob_t found{};
    std::vector<std::string> out;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
      out.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
    std::ranges::sort(out);
    return out;
  }

  std::string Canonical(const std::string& path) override {
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                           &std::free);
    return real ? real.get() : path;
  }

  Text Run(const std::vector<std::string>& arguments, const Environment& environment) override {
    return RunCommand(arguments, environment, {kMaxCommandTime, kMaxSecretBytes});
  }
};

class Void final : public Outside {
 public:
  std::expected<FileText, std::string> Read(const std::string&, std::size_t, bool) override {
    return std::unexpected("cannot be opened: a text by itself has no files");
  }
  FileStamp Stamp(const std::string&) override { return {}; }
  std::vector<std::string> Match(const std::string&) override { return {}; }
  std::string Canonical(const std::string& path) override { return path; }
  Text Run(const std::vector<std::string>&, const Environment&) override {
    return std::unexpected("a text by itself runs no commands");
  }
};

}  // namespace

Outside& System() {
  static Machine machine;
  return machine;
}

Outside& Nowhere() {
  static Void nowhere;
  return nowhere;
}

}  // namespace signalbox::config
