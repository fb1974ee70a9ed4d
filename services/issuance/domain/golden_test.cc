// Old events still mean what they meant: tests/golden/README.md.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "absl/strings/escaping.h"
#include "google/protobuf/text_format.h"
#include "libs/testing/matchers.h"
#include "mynumber/testing/v1/issuance_golden.pb.h"
#include "services/issuance/domain/resident.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using google::protobuf::Message;
using google::protobuf::TextFormat;
using mynumber::testing::Differences;
using mynumber::testing::v1::IssuanceGolden;

constexpr char kFolder[] = "tests/golden/issuance";

// By name without ".textproto".
const std::map<std::string, IssuanceGolden>& Goldens() {
  static const auto* const goldens = [] {
    auto* all = new std::map<std::string, IssuanceGolden>;
    for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
      if (entry.path().extension() != ".textproto") continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      EXPECT_TRUE(TextFormat::ParseFromString(text.str(), &(*all)[entry.path().stem()])) << entry.path();
    }
    return all;
  }();
  return *goldens;
}

std::string Text(const Message& message) {
  TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  printer.SetInitialIndentLevel(1);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

IssuanceEvent Stored(const IssuanceGolden::Step& step) {
  IssuanceEvent event;
  EXPECT_TRUE(event.ParseFromString(absl::HexStringToBytes(step.event_hex())));
  return event;
}

rows::v1::ResidentState Folded(const IssuanceGolden& golden) {
  const Issuance issuance;
  eventsourcing::EventMeta meta;
  rows::v1::ResidentState state;
  for (const IssuanceGolden::Step& step : golden.steps()) {
    ++meta.version;
    meta.time_micros = step.time_micros();
    issuance.Evolve(Stored(step), meta, &state);
    state.set_version(meta.version);
  }
  return state;
}

// Full names of all fields that are set in `message`, whatever depth they stand at.
void CollectFields(const Message& message, std::set<std::string>* names) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    names->insert(field->full_name());
    if (field->message_type() != nullptr && !field->is_repeated()) {
      CollectFields(reflection->GetMessage(message, field), names);
    }
  }
}

void CollectAllFields(const google::protobuf::Descriptor& type, std::set<std::string>* names) {
  for (int i = 0; i < type.field_count(); ++i) {
    names->insert(type.field(i)->full_name());
    if (type.field(i)->message_type() != nullptr) CollectAllFields(*type.field(i)->message_type(), names);
  }
}

TEST(GoldenTest, StoredBytesAreStillTheSameEvents) {
  for (const auto& [name, golden] : Goldens()) {
    for (const IssuanceGolden::Step& step : golden.steps()) {
      const std::string differences = Differences(Stored(step), step.event());
      if (differences.empty()) continue;
      ADD_FAILURE() << kFolder << "/" << name << ": the bytes of old logs are read as another event now:\n"
                    << differences << "Never change a released event. If this step is new, put this into it:\n"
                    << "  event_hex: \""
                    << absl::BytesToHexString(step.event().SerializeAsString()) << '"';
    }
  }
}

TEST(GoldenTest, EachHistoryLeadsToItsState) {
  for (const auto& [name, golden] : Goldens()) {
    const rows::v1::ResidentState state = Folded(golden);
    const std::string differences = Differences(state, golden.state());
    if (differences.empty()) continue;
    ADD_FAILURE() << kFolder << "/" << name << " leads to another state now:\n" << differences
                  << "If that is meant, raise kProjectionVersion and put this into the file:\nstate {\n"
                  << Text(state) << "}";
  }
}

TEST(GoldenTest, EveryEventHasAHistoryThatEndsWithIt) {
  const auto& oneof = *IssuanceEvent::descriptor()->FindOneofByName("event");
  for (int i = 0; i < oneof.field_count(); ++i) {
    const std::string type = oneof.field(i)->name();
    const auto found = Goldens().find(type);
    if (found == Goldens().end() || found->second.steps().empty()) {
      ADD_FAILURE() << "an event without a golden history: add " << kFolder << "/" << type
                    << ".textproto as tests/golden/README.md says";
      continue;
    }
    EXPECT_EQ(Issuance::EventType(found->second.steps().rbegin()->event()), type);
  }
}

TEST(GoldenTest, EveryFieldOfEveryEventIsSetSomewhere) {
  std::set<std::string> all, set;
  CollectAllFields(*IssuanceEvent::descriptor(), &all);
  for (const auto& [name, golden] : Goldens()) {
    for (const IssuanceGolden::Step& step : golden.steps()) CollectFields(Stored(step), &set);
  }
  for (const std::string& field : all) {
    EXPECT_EQ(set.count(field), 1) << field << " is set in no golden history: add one as tests/golden/README.md says";
  }
}

}  // namespace
}  // namespace mynumber::issuance
