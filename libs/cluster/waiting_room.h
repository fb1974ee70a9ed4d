#ifndef MYNUMBER_LIBS_CLUSTER_WAITING_ROOM_H_
#define MYNUMBER_LIBS_CLUSTER_WAITING_ROOM_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace mynumber::cluster {

// Calls what waits in it after its time, by a thread of its own. Bounded. Any thread.
class WaitingRoom {
 public:
  // `stopping`: the room is closed before its time came.
  using Call = std::function<void(bool stopping)>;

  WaitingRoom();
  // Stops.
  ~WaitingRoom();

  // False: too many wait, or it is closed; `call` is not called then.
  [[nodiscard]] bool In(int64_t wait_micros, Call call);
  // Calls all that wait. A second call does nothing.
  void Stop();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  // By steady time.
  std::multimap<int64_t, Call> waiting_;
  std::thread thread_;
};

}  // namespace mynumber::cluster

#endif  // MYNUMBER_LIBS_CLUSTER_WAITING_ROOM_H_
