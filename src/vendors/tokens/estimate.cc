#include "vendors/tokens/estimate.h"

#include <algorithm>
#include <array>

namespace signalbox::tokens {
namespace {

// Thousandths of a token for each of a feature, by Family and Feature. Fitted with non-negative
// least squares of the relative error; on what, and how far off they are: README.md.
using Rates = std::array<std::uint16_t, kFeatures>;
constexpr std::array<Rates, kFamilies> kRates = {{
    {{860, 50,  1210, 0,   1206, 642, 241, 888, 867,  314, 416,
      862, 870, 683,  342, 458,  342, 361, 431, 1500, 30}},  // OpenAI
    {{797,  79,   1584, 0,    988,  704,  383,  810,  426,  632, 1349,
      1270, 1074, 1311, 1090, 1065, 1375, 2107, 1825, 1500, 117}},  // Claude
    {{1075, 106,  2138, 0,    1334, 950,  517,  1094, 575,  853, 1821,
      1714, 1450, 1770, 1472, 1437, 1856, 2845, 2464, 2025, 159}},  // Claude, new
    {{805, 58,  834, 144, 1865, 536, 456, 714, 1351, 296, 421,
      729, 423, 650, 377, 566,  280, 250, 336, 1500, 49}},  // Gemini
    {{821, 59,  885, 0,   1212, 721, 198,  899, 824,  348, 438,
      873, 593, 687, 433, 1183, 626, 1473, 473, 1500, 99}},  // Llama
    {{707, 83,  1482, 144, 2154, 829, 165, 984, 912,  327, 444,
      946, 602, 673,  312, 512,  395, 425, 516, 1500, 16}},  // Mistral
    {{799, 64,  1387, 0,   1156, 479, 403, 855, 951,  364, 526,
      622, 683, 734,  410, 540,  652, 510, 371, 1500, 66}},  // DeepSeek
    {{538, 112, 34,  222, 1998, 734,  182,  875, 860,  418, 1026,
      689, 709, 705, 400, 465,  1151, 1224, 576, 1500, 147}},  // Qwen
    {{821, 59,  885, 0,   1212, 721, 198,  899, 824,  348, 438,
      873, 593, 687, 433, 1183, 626, 1473, 473, 1500, 99}},  // other
}};

}  // namespace

std::size_t Estimate(Family family, const Features& features) {
  const Rates& rates = kRates[static_cast<std::size_t>(family)];
  std::size_t thousandths = 0;
  std::size_t any = 0;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    thousandths += rates[i] * features[i];
    any += features[i];
  }
  return any == 0 ? 0 : std::max<std::size_t>((thousandths + 500) / 1000, 1);
}

std::size_t Estimate(Family family, std::string_view text) {
  return std::min(Estimate(family, FeaturesOf(text)), text.size());
}

}  // namespace signalbox::tokens
