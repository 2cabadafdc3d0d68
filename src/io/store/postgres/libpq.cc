#include "io/store/postgres/libpq.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace signalbox::store::postgres {
namespace {

constexpr const char* kFile = "libpq.so.5";

core::Status Find(void* library, const char* name, void** function) {
  *function = ::dlsym(library, name);
  if (*function == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      fmt::format("{} has no {}: install libpq 14 or newer (Debian's package "
                                  "libpq5), which PostgreSQL databases are reached by",
                                  kFile, name));
  }
  return {};
}

core::Status Load() {
  void* library = ::dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return core::Fail(core::ErrorCode::kUnavailable,
                      fmt::format("PostgreSQL databases are reached by {}, which cannot be loaded: "
                                  "install Debian's package libpq5 ({})",
                                  kFile, why == nullptr ? "no reason given" : why));
  }
#define SB_FIND(name) SB_CHECK_OK(Find(library, #name, reinterpret_cast<void**>(&name)));
  SB_EACH_OF_LIBPQ(SB_FIND)
#undef SB_FIND
  return {};
}

}  // namespace

#define SB_DEFINE(name) decltype(&::name) name = nullptr;
SB_EACH_OF_LIBPQ(SB_DEFINE)
#undef SB_DEFINE

core::Status LoadLibpq() {
  static const core::Status loaded = Load();
  return loaded;
}

}  // namespace signalbox::store::postgres
