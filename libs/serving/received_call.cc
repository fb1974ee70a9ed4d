#include "libs/serving/received_call.h"

namespace mynumber::serving {

int MethodIndex(const char* service_full_name, const char* method) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service_full_name);
  return service->FindMethodByName(method)->index();
}

std::string FullMethod(const char* service_full_name, const char* method) {
  return absl::StrCat(service_full_name, "/", method);
}

}  // namespace mynumber::serving
