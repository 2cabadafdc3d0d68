// The contract suite of Shared. `Rig` is a SharedRig made from a loop; it has a static
// `bool Missing()` that says why there is nothing to test and prints it. Test support.
#pragma once

#include "io/store/history_testing.h"
#include "io/store/slice_contract_testing.h"
#include "io/store/slice_loss_contract_testing.h"
#include "io/store/tally_contract_testing.h"
#include "io/store/values_contract_testing.h"

#define SB_SHARED_CASE_(suite, Rig, name)                                   \
  LOOP_TEST(suite, name) {                                                  \
    if (!Rig::Missing()) {                                                  \
      Rig rig(loop);                                                        \
      co_await ::signalbox::store::contract::name(rig);                     \
      co_await rig.shared().Close({loop.now() + std::chrono::seconds(10)}); \
    }                                                                       \
  }

#define SB_SHARED_CONTRACT(suite, Rig)                                    \
  SB_SHARED_CASE_(suite, Rig, GrantsOnlyWhatThereIsRoomFor)               \
  SB_SHARED_CASE_(suite, Rig, WhatIsGivenBackIsThereForOthers)            \
  SB_SHARED_CASE_(suite, Rig, ARepeatedCallChangesNothing)                \
  SB_SHARED_CASE_(suite, Rig, AnEarlierCallThatComesLateIsRefused)        \
  SB_SHARED_CASE_(suite, Rig, WhatWasLostOnTheWayIsBookedWithTheNextCall) \
  SB_SHARED_CASE_(suite, Rig, AnEndedLeaseFreesWhatWasNotInUse)           \
  SB_SHARED_CASE_(suite, Rig, AHolderThatComesBackTellsTheTruth)          \
  SB_SHARED_CASE_(suite, Rig, ARepeatedCallAfterItsLeaseHoldsNothing)     \
  SB_SHARED_CASE_(suite, Rig, ANewWindowStartsFromZero)                   \
  SB_SHARED_CASE_(suite, Rig, ARefundMakesRoom)                           \
  SB_SHARED_CASE_(suite, Rig, ALoweredLimitTakesNothingAway)              \
  SB_SHARED_CASE_(suite, Rig, AmountsAreExactToTheLast)                   \
  SB_SHARED_CASE_(suite, Rig, EachDrawHasItsOwnAnswer)                    \
  SB_SHARED_CASE_(suite, Rig, NamesAreTakenAsTheyAre)                     \
  SB_SHARED_CASE_(suite, Rig, AnAccountIsDroppedAfterItsTime)             \
  SB_SHARED_CASE_(suite, Rig, AnEmptiedStoreIsTaughtByItsHolders)         \
  SB_SHARED_CASE_(suite, Rig, ATaughtStoreGrantsAgainWhenALeaseHasGoneBy) \
  SB_SHARED_CASE_(suite, Rig, AStoreThatANewHolderBeganAnewIsTaughtToo)   \
  SB_SHARED_CASE_(suite, Rig, ATallyIsTheSumOfItsTellers)                 \
  SB_SHARED_CASE_(suite, Rig, AWordSaidAgainOrLateCountsOnce)             \
  SB_SHARED_CASE_(suite, Rig, AWordEndsWithItsTime)                       \
  SB_SHARED_CASE_(suite, Rig, AnEmptiedTallyIsKnownAgainByTheNextWords)   \
  SB_SHARED_CASE_(suite, Rig, EachTallyHasItsOwnAnswer)                   \
  SB_SHARED_CASE_(suite, Rig, KeepsValues)                                \
  SB_SHARED_CASE_(suite, Rig, AValueEndsWithItsTime)                      \
  SB_SHARED_CASE_(suite, Rig, SetsOnlyWhatIsAsExpected)                   \
  SB_SHARED_CASE_(suite, Rig, ALeaseHasOneOwner)                          \
  SB_SHARED_CASE_(suite, Rig, MessagesReachWhoeverHearsTheChannel)        \
  SB_SHARED_CASE_(suite, Rig, RefusesWhatCannotBe)                        \
  SB_SHARED_CASE_(suite, Rig, AClosedStoreSaysSo)                         \
  SB_SHARED_CASE_(suite, Rig, HoldsInRandomHistories)                     \
  SB_SHARED_CASE_(suite, Rig, ForgetsNoMoneyWhenItIsEmptiedAgainAndAgain)
