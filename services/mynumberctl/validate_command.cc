#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/commands.h"
#include "services/mynumberctl/show.h"

namespace mynumber::mynumberctl {
namespace {

using Verdict = v1::ValidateNumbersResponse::Verdict;
constexpr int kNumbersPerMessage = 10'000;

// Spaces as on the notice ("1234 5678 9018") do not count; other bytes than ASCII cannot travel and are no digits.
std::string Cleaned(std::string line) {
  line.erase(std::remove_if(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r'; }),
             line.end());
  for (char& c : line) c = static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return line;
}

struct Asked {
  v1::ValidateNumbersRequest request;
  std::vector<uint64_t> lines;
};

// The next numbers of standard input, empty lines left out; false at its end.
bool ReadNumbers(std::istream& in, uint64_t* line, Asked* asked) {
  asked->request.clear_individual_numbers();
  asked->lines.clear();
  std::string text;
  while (static_cast<int>(asked->lines.size()) < kNumbersPerMessage && std::getline(in, text)) {
    ++*line;
    text = Cleaned(std::move(text));
    if (text.empty()) continue;
    asked->request.add_individual_numbers(text);
    asked->lines.push_back(*line);
  }
  return !asked->lines.empty();
}

void Print(const Session& session, const Asked& asked, const v1::ValidateNumbersResponse& answer,
           std::map<std::string, uint64_t>* counts) {
  Table table({{"LINE", Align::kRight}, {"NUMBER"}, {"VERDICT"}});
  for (int i = 0; i < answer.verdicts_size(); ++i) {
    const std::string& number = asked.request.individual_numbers(i);
    const std::string shown = session.settings.show_number ? number : MaskNumber(number);
    const std::string verdict = ShowEnum(v1::ValidateNumbersResponse::Verdict_Name(answer.verdicts(i)), "VERDICT_");
    ++(*counts)[verdict];
    if (session.json()) {
      session.console.out << nlohmann::ordered_json{{"line", asked.lines[i]},
                                                    {"number", shown},
                                                    {"verdict",
                                                     v1::ValidateNumbersResponse::Verdict_Name(answer.verdicts(i))}}
                                 .dump()
                          << '\n';
    } else {
      table.Add({absl::StrCat(asked.lines[i]), shown, verdict});
    }
  }
  if (!session.json()) table.Print(session.console.out, session.console.out_columns());
}

ExitCode Summary(const Session& session, const std::map<std::string, uint64_t>& counts) {
  uint64_t bad = 0;
  std::string text;
  for (const auto& [verdict, count] : counts) {
    if (verdict != "issued") bad += count;
    absl::StrAppend(&text, text.empty() ? "" : ", ", Grouped(count), " ", verdict);
  }
  session.console.err << (text.empty() ? "no numbers on standard input" : text) << '\n';
  return bad == 0 ? ExitCode::kDone : ExitCode::kRefused;
}

ExitCode Validate(Session& session) {
  if (!session.Connect()) return ExitCode::kUnavailable;
  if (session.console.in_is_terminal) session.console.err << "Numbers, one on each line; Ctrl-D ends:" << std::endl;
  grpc::ClientContext context;
  auto stream = session.issuance().ValidateNumbers(&context);
  Asked asked;
  *asked.request.mutable_actor() = session.Actor();
  v1::ValidateNumbersResponse answer;
  std::map<std::string, uint64_t> counts;
  uint64_t line = 0;
  bool goes_on = true;
  bool whole = true;
  while (goes_on && whole && ReadNumbers(session.console.in, &line, &asked)) {
    // A stream that the server ended says why in Finish.
    goes_on = stream->Write(asked.request) && stream->Read(&answer);
    whole = !goes_on || answer.verdicts_size() == asked.request.individual_numbers_size();
    if (goes_on && whole) Print(session, asked, answer, &counts);
  }
  if (!whole) context.TryCancel();
  if (goes_on && whole) stream->WritesDone();
  const grpc::Status status = stream->Finish();
  if (goes_on && whole && status.ok()) return Summary(session, counts);
  if (!whole || status.ok()) {
    return session.Fail(
        Failure{ExitCode::kInternal, "", "", "the server ended the stream before all numbers were judged"});
  }
  return session.Fail(status);
}

}  // namespace

void AddValidate(CLI::App& number, Session& session) {
  auto* validate = number.add_subcommand(
      "validate", "Judge numbers, one on each line of standard input; ends with 1 unless all of them are issued");
  validate->callback([&session] { session.action = [&session] { return Validate(session); }; });
}

}  // namespace mynumber::mynumberctl
