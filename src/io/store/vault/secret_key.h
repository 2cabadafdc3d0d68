// 32 secret bytes in memory of their own: between guard pages, not swapped, not in core dumps,
// wiped at the end.
//
// Owner:   whoever holds the value; it moves and is not copied but by Copy.
// Threads: read only once filled.
// Errors:  none; a machine without memory for it ends the process.
// Cancel:  nothing waits.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace signalbox::vault {

inline constexpr std::size_t kKeyBytes = 32;

class SecretKey {
 public:
  // From the kernel's entropy.
  static SecretKey New();
  // `bytes` has kKeyBytes; the caller wipes it.
  static SecretKey Of(std::string_view bytes);
  SecretKey Copy() const;

  const unsigned char* data() const { return bytes_.get(); }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.get()), kKeyBytes}; }

 private:
  struct Free {
    void operator()(unsigned char* bytes) const;
  };
  SecretKey();

  std::unique_ptr<unsigned char[], Free> bytes_;
};

// Overwrites the text with zeros, in a way that no compiler leaves out, and empties it.
void Wipe(std::string& text);

// Wipes its text at the end of a scope, whichever way that is left.
class Wiped {
 public:
  explicit Wiped(std::string& text) : text_(text) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { Wipe(text_); }

 private:
  std::string& text_;
};

}  // namespace signalbox::vault
