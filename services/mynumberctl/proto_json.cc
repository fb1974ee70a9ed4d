#include "services/mynumberctl/proto_json.h"

#include <google/protobuf/util/json_util.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

namespace mynumber::mynumberctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void MaskNumbersIn(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->name() == "individual_number") {
      reflection.SetString(message, field, MaskNumber(reflection.GetString(*message, field)));
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    if (!field->is_repeated()) {
      MaskNumbersIn(reflection.MutableMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      MaskNumbersIn(reflection.MutableRepeatedMessage(message, field, i));
    }
  }
}

}  // namespace

std::string MaskNumber(std::string_view number) {
  if (number.size() != 12) return "************";
  return "********" + std::string(number.substr(8));
}

std::string ToJson(const Message& message, bool show_number) {
  std::unique_ptr<Message> masked;
  if (!show_number) {
    masked.reset(message.New());
    masked->CopyFrom(message);
    MaskNumbersIn(masked.get());
  }
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(masked ? *masked : message, &json, options);
  if (!status.ok()) {
    std::cerr << "a message cannot be written as JSON: " << status.ToString() << '\n';
    std::abort();
  }
  return json;
}

}  // namespace mynumber::mynumberctl
