#ifndef MYNUMBER_LIBS_KAFKA_LOG_CHILD_PROCESS_H_
#define MYNUMBER_LIBS_KAFKA_LOG_CHILD_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace mynumber::kafka_log {

// A program of a test's own that is told and tells line by line; it goes with this object, and with the test.
class ChildProcess {
 public:
  ChildProcess(const std::string& program, const std::vector<std::string>& words);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // SIGKILL; it has gone when this returns. A second call does nothing.
  void Kill();
  // SIGSTOP; it has stopped when this returns. What is sent meanwhile waits for it.
  void Stop();
  // SIGCONT.
  void Wake();
  void Send(const std::string& line);
  // Calls `hear` with each whole line that it has said since.
  void Listen(const std::function<void(const std::string& line)>& hear);

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string heard_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_CHILD_PROCESS_H_
