#include "pipeline/request/unknown_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::request {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<providers::Provider> Some(std::initializer_list<const char*> names) {
  std::vector<providers::Provider> out;
  for (const char* name : names) {
    out.push_back(providers::MakeProvider(name, {}));
  }
  return out;
}

TEST(UnknownModel, OfAVendorWithoutKeyNamesItsVariable) {
  const auto here = Some({"edge", "sim"});
  for (const char* name : {"gpt-4o", "openai/gpt-4o", "openai/some-new-one"}) {
    EXPECT_EQ(UnknownModel(name, here, {}),
              std::string("the model '") + name +
                  "' is not known here: it is of openai, and there is no provider openai; set "
                  "OPENAI_API_KEY and start Signalbox again, or add openai to providers: in the "
                  "configuration");
  }
}

TEST(UnknownModel, OfAServerOnThisMachineSaysToStartIt) {
  EXPECT_THAT(UnknownModel("ollama/llama4", Some({"sim"}), {}),
              HasSubstr("start its server before Signalbox, or add ollama to providers:"));
}

TEST(UnknownModel, ElseNamesTheProvidersAndTheNearestName) {
  const std::string text = UnknownModel("fats", Some({"edge", "sim"}), {"fast", "edge/llama-4"});
  EXPECT_THAT(text, AllOf(HasSubstr("with one of the providers edge, sim, or 'auto'"),
                          HasSubstr("; did you mean 'fast'?")));
  EXPECT_THAT(UnknownModel("edgy/llama-4", Some({"edge"}), {"fast", "edge/llama-4"}),
              HasSubstr("did you mean 'edge/llama-4'?"));
  EXPECT_THAT(UnknownModel("zzz", Some({"edge"}), {"fast"}), Not(HasSubstr("did you mean")));
}

TEST(UnknownModel, IsReadableHoweverLongTheNameIs) {
  EXPECT_LT(UnknownModel(std::string(100'000, 'x'), Some({"edge"}), {"fast"}).size(), 400U);
}

}  // namespace
}  // namespace signalbox::request
