#include "io/net/public_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace signalbox::net {
namespace {

bool Public(const std::string& text) {
  IpAddress address;
  address.v6 = text.find(':') != text.npos;
  EXPECT_EQ(inet_pton(address.v6 ? AF_INET6 : AF_INET, text.c_str(), address.bytes), 1) << text;
  return IsPublic(address);
}

TEST(PublicAddress, SaysWhatIsOnTheInternet) {
  for (const char* text : {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255",
                           "100.128.0.0", "192.167.255.255", "223.255.255.255", "198.17.255.255",
                           "198.20.0.0", "169.253.0.1", "2606:4700::1111", "2a00:1450::1",
                           "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
    EXPECT_TRUE(Public(text)) << text;
  }
}

TEST(PublicAddress, SaysWhatIsNot) {
  for (const char* text : {"0.0.0.0",          "0.1.2.3",         "10.0.0.1",     "100.64.0.1",
                           "100.127.255.255",  "127.0.0.1",       "127.255.0.1",  "169.254.169.254",
                           "172.16.0.1",       "172.31.255.255",  "192.0.0.1",    "192.0.2.1",
                           "192.88.99.1",      "192.168.1.1",     "198.18.0.1",   "198.19.255.255",
                           "198.51.100.7",     "203.0.113.9",     "224.0.0.1",    "239.1.1.1",
                           "240.0.0.1",        "255.255.255.255", "::",           "::1",
                           "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",  "fe80::1",
                           "fd00::1",          "fc00::1",         "ff02::1",      "2001:db8::1",
                           "2001::1",          "2002:7f00:1::",   "2002:a00:1::", "64:ff9b::7f00:1",
                           "64:ff9b:1::1",     "3fff::1",         "100::1",       "fec0::1"}) {
    EXPECT_FALSE(Public(text)) << text;
  }
}

}  // namespace
}  // namespace signalbox::net
