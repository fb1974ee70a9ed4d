// One rival as a process of its own, that a test can stop and wake: takes lines, says lines. See rival_process.h.

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <set>
#include <string>

#include "libs/kafka_log/rival.h"

namespace mynumber::kafka_log {
namespace {

class RivalMain {
 public:
  RivalMain(const char* name, KafkaLogOptions options) : rival_(name, std::move(options)) {
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  }

  void Run() {
    while (Listen()) {
      const bool worked = rival_.Step();
      if (rival_.ownership().serving() && !rival_.ledger().waits()) {
        for (const std::string& word : pending_) rival_.ledger().Offer(word);
      }
      Say();
      if (worked) continue;
      pollfd in{STDIN_FILENO, POLLIN, 0};
      poll(&in, 1, 1);
    }
  }

 private:
  // False: whoever gave orders has gone.
  bool Listen() {
    char piece[4096];
    for (ssize_t size; (size = read(STDIN_FILENO, piece, sizeof(piece))) >= 0;) {
      if (size == 0) return false;
      heard_.append(piece, static_cast<size_t>(size));
    }
    for (size_t end; (end = heard_.find('\n')) != std::string::npos; heard_.erase(0, end + 1)) {
      Obey(heard_.substr(0, heard_.find(' ')), heard_.substr(0, end));
    }
    return true;
  }

  void Obey(const std::string& verb, const std::string& line) {
    if (line == "own") return rival_.ownership().Want(true);
    const std::string rest = line.substr(verb.size() + 1);
    if (verb == "word") pending_.insert(rest);
    if (verb == "ask") rival_.ledger().Ask(std::stoul(rest));
    if (verb == "keys") rival_.ledger().BringKeys(rest == "1");
  }

  void Say() {
    const Told told = rival_.ledger().TakeTold();
    for (const auto& [word, index] : told.words) {
      std::printf("word %zu %s\n", index, word.c_str());
      pending_.erase(word);
    }
    for (const Told::Read& read : told.reads) {
      std::printf("read %zu %zu %s\n", read.seen, read.found, read.last.c_str());
    }
    const int phase = static_cast<int>(rival_.ownership().phase());
    if (phase != said_phase_) {
      said_phase_ = phase;
      const auto& counts = rival_.ownership().counts();
      std::printf("phase %d %zu %zu %zu %zu %zu\n", phase, counts.claims, counts.void_records, counts.unknown_outcomes,
                  counts.unknown_found_written, counts.unknown_found_absent);
    }
    std::fflush(stdout);
  }

  Rival rival_;
  std::string heard_;
  // Offered until they are answered.
  std::set<std::string> pending_;
  int said_phase_ = -1;
};

}  // namespace
}  // namespace mynumber::kafka_log

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: rival_main NAME BROKERS PREFIX MESSAGE_TIMEOUT_MS\n");
    return 2;
  }
  mynumber::kafka_log::KafkaLogOptions options;
  options.brokers = argv[2];
  options.prefix = argv[3];
  options.producer_settings["message.timeout.ms"] = argv[4];
  mynumber::kafka_log::RivalMain(argv[1], options).Run();
  return 0;
}
