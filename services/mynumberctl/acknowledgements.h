#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_ACKNOWLEDGEMENTS_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_ACKNOWLEDGEMENTS_H_

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/carrier_csv/acknowledgement_writer.h"

namespace mynumber::mynumberctl {

// Answers to the lines of the carrier's file, in the order of the lines, though they come in another one. Where more
// than kWaitingMax lines wait for an earlier one, they go out before it, so that memory stays bounded. Thread safe.
class Acknowledgements {
 public:
  static constexpr size_t kWaitingMax = 200'000;

  // `writer` outlives this; null: nothing is written.
  explicit Acknowledgements(carrier_csv::AcknowledgementWriter* writer) : writer_(writer) {}

  // In the order of the lines: one that was sent, or one that is answered at once.
  void Sent(uint64_t line);
  void NotUnderstood(uint64_t line, std::string_view reason, std::string_view sentence);
  // Of a line that was sent. Not said of all: the others get no answer.
  void Answered(const carrier_csv::Acknowledgement& acknowledgement);

  // Writes what still waits. The error says that an answer could not be written.
  absl::Status Finish();

 private:
  struct Line {
    uint64_t line = 0;
    bool answered = false;
    carrier_csv::Outcome outcome = carrier_csv::Outcome::kAccepted;
    std::string tracking_number;
    std::string reason;
    std::string sentence;
  };

  void Add(Line line);
  void WriteFront();
  void WriteAllAnswered();
  void Write(const Line& line);

  carrier_csv::AcknowledgementWriter* const writer_;
  std::mutex mutex_;
  std::deque<Line> lines_;  // in their order
  absl::Status status_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_ACKNOWLEDGEMENTS_H_
