// Whether an address is on the public internet, for connections to hosts that a caller named.
//
// Pure. Errors: none. Source: the IANA special-purpose address registries for IPv4 and IPv6
// (RFC 6890 and its updates).
#pragma once

#include "io/net/dns_channel.h"

namespace signalbox::net {

// False for loopback, private, link-local, shared (100.64/10), multicast, documentation,
// benchmarking and reserved addresses, and for IPv6 addresses that carry one of them.
bool IsPublic(const IpAddress& address);

}  // namespace signalbox::net
