#include "surface/api/all_routes.h"

namespace signalbox::api {

std::vector<Routes> ManagementRoutes() {
  return {SelfRoutes(), RequestRoutes()};
}

}  // namespace signalbox::api
