#ifndef MYNUMBER_LIBS_SERVING_MADE_UP_REASONS_H_
#define MYNUMBER_LIBS_SERVING_MADE_UP_REASONS_H_

// The ErrorReason of a service that is made up for tests.

#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "libs/serving/refusals.h"

namespace mynumber::serving {

inline std::set<std::string> SharedReasons() { return {std::begin(kSharedReasons), std::end(kSharedReasons)}; }

// Has these names.
class MadeUpReasons {
 public:
  explicit MadeUpReasons(const std::set<std::string>& names = SharedReasons()) {
    google::protobuf::FileDescriptorProto file;
    file.set_name("counting.proto");
    file.set_syntax("proto3");
    auto* reasons = file.add_enum_type();
    reasons->set_name("ErrorReason");
    const auto add = [&](const std::string& name) {
      auto* value = reasons->add_value();
      value->set_number(reasons->value_size() - 1);
      value->set_name(name);
    };
    add("ERROR_REASON_UNSPECIFIED");
    for (const std::string& name : names) add(name);
    descriptor_ = pool_.BuildFile(file)->enum_type(0);
  }
  const google::protobuf::EnumDescriptor* descriptor() const { return descriptor_; }

 private:
  google::protobuf::DescriptorPool pool_;
  const google::protobuf::EnumDescriptor* descriptor_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_MADE_UP_REASONS_H_
