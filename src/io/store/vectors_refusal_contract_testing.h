// What every Vectors refuses, and that its errors say why. Test support.
#pragma once

#include <cmath>
#include <limits>

#include "io/store/vectors_rig_testing.h"

namespace signalbox::store {

TEST_P(VectorsContract, RefusesVectorsThatDoNotFit) {
  Create(kNotes, 2);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<std::vector<float>> wrong = {{},     {1},       {1, 2, 3},      {1, NAN},
                                                 {0, 0}, {-0.F, 0}, {kInfinity, 0}, {2e9F, 0}};
  for (const auto& vector : wrong) {
    const std::vector<VectorRow> rows = {{"good", {1, 0}, {}}, {"bad", vector, {}}};
    const auto upsert = vectors_->Upsert(kNotes, rows);
    ASSERT_FALSE(upsert.has_value()) << vector.size();
    EXPECT_EQ(upsert.error().code, core::ErrorCode::kInvalidRequest) << upsert.error().message;
    EXPECT_NE(upsert.error().message.find("row 1"), std::string::npos) << upsert.error().message;
    const auto search = vectors_->Search(kNotes, {.vector = vector});
    ASSERT_FALSE(search.has_value()) << vector.size();
    EXPECT_EQ(search.error().code, core::ErrorCode::kInvalidRequest) << search.error().message;
  }
  EXPECT_EQ(Count(kNotes), 0);  // of a batch all or nothing
}

TEST_P(VectorsContract, ZeroAndTinyVectorsCountByTheirMetric) {
  Create(kNotes, 2, Metric::kL2);
  Upsert(kNotes, {{"zero", {0, 0}, {}}, {"one", {1, 0}, {}}});
  EXPECT_EQ(Search(kNotes, {.vector = {0, 0}}).at(0).similarity, 0);
  const CollectionName tiny{"tenant_a", "tiny"};
  Create(tiny, 2);
  Upsert(tiny, {{"a", {1e-38F, 0}, {}}, {"b", {0, 1e-38F}, {}}});
  EXPECT_EQ(IdsOf(Search(tiny, {.vector = {1e9F, 0}, .least = 1})), std::vector<std::string>{"a"});
}

TEST_P(VectorsContract, RefusesWhatIsOutOfBounds) {
  Create(kNotes, 2);
  const auto code = [](const auto& result) {
    EXPECT_FALSE(result.has_value());
    EXPECT_FALSE(result ? false : result.error().message.empty());
    return result ? core::ErrorCode::kInternal : result.error().code;
  };
  constexpr auto kInvalid = core::ErrorCode::kInvalidRequest;
  EXPECT_EQ(code(vectors_->Search(kNotes, {.vector = {1, 0}, .k = 0})), kInvalid);
  EXPECT_EQ(code(vectors_->Search(kNotes, {.vector = {1, 0}, .k = kMostFound + 1})), kInvalid);
  EXPECT_EQ(code(vectors_->Search(kNotes, {.vector = {1, 0}, .least = NAN})), kInvalid);
  EXPECT_EQ(code(vectors_->Search(kNotes, {.vector = {1, 0}, .filter = {Between{"n", NAN, 1}}})),
            kInvalid);
  EXPECT_EQ(code(vectors_->Count(kNotes, {OneOf{"n", {}}})), kInvalid);
  EXPECT_EQ(code(vectors_->DeleteWhere(kNotes, Filter(kMostConditions + 1, Equals("n", 1)))),
            kInvalid);
  EXPECT_EQ(code(vectors_->DeleteWhere(kNotes, {Equals("", 1)})), kInvalid);
  const auto upsert = [&](std::string id, Metadata metadata) {
    const std::vector<VectorRow> rows = {{std::move(id), {1, 0}, std::move(metadata)}};
    return code(vectors_->Upsert(kNotes, rows));
  };
  EXPECT_EQ(upsert("", {}), kInvalid);
  EXPECT_EQ(upsert(std::string(kMostVectorName + 1, 'x'), {}), kInvalid);
  EXPECT_EQ(upsert("\xff", {}), kInvalid);
  EXPECT_EQ(upsert("a", {{"n", NAN}}), kInvalid);
  EXPECT_EQ(upsert("a", {{"t", std::string("\0", 1)}}), kInvalid);
  EXPECT_EQ(upsert("a", {{"t", std::string(kMostMetadataBytes, 'x')}}), kInvalid);
  const std::vector<VectorRow> many(kMostVectors + 1, VectorRow{"a", {1, 0}, {}});
  EXPECT_EQ(code(vectors_->Upsert(kNotes, many)), kInvalid);
  const std::vector<std::string> ids(kMostVectors + 1, "a");
  EXPECT_EQ(code(vectors_->Delete(kNotes, ids)), kInvalid);
  EXPECT_EQ(code(vectors_->Create({"", "x"}, {2, Metric::kDot})), kInvalid);
  EXPECT_EQ(code(vectors_->Create({"x", "x"}, {0, Metric::kDot})), kInvalid);
  EXPECT_EQ(code(vectors_->Create({"x", "x"}, {kMostDimensions + 1, Metric::kDot})), kInvalid);
  EXPECT_EQ(Count(kNotes), 0);
}

TEST_P(VectorsContract, UnknownAndChangedCollectionsAreErrors) {
  const std::vector<VectorRow> rows = {{"a", {1, 0}, {}}};
  const std::vector<std::string> ids = {"a"};
  constexpr auto kUnknown = core::ErrorCode::kNotFound;
  EXPECT_EQ(vectors_->Upsert(kNotes, rows).error().code, kUnknown);
  EXPECT_EQ(vectors_->Delete(kNotes, ids).error().code, kUnknown);
  EXPECT_EQ(vectors_->DeleteWhere(kNotes, {}).error().code, kUnknown);
  EXPECT_EQ(vectors_->Search(kNotes, {.vector = {1, 0}}).error().code, kUnknown);
  EXPECT_EQ(vectors_->Count(kNotes, {}).error().code, kUnknown);
  Create(kNotes, 2);
  Create(kNotes, 2);
  EXPECT_EQ(vectors_->Create(kNotes, {3, Metric::kCosine}).error().code,
            core::ErrorCode::kConflict);
  EXPECT_EQ(vectors_->Create(kNotes, {2, Metric::kDot}).error().code, core::ErrorCode::kConflict);
}

TEST_P(VectorsContract, WritingNothingIsNothing) {
  Create(kNotes, 2);
  Upsert(kNotes, {});
  EXPECT_EQ(vectors_->Delete(kNotes, {}), 0);
  EXPECT_EQ(Count(kNotes), 0);
}

}  // namespace signalbox::store
