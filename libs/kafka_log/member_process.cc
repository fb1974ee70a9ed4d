#include "libs/kafka_log/member_process.h"

#include <cstdlib>

namespace mynumber::kafka_log {

const std::set<uint32_t>& MemberProcess::partitions() {
  Listen();
  return partitions_;
}

int MemberProcess::losses() {
  Listen();
  return losses_;
}

void MemberProcess::Listen() {
  process_.Listen([this](const std::string& line) {
    const uint32_t partition = static_cast<uint32_t>(std::atoi(line.c_str() + 1));
    if (line[0] == '+') partitions_.insert(partition);
    if (line[0] == '-') losses_ += static_cast<int>(partitions_.erase(partition));
  });
}

}  // namespace mynumber::kafka_log
