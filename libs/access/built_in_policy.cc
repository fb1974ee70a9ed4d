#include "libs/access/built_in_policy.h"

namespace mynumber::access {

std::string_view BuiltInPolicy() {
  return
#include "libs/access/built_in_policy.inc"
      ;
}

}  // namespace mynumber::access
