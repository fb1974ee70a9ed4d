#ifndef MYNUMBER_LIBS_ACCESS_BUILT_IN_POLICY_H_
#define MYNUMBER_LIBS_ACCESS_BUILT_IN_POLICY_H_

#include <string_view>

namespace mynumber::access {

// deploy/access/policy.textproto, as it was when this was built: for a process that is given no file.
std::string_view BuiltInPolicy();

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_BUILT_IN_POLICY_H_
