// Put before the C library by the tests: makes the civil clock jump, and allocations and writes to
// files fail, as a page shared with the test says. SIGNALBOX_TEST_SHIM names the file of that page.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct Page {
  _Atomic int64_t clock_ns;   // added to the civil clock
  _Atomic uint64_t at_least;  // only allocations of so many bytes fail
  _Atomic uint64_t one_in;    // 0: none fails; n: each with the chance 1/n
  _Atomic uint64_t skip;      // with `count`: so many go well before
  _Atomic uint64_t count;     // then so many fail
  _Atomic uint64_t failed;    // so many have failed
  _Atomic uint64_t seen;      // so many were large enough
  _Atomic uint64_t no_write;  // what writing to files fails with: EIO, EROFS, ENOSPC; 0: it works
  _Atomic uint64_t refused;   // so often it has failed
};

static struct Page* page;
static _Atomic uint64_t state = 0x9E3779B97F4A7C15u;

__attribute__((constructor)) static void Open(void) {
  const char* path = getenv("SIGNALBOX_TEST_SHIM");
  const int file = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file >= 0) {
    void* mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    page = mapped == MAP_FAILED ? NULL : mapped;
  }
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  const int result = (int)syscall(SYS_clock_gettime, clock, out);
  if (result == 0 && page != NULL &&
      (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    const int64_t ns = out->tv_sec * 1000000000LL + out->tv_nsec + atomic_load(&page->clock_ns);
    out->tv_sec = ns / 1000000000LL;
    out->tv_nsec = ns % 1000000000LL;
  }
  return result;
}

int gettimeofday(struct timeval* out, void* zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) {
    *out = now.tv_sec;
  }
  return now.tv_sec;
}

// Writing to files, and what changes them. Sockets and pipes are left alone.

static int Refused(void) {
  const uint64_t error = page != NULL ? atomic_load(&page->no_write) : 0;
  if (error != 0) {
    atomic_fetch_add(&page->refused, 1);
    errno = (int)error;
  }
  return error != 0;
}

static int RefusedFile(int file) {
  struct stat found;
  return page != NULL && atomic_load(&page->no_write) != 0 && fstat(file, &found) == 0 &&
         S_ISREG(found.st_mode) && Refused();
}

ssize_t write(int file, const void* data, size_t size) {
  return RefusedFile(file) ? -1 : syscall(SYS_write, file, data, size);
}
ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return RefusedFile(file) ? -1 : syscall(SYS_pwrite64, file, data, size, at);
}
ssize_t pwrite64(int file, const void* data, size_t size, off_t at) {
  return pwrite(file, data, size, at);
}
ssize_t writev(int file, const struct iovec* parts, int count) {
  return RefusedFile(file) ? -1 : syscall(SYS_writev, file, parts, count);
}
int fsync(int file) { return RefusedFile(file) ? -1 : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { return RefusedFile(file) ? -1 : (int)syscall(SYS_fdatasync, file); }
int ftruncate(int file, off_t size) {
  return RefusedFile(file) ? -1 : (int)syscall(SYS_ftruncate, file, size);
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }
int fallocate(int file, int mode, off_t at, off_t size) {
  return RefusedFile(file) ? -1 : (int)syscall(SYS_fallocate, file, mode, at, size);
}
int posix_fallocate(int file, off_t at, off_t size) {
  return fallocate(file, 0, at, size) == 0 ? 0 : errno;
}
int rename(const char* from, const char* to) {
  return Refused() ? -1 : (int)syscall(SYS_rename, from, to);
}

static int OpenAt(int folder, const char* path, int flags, unsigned mode) {
  const int makes = (flags & O_CREAT) != 0 && syscall(SYS_faccessat, folder, path, F_OK) != 0;
  return makes && Refused() ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  return OpenAt(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  return OpenAt(AT_FDCWD, path, flags, mode);
}

#ifndef ONLY_CLOCK

static int Fails(size_t size) {
  if (page == NULL || size < atomic_load(&page->at_least)) {
    return 0;
  }
  const uint64_t one_in = atomic_load(&page->one_in);
  const uint64_t count = atomic_load(&page->count);
  if (one_in == 0 && count == 0) {
    return 0;
  }
  const uint64_t number = atomic_fetch_add(&page->seen, 1);
  int fails;
  if (count != 0) {
    const uint64_t skip = atomic_load(&page->skip);
    fails = number >= skip && number < skip + count;
  } else {
    uint64_t x = atomic_fetch_add(&state, 0x9E3779B97F4A7C15u);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    fails = (x ^ (x >> 31)) % one_in == 0;
  }
  if (fails) {
    atomic_fetch_add(&page->failed, 1);
    errno = ENOMEM;
  }
  return fails;
}

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) { return Fails(size) ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) {
  return Fails(count * size) ? NULL : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) { return Fails(size) ? NULL : __libc_realloc(old, size); }
void* aligned_alloc(size_t alignment, size_t size) {
  return Fails(size) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void** out, size_t alignment, size_t size) {
  if (Fails(size)) {
    return ENOMEM;
  }
  *out = __libc_memalign(alignment, size);
  return *out == NULL ? ENOMEM : 0;
}

void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) {
  if ((flags & MAP_ANONYMOUS) != 0 && Fails(size)) {
    return MAP_FAILED;
  }
  return (void*)syscall(SYS_mmap, at, size, protection, flags, file, offset);
}

#endif
