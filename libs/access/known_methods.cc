#include "libs/access/known_methods.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "mynumber/card/v1/card_service.pb.h"
#include "mynumber/cluster/v1/peer_service.pb.h"
#include "mynumber/hotline/v1/hotline_service.pb.h"
#include "mynumber/issuance/v1/issuance_service.pb.h"
#include "mynumber/notice/v1/notice_service.pb.h"
#include "mynumber/operations/v1/operations_service.pb.h"
#include "mynumber/postoffice/v1/postoffice_service.pb.h"

namespace mynumber::access {

std::vector<std::string> KnownMethods() {
  std::vector<std::string> methods;
  // By a message of each file, which links it in.
  for (const google::protobuf::Descriptor* message :
       {issuance::v1::Resident::descriptor(), notice::v1::Notice::descriptor(),
        postoffice::v1::ManifestPiece::descriptor(), card::v1::Card::descriptor(), hotline::v1::Case::descriptor(),
        operations::v1::PartitionStatus::descriptor(), cluster::v1::Beat::descriptor()}) {
    for (int i = 0; i < message->file()->service_count(); ++i) {
      const google::protobuf::ServiceDescriptor* service = message->file()->service(i);
      for (int j = 0; j < service->method_count(); ++j) {
        methods.push_back(absl::StrCat(service->full_name(), "/", service->method(j)->name()));
      }
    }
  }
  // gRPC's own: their descriptors belong to libs/rpc and to the reflection plugin.
  methods.push_back("grpc.health.v1.Health/Check");
  methods.push_back("grpc.health.v1.Health/Watch");
  methods.push_back("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  return methods;
}

}  // namespace mynumber::access
