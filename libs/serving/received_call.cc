#include "libs/serving/received_call.h"

namespace mynumber::serving {

int MethodIndex(const char* service_full_name, const char* method) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service_full_name);
  return service->FindMethodByName(method)->index();
}

}  // namespace mynumber::serving
