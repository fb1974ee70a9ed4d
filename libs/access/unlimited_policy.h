#ifndef MYNUMBER_LIBS_ACCESS_UNLIMITED_POLICY_H_
#define MYNUMBER_LIBS_ACCESS_UNLIMITED_POLICY_H_

#include <fstream>
#include <regex>
#include <string>

#include "libs/access/built_in_policy.h"

namespace mynumber::access {

// The built-in policy in a file, without its limits: for loads that one clerk of one authority could never cause.
inline std::string WriteUnlimitedPolicy(const std::string& file) {
  const std::regex limit("(calls_per_second|burst|disclosures_per_hour|look_ups_per_hour): [0-9]+");
  std::ofstream(file) << std::regex_replace(std::string(BuiltInPolicy()), limit, "$1: 1000000");
  return file;
}

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_UNLIMITED_POLICY_H_
