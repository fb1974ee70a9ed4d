#ifndef MYNUMBER_SERVICES_HOTLINE_SERVICE_DRIVER_H_
#define MYNUMBER_SERVICES_HOTLINE_SERVICE_DRIVER_H_

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/hotline/service_context.h"

namespace mynumber::hotline {

// Carries out what calls have left: suspensions that stand in a case and are not yet in effect, and the spool. A thread
// of its own, which asks the card service again and again until it answers for good (design: intent, command, result).
class Driver {
 public:
  Driver(ServiceContext* context, int64_t every_millis);
  // Stops.
  ~Driver();
  // What is under way is waited for, for some seconds at most. A second call does nothing.
  void Stop();

 private:
  class Round;
  // A suspension that is to be.
  struct Open {
    SubjectId id;
    events::v1::SuspensionRequested requested;
    int64_t asked_micros = 0;
  };

  void Run();
  void DriveSpool();
  void DriveCases();
  // Some of one partition's that no call waits for any more; counts all cases that have any.
  std::vector<Open> FindOpen(uint32_t partition, size_t* pending);
  // Asks the card service, and hands over what it said.
  void Suspend(const Open& open, const std::shared_ptr<Round>& round, std::function<void(const CardAnswer&)> then);
  bool Wait();

  ServiceContext* const context_;
  const int64_t every_millis_;
  // What the card service said of files of the spool. This thread alone.
  std::map<std::string, CardAnswer> answered_;
  // Where the next round goes on, so that none that fails for ever keeps others waiting: a file, and a key for each
  // partition.
  std::string after_file_;
  std::map<uint32_t, std::string> after_case_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_SERVICE_DRIVER_H_
