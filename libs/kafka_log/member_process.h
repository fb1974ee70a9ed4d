#ifndef MYNUMBER_LIBS_KAFKA_LOG_MEMBER_PROCESS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_MEMBER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>

namespace mynumber::kafka_log {

// A member of the group of service `issuance`, in a process of its own (member_main), which goes with this object.
class MemberProcess {
 public:
  MemberProcess(const std::string& name, const std::string& brokers, const std::string& prefix);
  ~MemberProcess();
  MemberProcess(const MemberProcess&) = delete;
  MemberProcess& operator=(const MemberProcess&) = delete;

  void Kill();
  // SIGSTOP; it has stopped when this returns.
  void Stop();
  // SIGCONT.
  void Wake();

  // What it has, as far as it has said.
  const std::set<uint32_t>& partitions();
  // How often it was told that it lost one.
  int losses();

 private:
  void Listen();

  pid_t pid_ = -1;
  int from_ = -1;
  std::string heard_;
  std::set<uint32_t> partitions_;
  int losses_ = 0;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_MEMBER_PROCESS_H_
