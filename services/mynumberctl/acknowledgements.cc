#include "services/mynumberctl/acknowledgements.h"

#include <algorithm>
#include <utility>

namespace mynumber::mynumberctl {

using carrier_csv::Acknowledgement;
using carrier_csv::Outcome;

void Acknowledgements::Sent(uint64_t line) {
  Line sent;
  sent.line = line;
  Add(std::move(sent));
}

void Acknowledgements::NotUnderstood(uint64_t line, std::string_view reason, std::string_view sentence) {
  Add({line, true, Outcome::kNotUnderstood, "", std::string(reason), std::string(sentence)});
}

void Acknowledgements::Add(Line line) {
  if (writer_ == nullptr) return;
  std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  WriteFront();
  if (lines_.size() > kWaitingMax) WriteAllAnswered();
}

void Acknowledgements::Answered(const Acknowledgement& acknowledgement) {
  if (writer_ == nullptr) return;
  std::lock_guard lock(mutex_);
  const auto found = std::lower_bound(lines_.begin(), lines_.end(), acknowledgement.line,
                                      [](const Line& line, uint64_t wanted) { return line.line < wanted; });
  if (found == lines_.end() || found->line != acknowledgement.line) return;
  *found = {acknowledgement.line,
            true,
            acknowledgement.outcome,
            std::string(acknowledgement.tracking_number),
            std::string(acknowledgement.reason),
            std::string(acknowledgement.sentence)};
  WriteFront();
}

absl::Status Acknowledgements::Finish() {
  std::lock_guard lock(mutex_);
  WriteAllAnswered();
  return status_;
}

void Acknowledgements::WriteFront() {
  for (; !lines_.empty() && lines_.front().answered; lines_.pop_front()) Write(lines_.front());
}

void Acknowledgements::WriteAllAnswered() {
  const auto waiting = std::stable_partition(lines_.begin(), lines_.end(), [](const Line& l) { return l.answered; });
  for (auto line = lines_.begin(); line != waiting; ++line) Write(*line);
  lines_.erase(lines_.begin(), waiting);
}

void Acknowledgements::Write(const Line& line) {
  const absl::Status written =
      writer_->Write({line.line, line.tracking_number, line.outcome, line.reason, line.sentence});
  status_.Update(written);
}

}  // namespace mynumber::mynumberctl
