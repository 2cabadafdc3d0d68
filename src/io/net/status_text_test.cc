#include "io/net/status_text.h"

#include <gtest/gtest.h>

namespace signalbox::net {
namespace {

TEST(StatusText, HasAPhraseForEveryStatus) {
  EXPECT_EQ(StatusLineRest(200), "200 OK\r\n");
  EXPECT_EQ(StatusLineRest(429), "429 Too Many Requests\r\n");
  EXPECT_EQ(StatusLineRest(299), "299 Success\r\n");
  EXPECT_EQ(StatusLineRest(499), "499 Client Closed Request\r\n");
  EXPECT_EQ(StatusLineRest(599), "599 Server Error\r\n");
}

TEST(StatusText, AStatusOutsideTheProtocolBecomesBadGateway) {
  for (const int status : {-1, 0, 99, 600, 1000}) {
    EXPECT_EQ(StatusLineRest(status), "502 Bad Gateway\r\n") << status;
  }
}

}  // namespace
}  // namespace signalbox::net
