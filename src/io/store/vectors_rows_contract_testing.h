// What every Vectors does with rows: written, replaced, deleted, kept apart. Test support.
#pragma once

#include "io/store/vectors_rig_testing.h"

namespace signalbox::store {

TEST_P(VectorsContract, FindsWhatWasWrittenWithItsMetadata) {
  Create(kNotes, 3);
  const Metadata metadata = {{"kind", std::string("fact \"quoted\" \\ \n ü 🙂")},
                             {"at", std::int64_t{1'766'000'000'123'456'789}},
                             {"weight", 0.1},
                             {"least", std::int64_t{-9'223'372'036'854'775'807 - 1}}};
  Upsert(kNotes, {{"a", {1, 0, 0}, metadata}, {"b", {0, 1, 0}, {}}});
  const auto hits = Search(kNotes, {.vector = {2, 0, 0}, .k = 1});
  ASSERT_EQ(IdsOf(hits), std::vector<std::string>{"a"});
  EXPECT_EQ(hits[0].metadata, metadata);
  EXPECT_EQ(hits[0].similarity, 1);
  EXPECT_EQ(Count(kNotes), 2);
}

TEST_P(VectorsContract, AnIdThatIsWrittenAgainIsReplaced) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {{"version", 1}}}, {"b", {1, 1}, {}}});
  Upsert(kNotes, {{"a", {0, 1}, {{"version", 2}}}, {"a", {-1, 0}, {{"version", 3}}}});
  EXPECT_EQ(Count(kNotes), 2);
  const auto hits = Search(kNotes, {.vector = {-1, 0}});
  ASSERT_EQ(IdsOf(hits), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(SameValue(hits[0].metadata.at("version"), 3));
}

TEST_P(VectorsContract, DeletedRowsAreNotFoundAndMayComeBack) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {}}, {"b", {1, 1}, {}}, {"c", {0, 1}, {}}});
  const std::vector<std::string> ids = {"a", "c", "never"};
  EXPECT_EQ(vectors_->Delete(kNotes, ids), 2);
  EXPECT_EQ(vectors_->Delete(kNotes, ids), 0);
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}})), std::vector<std::string>{"b"});
  EXPECT_EQ(Count(kNotes), 1);
  Upsert(kNotes, {{"a", {1, 0}, {}}});
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}})), (std::vector<std::string>{"a", "b"}));
}

TEST_P(VectorsContract, ErasesWhatMatches) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {{"user", std::string("ann")}}},
                  {"b", {1, 1}, {{"user", std::string("bob")}}},
                  {"c", {0, 1}, {{"user", std::string("ann")}}},
                  {"d", {0, 1}, {}}});
  EXPECT_EQ(vectors_->DeleteWhere(kNotes, {Equals("user", std::string("ann"))}), 2);
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}})), (std::vector<std::string>{"b", "d"}));
  EXPECT_EQ(vectors_->DeleteWhere(kNotes, {}), 2);
  EXPECT_EQ(Count(kNotes), 0);
  EXPECT_TRUE(Search(kNotes, {.vector = {1, 0}}).empty());
}

TEST_P(VectorsContract, NoScopeSeesAnothersRows) {
  const CollectionName other{"tenant_b", "notes"};
  Create(kNotes, 2);
  EXPECT_EQ(vectors_->Search(other, {.vector = {1, 0}}).error().code, core::ErrorCode::kNotFound);
  Expect(vectors_->Create(other, {2, Metric::kCosine}));
  Upsert(kNotes, {{"a", {1, 0}, {{"secret", 1}}}, {"shared", {0, 1}, {}}});
  Upsert(other, {{"b", {1, 0.5F}, {}}, {"shared", {1, 0}, {}}});
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}})), (std::vector<std::string>{"a", "shared"}));
  EXPECT_EQ(IdsOf(Search(other, {.vector = {1, 0}})), (std::vector<std::string>{"shared", "b"}));
  const std::vector<std::string> ids = {"a", "shared"};
  EXPECT_EQ(vectors_->Delete(other, ids), 1);
  EXPECT_EQ(vectors_->DeleteWhere(other, {Equals("secret", 1)}), 0);
  Expect(vectors_->Drop(other));
  EXPECT_EQ(Count(kNotes), 2);
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {0, 1}})), (std::vector<std::string>{"shared", "a"}));
}

TEST_P(VectorsContract, ADroppedCollectionIsGoneAndItsNameIsFree) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {}}});
  EXPECT_EQ(Search(kNotes, {.vector = {1, 0}}).size(), 1U);
  Expect(vectors_->Drop(kNotes));
  Expect(vectors_->Drop(kNotes));
  EXPECT_EQ(vectors_->Count(kNotes, {}).error().code, core::ErrorCode::kNotFound);
  Create(kNotes, 3, Metric::kL2);
  EXPECT_EQ(Count(kNotes), 0);
  EXPECT_TRUE(Search(kNotes, {.vector = {1, 0, 0}}).empty());
  Upsert(kNotes, {{"a", {1, 0, 2}, {}}});
  EXPECT_EQ(Search(kNotes, {.vector = {1, 0, 0}}).at(0).similarity, -2);
}

TEST_P(VectorsContract, WhatWasWrittenIsThereAfterReopening) {
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {{"n", 1}}}, {"b", {0, 1}, {}}, {"c", {1, 1}, {}}});
  const std::vector<std::string> ids = {"b"};
  EXPECT_EQ(vectors_->Delete(kNotes, ids), 1);
  vectors_.reset();
  vectors_ = rig_->Open();
  Create(kNotes, 2);
  const auto hits = Search(kNotes, {.vector = {1, 0}});
  ASSERT_EQ(IdsOf(hits), (std::vector<std::string>{"a", "c"}));
  EXPECT_TRUE(SameValue(hits[0].metadata.at("n"), 1));
}

TEST_P(VectorsContract, SeesAtOnceWhatAnotherProcessDid) {
  const auto other = rig_->Open();
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {}}, {"b", {1, 1}, {}}, {"c", {0, 1}, {{"user", 7}}}});
  EXPECT_EQ(SearchIn(*other, kNotes, {.vector = {1, 0}}).size(), 3U);
  const std::vector<VectorRow> moved = {{"b", {-1, 0}, {}}, {"d", {1, 0}, {}}};
  Expect(other->Upsert(kNotes, moved));
  EXPECT_EQ(IdsOf(Search(kNotes, {.vector = {1, 0}})),
            (std::vector<std::string>{"a", "d", "c", "b"}));
  const std::vector<std::string> ids = {"a"};
  EXPECT_EQ(vectors_->Delete(kNotes, ids), 1);
  EXPECT_EQ(vectors_->DeleteWhere(kNotes, {Equals("user", 7)}), 1);
  EXPECT_EQ(IdsOf(SearchIn(*other, kNotes, {.vector = {1, 0}})),
            (std::vector<std::string>{"d", "b"}));
  Expect(other->Drop(kNotes));
  EXPECT_EQ(vectors_->Search(kNotes, {.vector = {1, 0}}).error().code, core::ErrorCode::kNotFound);
}

// More deletions than are told one by one.
TEST_P(VectorsContract, WhoWasAwayForLongLosesNothing) {
  const auto other = rig_->Open();
  Create(kNotes, 2);
  Upsert(kNotes, {{"a", {1, 0}, {}}, {"b", {1, 1}, {}}});
  EXPECT_EQ(SearchIn(*other, kNotes, {.vector = {1, 0}}).size(), 2U);
  const std::vector<std::string> ids = {"a"};
  EXPECT_EQ(vectors_->Delete(kNotes, ids), 1);
  const std::vector<std::string> none = {"none"};
  for (int i = 0; i < 1100; ++i) {
    ASSERT_EQ(vectors_->Delete(kNotes, none), 0);
  }
  Upsert(kNotes, {{"c", {0, 1}, {}}});
  EXPECT_EQ(IdsOf(SearchIn(*other, kNotes, {.vector = {1, 0}})),
            (std::vector<std::string>{"b", "c"}));
}

}  // namespace signalbox::store
