#ifndef MYNUMBER_LIBS_KAFKA_LOG_MEMBER_PROCESS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_MEMBER_PROCESS_H_

#include <cstdint>
#include <set>
#include <string>

#include "libs/kafka_log/child_process.h"

namespace mynumber::kafka_log {

// A member of the group of service `issuance`, in a process of its own (member_main), which goes with this object.
class MemberProcess {
 public:
  MemberProcess(const std::string& name, const std::string& brokers, const std::string& prefix)
      : process_("libs/kafka_log/member_main", {name, brokers, prefix}) {}

  void Kill() { process_.Kill(); }
  void Stop() { process_.Stop(); }
  void Wake() { process_.Wake(); }

  // What it has, as far as it has said.
  const std::set<uint32_t>& partitions();
  // How often it was told that it lost one.
  int losses();

 private:
  void Listen();

  ChildProcess process_;
  std::set<uint32_t> partitions_;
  int losses_ = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_MEMBER_PROCESS_H_
