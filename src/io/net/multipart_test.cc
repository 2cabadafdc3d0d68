#include "io/net/multipart.h"

#include <gtest/gtest.h>

#include <vector>

namespace signalbox::net {
namespace {

using Kind = MultipartReader::Kind;

constexpr std::string_view kForm =
    "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
    "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".wav\"\r\n"
    "Content-Type: audio/wav\r\n\r\n\r\n--\r\n-b\r\n-\r\n--b--\r\n";

struct Part {
  std::string name, file_name, data, type;
  bool is_file = false;
};

struct Reading {
  std::vector<Part> parts;
  std::string passed;  // all steps together
  bool ended = false;
  std::string problem;
};

// Shows the reader `size` more bytes at a time.
Reading ReadInSlices(std::string_view text, std::size_t size, std::string_view boundary = "b") {
  MultipartReader reader(boundary);
  Reading out;
  std::string held;
  for (std::size_t at = 0; at <= text.size(); at += size) {
    held += text.substr(at, size);
    while (true) {
      const MultipartReader::Step step = reader.Next(held);
      if (step.kind == Kind::kNeedMore) {
        break;
      }
      if (step.kind == Kind::kBad) {
        out.problem = reader.problem();
        return out;
      }
      if (step.kind == Kind::kHead) {
        out.parts.push_back(
            {reader.name(), reader.file_name(), "", reader.part_type(), reader.is_file()});
      } else if (step.kind == Kind::kData) {
        out.parts.back().data += held.substr(0, step.consumed);
      }
      out.passed += held.substr(0, step.consumed);
      held.erase(0, step.consumed);
    }
  }
  out.ended = reader.ended();
  return out;
}

TEST(Multipart, ReadsPartsHoweverTheyAreCut) {
  for (std::size_t size = 1; size <= kForm.size(); ++size) {
    const Reading form = ReadInSlices(kForm, size);
    ASSERT_EQ(form.problem, "") << size;
    ASSERT_EQ(form.parts.size(), 2U) << size;
    EXPECT_EQ(form.parts[0].name, "model");
    EXPECT_EQ(form.parts[0].data, "whisper-1");
    EXPECT_FALSE(form.parts[0].is_file);
    EXPECT_EQ(form.parts[0].type, "");
    EXPECT_EQ(form.parts[1].type, "audio/wav");
    EXPECT_EQ(form.parts[1].name, "file");
    EXPECT_EQ(form.parts[1].file_name, "a \"b\".wav");
    EXPECT_TRUE(form.parts[1].is_file);
    EXPECT_EQ(form.parts[1].data, "\r\n--\r\n-b\r\n-");
    EXPECT_EQ(form.passed, kForm);
    EXPECT_TRUE(form.ended);
  }
}

TEST(Multipart, RefusesWhatIsNoForm) {
  const std::string head = "--b\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\nx";
  const std::string rows[] = {
      "x" + head,
      "\r\n" + head,
      "--b \r\n",
      "--b\n",
      head + "\r\n--b-x",
      head + "\r\n--b \r\n",
      "--b\r\nContent-Type: text/plain\r\n\r\n",
      "--b\r\nContent-Disposition: attachment; name=\"m\"\r\n\r\n",
      "--b\r\nContent-Disposition: form-data\r\n\r\n",
      "--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n",
      "--b\r\nContent-Disposition: form-data; name=\"m\"; name=\"n\"\r\n\r\n",
      "--b\r\nContent-Disposition: form-data; name=\"m\r\n\r\n",
      "--b\r\nContent-Disposition: form-data; name=\"m\"\r\nContent-Disposition: form-data; "
      "name=\"n\"\r\n\r\n",
      "--b\r\nContent-Disposition: form-data; name=\"m\"\r\n folded\r\n\r\n",
      "--b\r\nContent-Disposition: form-data; name=\"m\" trailing\r\n\r\n",
      "--b\r\n" + std::string(MultipartReader::kMostHeadBytes, 'a'),
  };
  for (const std::string& row : rows) {
    EXPECT_NE(ReadInSlices(row, 7).problem, "") << row.substr(0, 80);
    EXPECT_NE(ReadInSlices(row, row.size()).problem, "") << row.substr(0, 80);
  }
  EXPECT_FALSE(ReadInSlices(head, 5).ended);
}

TEST(Multipart, FindsTheBoundary) {
  EXPECT_EQ(FormBoundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(FormBoundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b'c\""), "a b'c");
  for (const char* none :
       {"", "application/json", "multipart/mixed; boundary=b", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=\"a\r\nb\"", "multipart/form-data; boundary=\"b ",
        "multipart/form-data; boundary=äöü"}) {
    EXPECT_FALSE(FormBoundary(none)) << none;
  }
  EXPECT_FALSE(FormBoundary("multipart/form-data; boundary=" + std::string(71, 'b')));
}

}  // namespace
}  // namespace signalbox::net
