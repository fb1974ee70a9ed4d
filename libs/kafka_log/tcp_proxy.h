#ifndef MYNUMBER_LIBS_KAFKA_LOG_TCP_PROXY_H_
#define MYNUMBER_LIBS_KAFKA_LOG_TCP_PROXY_H_

#include <atomic>
#include <list>
#include <memory>
#include <string>
#include <thread>

namespace mynumber::kafka_log {

// A port on 127.0.0.1 that nobody listens on, outside of those that the kernel gives to outgoing connections.
int FreePort();

// A wire between a client and a broker, on 127.0.0.1, that a test may hold, deafen or cut. Has one thread.
class TcpProxy {
 public:
  TcpProxy(int listen_port, int target_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  // Everything goes through, what was held too, even of clients that have gone since.
  void Pass() { mode_ = Mode::kPass; }
  // What clients send is kept back.
  void HoldRequests() { mode_ = Mode::kHoldRequests; }
  // What brokers answer is thrown away.
  void LoseAnswers() { mode_ = Mode::kLoseAnswers; }
  // All connections end, what was held is thrown away, nobody connects.
  void Cut() { mode_ = Mode::kCut; }
  // Bytes kept back now.
  size_t held() const { return held_; }

 private:
  enum class Mode { kPass, kHoldRequests, kLoseAnswers, kCut };
  struct Wire {
    int client = -1;
    int broker = -1;
    bool client_gone = false;
    bool broker_gone = false;
    std::string to_broker;
    std::string to_client;
  };

  void Run();
  void Accept();
  // Moves bytes; false: the wire has ended.
  bool Serve(Wire* wire);

  const int target_port_;
  int listener_ = -1;
  std::atomic<Mode> mode_{Mode::kPass};
  std::atomic<size_t> held_{0};
  std::atomic<bool> stopping_{false};
  std::list<std::unique_ptr<Wire>> wires_;
  std::thread thread_;
};

}  // namespace mynumber::kafka_log

#endif  // MYNUMBER_LIBS_KAFKA_LOG_TCP_PROXY_H_
