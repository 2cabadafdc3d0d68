#include "pipeline/quota/settings.h"

#include <gtest/gtest.h>

#include "io/store/sqlite/sqlite.h"
#include "pipeline/quota/migrations.h"
#include "pipeline/quota/quota_testing.h"

namespace signalbox::quota {
namespace {

using core::ErrorCode;
constexpr std::int64_t kDay = 24 * kHour;

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::OpenSqlite({.sync = store::Sync::kNone});
    ASSERT_TRUE(opened);
    sql_ = *std::move(opened);
    const auto migrated = store::Migrate(*sql_, Migrations(), world_.At().wall, {});
    ASSERT_TRUE(migrated) << migrated.error().message;
    settings_ = Make(world_.registry);
  }
  std::unique_ptr<Settings> Make(Registry& registry) {
    return std::make_unique<Settings>(
        *sql_, registry,
        [this](SubjectKind,
               const core::Uuid& id) -> core::Result<std::optional<request::TenantId>> {
          for (const auto* caller : {&ann_, &bob_}) {
            const request::Parties& parties = caller->grant->parties;
            if (id == parties.key.uuid || id == parties.user.uuid || id == parties.team.uuid) {
              return parties.tenant;
            }
          }
          return std::nullopt;
        });
  }
  // An admin of the caller's tenant.
  static request::Principal AdminOf(const request::Principal& caller,
                                    request::Role role = request::Role::kAdmin) {
    auto grant = std::make_shared<request::Grant>(*caller.grant);
    grant->role = role;
    return {caller.id, grant};
  }
  Actor As(const request::Principal& principal) { return {principal, world_.At()}; }
  SubjectName KeyOf(const request::Principal& caller) {
    return {SubjectKind::kKey, caller.grant->parties.key.Text()};
  }
  bool Spend(const request::Principal& caller, std::int64_t cost) {
    auto pass = admission_.Admit({.principal = caller, .labels = {}, .now = world_.At()});
    if (!pass ||
        !(*pass)->Reserve({"p", "m"}, {.cost_nano_usd = cost}, world_.At(), nullptr, nullptr)) {
      return false;
    }
    (*pass)->Settle({.cost_nano_usd = cost});
    return true;
  }

  World world_;
  Admission admission_{world_.registry};
  request::Principal ann_ = Caller(world_.registry, 1, 1);
  request::Principal bob_ = Caller(world_.registry, 2, 2);
  request::Principal ann_admin_ = AdminOf(ann_);
  request::Principal bob_admin_ = AdminOf(bob_);
  const request::Principal root_;  // of the installation
  std::unique_ptr<store::Sqlite> sql_;
  std::unique_ptr<Settings> settings_;
};

TEST_F(SettingsTest, ABudgetCountsAtOnceAndAChangeKeepsWhatIsSpent) {
  const auto made = settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), {.amount = 100});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->id.starts_with("budget_"));
  EXPECT_TRUE(Spend(ann_, 60));
  EXPECT_FALSE(Spend(ann_, 60));
  const auto changed = settings_->UpdateBudget(As(ann_admin_), made->id, {.amount = 130});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->before->amount, 100);
  EXPECT_EQ(changed->after->amount, 130);
  EXPECT_TRUE(Spend(ann_, 60));
  EXPECT_EQ(settings_->StateOf(*made, world_.At().wall)->spent, 120);
  ASSERT_TRUE(settings_->DeleteBudget(As(ann_admin_), made->id));
  EXPECT_TRUE(Spend(ann_, 1'000'000));
  EXPECT_EQ(settings_->GetBudget(As(ann_admin_), made->id).error().code, ErrorCode::kNotFound);
}

TEST_F(SettingsTest, AnothersTenantIsNotThere) {
  const auto made = settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), {.amount = 100});
  ASSERT_TRUE(made);
  const Actor bob = As(bob_admin_);
  EXPECT_EQ(settings_->GetBudget(bob, made->id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(settings_->UpdateBudget(bob, made->id, {.amount = 1}).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(settings_->DeleteBudget(bob, made->id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(settings_->AddCredit(bob, made->id, {.amount = 1}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(settings_->CreateBudget(bob, KeyOf(ann_), {.window = Window::kWeek}).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(settings_->SetLimits(bob, KeyOf(ann_), {.burst = 1}).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(settings_->ListBudgets(bob, "", 10)->empty());
  EXPECT_EQ(settings_->ListBudgets(As(ann_admin_), "", 10)->size(), 1U);
  EXPECT_EQ(settings_->ListBudgets(As(root_), "", 10)->size(), 1U);
  const request::Principal stranger = Caller(world_.registry, 9, 9);
  EXPECT_EQ(settings_->CreateBudget(As(root_), KeyOf(stranger), {}).error().code,
            ErrorCode::kNotFound)
      << "nobody has such a key";
}

TEST_F(SettingsTest, ATenantDoesNotSetWhatHoldsForItself) {
  const Actor ann = As(ann_admin_);
  const SubjectName itself{SubjectKind::kTenant, ann_.grant->parties.tenant.Text()};
  for (const SubjectName& subject :
       {itself, SubjectName{}, SubjectName{SubjectKind::kProvider, "openai"}}) {
    EXPECT_EQ(settings_->CreateBudget(ann, subject, {.amount = 1}).error().code,
              ErrorCode::kForbidden);
  }
  const auto made = settings_->CreateBudget(As(root_), itself, {.amount = 100});
  ASSERT_TRUE(made);
  EXPECT_TRUE(settings_->GetBudget(ann, made->id)) << "it may see it";
  EXPECT_EQ(settings_->UpdateBudget(ann, made->id, {.amount = 200}).error().code,
            ErrorCode::kForbidden);
  ASSERT_TRUE(settings_->CreateBudget(ann, KeyOf(ann_), {.amount = 1'000'000}));
  EXPECT_FALSE(Spend(ann_, 101)) << "a key gets no more than its tenant";
}

TEST_F(SettingsTest, OnlyAnAdminSetsAndAgentsAreTheTenantsOwn) {
  const auto member = AdminOf(ann_, request::Role::kOperator);
  EXPECT_EQ(settings_->SetLimits(As(member), KeyOf(ann_), {.burst = 1}).error().code,
            ErrorCode::kForbidden);
  ASSERT_TRUE(
      settings_->CreateBudget(As(ann_admin_), {SubjectKind::kAgent, "writer"}, {.amount = 7}));
  const core::Uuid ann = ann_.grant->parties.tenant.uuid;
  const core::Uuid bob = bob_.grant->parties.tenant.uuid;
  EXPECT_NE(world_.registry.Find({SubjectKind::kAgent, ann, "writer"}), nullptr);
  EXPECT_EQ(world_.registry.Find({SubjectKind::kAgent, bob, "writer"}), nullptr);
}

TEST_F(SettingsTest, RefusesWhatIsThereAlreadyAndWhatWasChangedMeanwhile) {
  const auto made = settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), {.amount = 100});
  EXPECT_EQ(settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), {.amount = 1}).error().code,
            ErrorCode::kConflict);
  ASSERT_TRUE(settings_->UpdateBudget(As(ann_admin_), made->id, {.amount = 1, .version = 1}));
  EXPECT_EQ(
      settings_->UpdateBudget(As(ann_admin_), made->id, {.amount = 2, .version = 1}).error().code,
      ErrorCode::kConflict);
  for (const BudgetRow& wrong : {BudgetRow{.window = Window::kWeek, .amount = -1},
                                 BudgetRow{.window = Window::kWeek, .zone = "Mars"},
                                 BudgetRow{.window = Window::kWeek, .alert_ppm = 1'000'001}}) {
    EXPECT_EQ(settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), wrong).error().code,
              ErrorCode::kInvalidRequest);
  }
}

TEST_F(SettingsTest, ACreditCountsOnceAndForItsWindow) {
  const auto day = settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), {.amount = 100});
  const auto prepaid = settings_->CreateBudget(As(bob_admin_), KeyOf(bob_),
                                               {.window = Window::kPrepaid, .amount = 100});
  ASSERT_TRUE(Spend(ann_, 100) && Spend(bob_, 100));
  EXPECT_EQ(*settings_->AddCredit(As(ann_admin_), day->id, {.id = "r1", .amount = 30}), true);
  EXPECT_EQ(*settings_->AddCredit(As(ann_admin_), day->id, {.id = "r1", .amount = 30}), false);
  EXPECT_EQ(*settings_->AddCredit(As(bob_admin_), prepaid->id, {.id = "r1", .amount = 50}), true);
  EXPECT_FALSE(Spend(ann_, 31));
  EXPECT_TRUE(Spend(ann_, 30));
  world_.Pass(kDay);
  EXPECT_FALSE(Spend(ann_, 101));
  EXPECT_FALSE(Spend(bob_, 51));
  EXPECT_TRUE(Spend(bob_, 50));
}

TEST_F(SettingsTest, LimitsCountAtOnceAndAnEmptyRuleTakesThemAway) {
  LimitRule none;
  none.rates[0] = 0;
  const auto set = settings_->SetLimits(As(ann_admin_), KeyOf(ann_), none);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_FALSE(set->before);
  EXPECT_FALSE(Spend(ann_, 0));
  EXPECT_EQ(settings_->ListLimits(As(ann_admin_), "", 10)->at(0).limits, none);
  const auto gone = settings_->SetLimits(As(ann_admin_), KeyOf(ann_), {});
  EXPECT_EQ(gone->before->limits, none);
  EXPECT_FALSE(gone->after);
  EXPECT_TRUE(Spend(ann_, 0));
}

TEST_F(SettingsTest, AnotherProcessLearnsOfEverythingWithItsNextRefresh) {
  World other;
  const auto there = Make(other.registry);
  const SubjectKey key{SubjectKind::kKey, ann_.grant->parties.key.uuid, {}};
  const auto made = settings_->CreateBudget(As(ann_admin_), KeyOf(ann_), {.amount = 100});
  LimitRule rule;
  rule.concurrent = 3;
  ASSERT_TRUE(settings_->SetLimits(As(ann_admin_), KeyOf(ann_), rule));
  ASSERT_TRUE(settings_->AddCredit(As(ann_admin_), made->id, {.amount = 5}));
  ASSERT_TRUE(there->Refresh(other.At()));
  Subject* subject = other.registry.Find(key);
  ASSERT_NE(subject, nullptr);
  EXPECT_EQ(subject->budgets.load()->StateAt(kStart).limit, 105);
  EXPECT_EQ(subject->most_running, 3);
  ASSERT_TRUE(settings_->DeleteBudget(As(ann_admin_), made->id));
  ASSERT_TRUE(settings_->SetLimits(As(ann_admin_), KeyOf(ann_), {}));
  ASSERT_TRUE(there->Refresh(other.At()));
  EXPECT_FALSE(subject->budgets.load()->active());
  EXPECT_EQ(subject->holds, 0U);
}

// Notes what it is told; refuses on wish.
class Recorder final : public Witness {
 public:
  core::Status Before(Told) override {
    if (refuses) {
      return core::Fail(ErrorCode::kUnavailable, "the trail is full");
    }
    ++told;
    return {};
  }
  void Failed(const core::Error&) override { ++failed; }

  int told = 0;
  int failed = 0;
  bool refuses = false;
};

TEST_F(SettingsTest, WhatTheWitnessDoesNotTakeIsNotMade) {
  Recorder recorder;
  Actor root = As(root_);
  root.witness = &recorder;
  const SubjectName key = KeyOf(ann_);
  const auto made = settings_->CreateBudget(root, key, {.amount = 100});
  ASSERT_TRUE(made);
  EXPECT_TRUE(settings_->AddCredit(root, made->id, {.id = "one", .amount = 10}));
  EXPECT_TRUE(settings_->AddCredit(root, made->id, {.id = "one", .amount = 10}));
  EXPECT_EQ(recorder.told, 2) << "a credit that was said before is no change";
  recorder.refuses = true;
  const auto refused = settings_->UpdateBudget(root, made->id, {.amount = 200});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "the trail is full");
  EXPECT_FALSE(settings_->CreateBudget(root, KeyOf(bob_), {.amount = 1}));
  EXPECT_FALSE(settings_->AddCredit(root, made->id, {.id = "two", .amount = 10}));
  EXPECT_FALSE(settings_->DeleteBudget(root, made->id));
  LimitRule rule;
  rule.rates[0] = 0;
  EXPECT_FALSE(settings_->SetLimits(root, key, rule));
  EXPECT_EQ(*settings_->GetBudget(root, made->id), *made);
  EXPECT_EQ(settings_->ListBudgets(root, "", 10)->size(), 1U);
  EXPECT_TRUE(settings_->ListLimits(root, "", 10)->empty());
  EXPECT_FALSE(Spend(ann_, 111));
  EXPECT_TRUE(Spend(ann_, 110)) << "the amount and one credit, as before";
  EXPECT_EQ(recorder.told, 2);
  EXPECT_EQ(recorder.failed, 0);
  recorder.refuses = false;
  EXPECT_TRUE(settings_->SetLimits(root, key, rule));
  EXPECT_TRUE(settings_->DeleteBudget(root, made->id));
  EXPECT_EQ(recorder.told, 4);
}

}  // namespace
}  // namespace signalbox::quota
