#include "libs/kafka_log/client_statistics.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace mynumber::kafka_log {
namespace {

using Json = nlohmann::json;

int64_t Number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

void AddBroker(const Json& broker, ClientStatistics* sum) {
  if (!broker.is_object()) return;
  sum->in_flight += Number(broker, "waitresp_cnt");
  sum->retries += Number(broker, "txretries");
  sum->timeouts += Number(broker, "req_timeouts");
  sum->disconnects += Number(broker, "disconnects");
  if (const auto rtt = broker.find("rtt"); rtt != broker.end() && rtt->is_object() && Number(*rtt, "cnt") > 0) {
    sum->round_trip_p50_micros = std::max(sum->round_trip_p50_micros, Number(*rtt, "p50"));
    sum->round_trip_p99_micros = std::max(sum->round_trip_p99_micros, Number(*rtt, "p99"));
  }
  // Addresses that were only given, and librdkafka's own, have no number.
  if (Number(broker, "nodeid") < 0) return;
  ++sum->brokers_known;
  const auto state = broker.find("state");
  if (state != broker.end() && *state == "UP") ++sum->brokers_up;
}

}  // namespace

std::optional<ClientStatistics> ParseStatistics(const std::string& json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  const auto brokers = parsed.find("brokers");
  if (brokers == parsed.end() || !brokers->is_object()) return std::nullopt;
  ClientStatistics statistics;
  statistics.queue_messages = Number(parsed, "msg_cnt");
  statistics.queue_bytes = Number(parsed, "msg_size");
  for (const Json& broker : *brokers) AddBroker(broker, &statistics);
  return statistics;
}

}  // namespace mynumber::kafka_log
