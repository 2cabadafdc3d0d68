// make_vocabulary CL100K O200K OUT: the vocabulary file of two published lists of ranks. Writes
// beside OUT and renames, so that a process which has the old file mapped keeps it.
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "vendors/tokens/vocabulary_builder.h"

namespace tokens = signalbox::tokens;

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: make_vocabulary CL100K O200K OUT\n";
    return 2;
  }
  std::array<std::vector<tokens::Token>, tokens::kSections> lists;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    std::ifstream file(argv[i + 1], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto list = tokens::ParseRanks(text);
    if (!list) {
      std::cerr << argv[i + 1] << ": " << list.error().message << '\n';
      return 1;
    }
    lists[i] = std::move(*list);
  }
  const std::string bytes = tokens::BuildVocabulary(lists);
  const std::string path = argv[3];
  const std::string beside = path + ".new";
  std::ofstream out(beside, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out || std::rename(beside.c_str(), path.c_str()) != 0) {
    std::cerr << path << ": cannot be written\n";
    return 1;
  }
  return 0;
}
