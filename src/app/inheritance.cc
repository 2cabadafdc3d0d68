#include "app/inheritance.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <charconv>

#include "io/net/systemd.h"

namespace signalbox::app {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::string_view kListeners = "listeners ";
constexpr std::string_view kGiven = " given";

void Sort(net::Channel::Message message, Inheritance& out) {
  std::string_view text = message.text;
  std::size_t count = message.descriptors.size();
  if (text.starts_with(kListeners)) {
    text.remove_prefix(kListeners.size());
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  out.given = text.ends_with(kGiven);
  for (net::Socket& socket : message.descriptors) {
    (out.listeners.size() < count ? out.listeners : out.metrics).push_back(std::move(socket));
  }
}

}  // namespace

std::string HandOverText(std::size_t count, bool given) {
  return fmt::format("{}{}{}", kListeners, count, given ? kGiven : "");
}

core::Result<Inheritance> Inherit(const config::Environment& environment) {
  Inheritance out;
  const auto text = environment.Find(kHandOverVariable).value_or("");
  int descriptor = -1;
  std::from_chars(text.data(), text.data() + text.size(), descriptor);
  if (descriptor < 0) {
    out.listeners = net::SystemdListeners(environment);
    out.given = !out.listeners.empty();
    return out;
  }
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  out.predecessor = net::Channel::FromDescriptor(descriptor);
  SB_TRY(auto message, out.predecessor->Receive(kPatience));
  Sort(std::move(message), out);
  return out;
}

}  // namespace signalbox::app
