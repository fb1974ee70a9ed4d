// A member of the group of service `issuance` for membership_test: NAME BROKERS PREFIX. Says "+3" when it is assigned
// partition 3, and "-3" when it is no longer.

#include <unistd.h>

#include <cstdio>

#include "libs/kafka_log/kafka_log.h"

int main(int argc, char** argv) {
  using mynumber::kafka_log::KafkaLog;
  if (argc != 4) return 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  mynumber::kafka_log::KafkaLogOptions options;
  options.instance = argv[1];
  options.brokers = argv[2];
  options.prefix = argv[3];
  const auto log = KafkaLog::Open(options);
  if (!log.ok()) return 1;
  const auto membership = (*log)->JoinGroup("issuance", "127.0.0.1:1", [](uint32_t partition, bool assigned) {
    std::printf("%c%u\n", assigned ? '+' : '-', partition);
  });
  if (!membership.ok()) return 1;
  // Until it is killed.
  for (;;) pause();
}
