#include "services/mynumberctl/log_json.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "libs/identifiers/request_id.h"

namespace mynumber::mynumberctl {
namespace {

namespace eventlog = mynumber::eventlog::v1;
using Json = nlohmann::ordered_json;

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }
std::string Base64(const std::string& bytes) { return absl::Base64Escape(bytes); }

// RFC 3339, always with six digits of a second: lines sort and compare as text.
std::string Time(int64_t micros) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromUnixMicros(micros), absl::UTCTimeZone());
}

std::string Uuid(const std::string& bytes) {
  identifiers::RequestId id;
  if (bytes.size() != id.size()) return Hex(bytes);
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return identifiers::FormatRequestId(id);
}

Json CommandJson(const eventlog::Command& command) {
  Json json = {{"request_id", Uuid(command.request_id())},
               {"method", command.method()},
               {"caller", command.caller()},
               {"clerk_id", command.clerk_id()},
               {"request_hash", Hex(command.request_hash())},
               {"event_count", command.events_size()}};
  if (command.shares_request()) json["shares_request"] = true;
  if (!command.cause().empty()) json["cause"] = command.cause();
  if (!command.refused().empty()) json["refused"] = command.refused();
  if (!command.deadline().empty()) json["deadline"] = Hex(command.deadline());
  if (!command.subject().empty()) json["subject"] = Hex(command.subject());
  if (!command.traceparent().empty()) json["traceparent"] = command.traceparent();
  return json;
}

struct EventPlace {
  const std::string& service;
  uint32_t partition;
  uint64_t sequence;
  int index;          // in the batch
  int command_index;  // of its command in the batch
  const std::string& time;
};

Json EventJson(const eventlog::Envelope& event, const EventPlace& place, const std::string& traceparent) {
  Json json = {{"specversion", "1.0"},
               {"id", absl::StrCat(place.partition, "@", place.sequence, ".", place.index)},
               {"source", absl::StrCat("//mynumber/", place.service)},
               {"type", event.type()},
               {"subject", absl::StrCat("residents/", Hex(event.subject()))},
               {"time", place.time},
               {"version", event.version()},
               {"command", place.command_index},
               {"key_id", Hex(event.key_id())},
               {"sealed_payload", Base64(event.sealed_payload())}};
  if (!traceparent.empty()) json["traceparent"] = traceparent;
  return json;
}

void AddBatch(const std::string& service, uint32_t partition, const eventlog::Batch& batch, Json* line) {
  const std::string time = Time(batch.time_micros());
  (*line)["claim_id"] = Hex(batch.claim_id());
  (*line)["claim_sequence"] = batch.claim_sequence();
  (*line)["running_hash"] = Hex(batch.running_hash());
  (*line)["sequence"] = batch.sequence();
  (*line)["time"] = time;
  for (const auto& cursor : batch.foreign_cursors()) {
    (*line)["foreign_cursors"].push_back({{"service", cursor.service()},
                                          {"sequence", cursor.sequence()},
                                          {"claim_id", Hex(cursor.claim_id())},
                                          {"running_hash", Hex(cursor.running_hash())}});
  }
  Json commands = Json::array();
  Json events = Json::array();
  for (const auto& command : batch.commands()) {
    for (const auto& event : command.events()) {
      const EventPlace place{service, partition, batch.sequence(), static_cast<int>(events.size()),
                             static_cast<int>(commands.size()), time};
      events.push_back(EventJson(event, place, command.traceparent()));
    }
    commands.push_back(CommandJson(command));
  }
  (*line)["commands"] = std::move(commands);
  (*line)["events"] = std::move(events);
}

void AddClaim(const eventlog::PartitionOpened& claim, Json* line) {
  (*line)["claim_id"] = Hex(claim.claim_id());
  (*line)["instance"] = claim.instance();
  (*line)["address"] = claim.address();
  (*line)["time"] = Time(claim.time_micros());
  (*line)["settings"] = {{"service", claim.settings().service()},
                         {"partition_count", claim.settings().partition_count()},
                         {"identifier_key_fingerprint", claim.settings().identifier_key_fingerprint()}};
}

}  // namespace

std::string LogRecordToJson(const std::string& service, uint32_t partition,
                            const mynumber::operations::v1::ExportLogResponse& entry) {
  Json line = {{"service", service}, {"partition", partition}, {"offset", entry.offset()}};
  eventlog::Record record;
  if (!record.ParseFromString(entry.record())) record.Clear();
  switch (record.kind_case()) {
    case eventlog::Record::kOpened:
      line["kind"] = "partition_opened";
      AddClaim(record.opened(), &line);
      break;
    case eventlog::Record::kBatch:
      line["kind"] = "batch";
      AddBatch(service, partition, record.batch(), &line);
      break;
    case eventlog::Record::KIND_NOT_SET:
      line["kind"] = "unreadable";
      line["record"] = Base64(entry.record());
      break;
  }
  for (const auto& key : entry.key_block().keys()) {
    line["keys"].push_back({{"key_id", Hex(key.key_id())},
                            {"master_version", key.master_version()},
                            {"wrapped", Base64(key.wrapped())}});
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace mynumber::mynumberctl
