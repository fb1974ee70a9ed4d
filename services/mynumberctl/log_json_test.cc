#include "services/mynumberctl/log_json.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace mynumber::mynumberctl {
namespace {

namespace eventlog = mynumber::eventlog::v1;
using operations::v1::ExportLogResponse;

std::string Bytes(char c, size_t count) { return std::string(count, c); }

ExportLogResponse Claim() {
  eventlog::Record record;
  auto* opened = record.mutable_opened();
  opened->set_claim_id(Bytes('\x11', 16));
  opened->set_instance("one");
  opened->set_address("127.0.0.1:7400");
  opened->mutable_settings()->set_service("issuance");
  opened->mutable_settings()->set_partition_count(4);
  opened->mutable_settings()->set_identifier_key_fingerprint("f00d");
  opened->set_time_micros(1'459'468'800'000'001);
  ExportLogResponse entry;
  entry.set_record(record.SerializeAsString());
  return entry;
}

void AddEvent(eventlog::Command* command, const std::string& type, uint64_t version) {
  auto* event = command->add_events();
  event->set_type(type);
  event->set_subject(Bytes('\xAB', 16));
  event->set_version(version);
  event->set_key_id(Bytes('\xCD', 16));
  event->set_sealed_payload("sealed " + type);
}

ExportLogResponse Batch() {
  eventlog::Record record;
  auto* batch = record.mutable_batch();
  batch->set_claim_id(Bytes('\x11', 16));
  batch->set_claim_sequence(2);
  batch->set_running_hash(Bytes('\x22', 32));
  batch->set_sequence(9);
  batch->set_time_micros(1'459'468'800'500'000);
  auto* cursor = batch->add_foreign_cursors();
  cursor->set_service("card");
  cursor->set_sequence(5);
  auto* command = batch->add_commands();
  command->set_request_id(Bytes('\x33', 16));
  command->set_method("RegisterResident");
  command->set_caller("municipality/131016");
  command->set_clerk_id("clerk-7");
  command->set_request_hash(Bytes('\x44', 16));
  command->set_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  AddEvent(command, "resident_registered", 1);
  command = batch->add_commands();
  command->set_method("RecordMove");
  command->set_cause("card/3@120.4");
  command->set_shares_request(true);
  AddEvent(command, "resident_moved", 2);
  AddEvent(command, "number_disclosed", 3);
  ExportLogResponse entry;
  entry.set_offset(7);
  entry.set_record(record.SerializeAsString());
  auto* key = entry.mutable_key_block()->add_keys();
  key->set_key_id(Bytes('\xCD', 16));
  key->set_master_version(1);
  key->set_wrapped("wrapped");
  return entry;
}

ExportLogResponse Unreadable() {
  ExportLogResponse entry;
  entry.set_offset(8);
  entry.set_record("\xFF\xFF");
  return entry;
}

// The format is a promise to programs: change the file only by adding to it.
TEST(LogJsonTest, GoldenLines) {
  std::string lines;
  for (const auto& entry : {Claim(), Batch(), Unreadable()}) lines += LogRecordToJson("issuance", 3, entry) + "\n";
  std::ifstream file("services/mynumberctl/testdata/log_export.jsonl");
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(lines, golden.str());
}

}  // namespace
}  // namespace mynumber::mynumberctl
