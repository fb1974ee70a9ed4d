#ifndef MYNUMBER_LIBS_TESTING_GOLDEN_H_
#define MYNUMBER_LIBS_TESTING_GOLDEN_H_

// Old events still mean what they meant (tests/golden/README.md). What a service's golden_test.cc asks of its folder of
// histories: Golden is a message with `steps` (time_micros, event_hex, event) and the `state` that they lead to.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "google/protobuf/text_format.h"
#include "libs/eventsourcing/aggregate.h"
#include "libs/testing/matchers.h"

namespace mynumber::testing {

template <class Service, class Golden>
class GoldenHistories {
 public:
  using Event = typename Service::Event;
  using Message = google::protobuf::Message;

  // All "*.textproto" of the folder, by name without that ending.
  explicit GoldenHistories(std::string folder) : folder_(std::move(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (entry.path().extension() != ".textproto") continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const bool is_read = google::protobuf::TextFormat::ParseFromString(text.str(), &goldens_[entry.path().stem()]);
      EXPECT_TRUE(is_read) << entry.path();
    }
  }

  void StoredBytesAreStillTheSameEvents() const {
    for (const auto& [name, golden] : goldens_) {
      for (const auto& step : golden.steps()) {
        const std::string differences = Differences(Stored(step), step.event());
        if (differences.empty()) continue;
        ADD_FAILURE() << folder_ << "/" << name << ": the bytes of old logs are read as another event now:\n"
                      << differences << "Never change a released event. If this step is new, put this into it:\n"
                      << "  event_hex: \"" << absl::BytesToHexString(step.event().SerializeAsString()) << '"';
      }
    }
  }

  void EachHistoryLeadsToItsState(const Service& service) const {
    for (const auto& [name, golden] : goldens_) {
      const auto state = Folded(service, golden);
      const std::string differences = Differences(state, golden.state());
      if (differences.empty()) continue;
      ADD_FAILURE() << folder_ << "/" << name << " leads to another state now:\n" << differences
                    << "If that is meant, raise kProjectionVersion and put this into the file:\nstate {\n"
                    << Text(state) << "}";
    }
  }

  void EveryEventHasAHistoryThatEndsWithIt() const {
    const auto& oneof = *Event::descriptor()->FindOneofByName("event");
    for (int i = 0; i < oneof.field_count(); ++i) {
      const std::string type = oneof.field(i)->name();
      const auto found = goldens_.find(type);
      if (found == goldens_.end() || found->second.steps().empty()) {
        ADD_FAILURE() << "an event without a golden history: add " << folder_ << "/" << type
                      << ".textproto as tests/golden/README.md says";
        continue;
      }
      EXPECT_EQ(Service::EventType(found->second.steps().rbegin()->event()), type);
    }
  }

  void EveryFieldOfEveryEventIsSetSomewhere() const {
    std::set<std::string> all, set;
    CollectAllFields(*Event::descriptor(), &all);
    for (const auto& [name, golden] : goldens_) {
      for (const auto& step : golden.steps()) CollectFields(Stored(step), &set);
    }
    for (const std::string& field : all) {
      EXPECT_EQ(set.count(field), 1) << field << " is set in no golden history: add one as tests/golden/README.md says";
    }
  }

 private:
  template <class Step>
  static Event Stored(const Step& step) {
    Event event;
    EXPECT_TRUE(event.ParseFromString(absl::HexStringToBytes(step.event_hex())));
    return event;
  }

  static typename Service::State Folded(const Service& service, const Golden& golden) {
    eventsourcing::EventMeta meta;
    typename Service::State state;
    for (const auto& step : golden.steps()) {
      ++meta.version;
      meta.time_micros = step.time_micros();
      service.Evolve(Stored(step), meta, &state);
      state.set_version(meta.version);
    }
    return state;
  }

  static std::string Text(const Message& message) {
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    printer.SetInitialIndentLevel(1);
    std::string text;
    printer.PrintToString(message, &text);
    return text;
  }

  // Full names of all fields that are set in `message`, whatever depth they stand at.
  static void CollectFields(const Message& message, std::set<std::string>* names) {
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    const auto* reflection = message.GetReflection();
    reflection->ListFields(message, &fields);
    for (const auto* field : fields) {
      names->insert(field->full_name());
      if (field->message_type() == nullptr) continue;
      if (!field->is_repeated()) CollectFields(reflection->GetMessage(message, field), names);
      for (int i = 0; field->is_repeated() && i < reflection->FieldSize(message, field); ++i) {
        CollectFields(reflection->GetRepeatedMessage(message, field, i), names);
      }
    }
  }

  static void CollectAllFields(const google::protobuf::Descriptor& type, std::set<std::string>* names) {
    for (int i = 0; i < type.field_count(); ++i) {
      names->insert(type.field(i)->full_name());
      if (type.field(i)->message_type() != nullptr) CollectAllFields(*type.field(i)->message_type(), names);
    }
  }

  const std::string folder_;
  std::map<std::string, Golden> goldens_;
};

}  // namespace mynumber::testing

#endif  // MYNUMBER_LIBS_TESTING_GOLDEN_H_
