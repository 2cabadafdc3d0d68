#include "io/net/resolver_options.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t kDnsPort = 53;

bool IsNumeric(int family, const std::string& host) {
  std::array<unsigned char, 16> address{};
  return inet_pton(family, host.c_str(), address.data()) == 1;
}

// With its port, in c-ares's form; empty when it is no address.
std::string ServerText(const std::string& server) {
  if (IsNumeric(AF_INET, server)) {
    return fmt::format("{}:{}", server, kDnsPort);
  }
  if (IsNumeric(AF_INET6, server)) {
    return fmt::format("[{}]:{}", server, kDnsPort);
  }
  const auto both = config::ParseHostPort(server);
  const bool valid = both && both->port != 0 &&
                     (IsNumeric(AF_INET, both->host) || IsNumeric(AF_INET6, both->host));
  return valid ? both->Text() : "";
}

}  // namespace

const config::Table<ResolverOptions>& ResolverTable() {
  static const auto table =
      config::Table<ResolverOptions>("dns", "How the names of providers are looked up.")
          .Add("servers", &ResolverOptions::servers,
               {.doc = "Addresses of name servers, with a port where it is not 53; without any, "
                       "those of /etc/resolv.conf.",
                .max = 16,
                .restart = true})
          .Add("stale", &ResolverOptions::stale,
               {.doc = "How long a name's last addresses are used after they have run out, while "
                       "looking it up again fails.",
                .min = 0s,
                .max = 24h,
                .restart = true});
  return table;
}

std::optional<std::string> ServerList(std::span<const std::string> servers, std::string& wrong) {
  std::string list;
  for (const std::string& server : servers) {
    const std::string text = ServerText(server);
    if (text.empty()) {
      wrong = server;
      return std::nullopt;
    }
    list += (list.empty() ? "" : ",") + text;
  }
  return list;
}

}  // namespace signalbox::net
