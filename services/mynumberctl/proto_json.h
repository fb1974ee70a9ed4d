#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_PROTO_JSON_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_PROTO_JSON_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace mynumber::mynumberctl {

// "123456789018" as "********9018"; a text of another length as twelve stars, since it may be part of a number.
std::string MaskNumber(std::string_view number);

// The message on one line with the names of its .proto file. Every `individual_number` in it is masked unless
// `show_number`.
std::string ToJson(const google::protobuf::Message& message, bool show_number);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_PROTO_JSON_H_
