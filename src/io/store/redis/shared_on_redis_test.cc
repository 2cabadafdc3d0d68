#include "io/store/redis/shared_on_redis.h"

#include "io/store/redis/redis_rig_testing.h"
#include "io/store/shared_contract_testing.h"

namespace signalbox::store {
namespace {

SB_SHARED_CONTRACT(SharedOnRedis, RedisRig)

}  // namespace
}  // namespace signalbox::store
