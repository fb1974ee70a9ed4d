#include "libs/kafka_log/rival_process.h"

#include <sstream>

namespace mynumber::kafka_log {

RivalProcess::RivalProcess(const std::string& name, const KafkaLogOptions& options)
    : process_("libs/kafka_log/rival_main",
               {name, options.brokers, options.prefix, options.producer_settings.at("message.timeout.ms")}) {}

void RivalProcess::Hear(const std::string& line) {
  std::istringstream in(line);
  std::string verb, word;
  in >> verb;
  if (verb == "word") {
    size_t index = 0;
    in >> index >> word;
    told_.Answer(word, index);
  } else if (verb == "read") {
    Told::Read read;
    in >> read.seen >> read.found >> read.last;
    told_.reads.push_back(read);
  } else {
    int phase = 0;
    in >> phase >> counts_.claims >> counts_.void_records >> counts_.unknown_outcomes >>
        counts_.unknown_found_written >> counts_.unknown_found_absent;
    phase_ = static_cast<eventsourcing::Ownership::Phase>(phase);
  }
}

}  // namespace mynumber::kafka_log
