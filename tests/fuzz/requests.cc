#include "tests/fuzz/requests.h"

#include <map>
#include <utility>

#include "absl/strings/str_split.h"
#include "google/protobuf/stubs/logging.h"
#include "google/rpc/status.pb.h"
#include "libs/rpc/problem.h"
#include "libs/rpc/received.h"

namespace mynumber::fuzz {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

constexpr size_t kDetailsBytesMax = 4096;

rpc::Flaw Read(std::string_view bytes, Message* message) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return rpc::ReadRequest(grpc::ByteBuffer(&slice, 1), message);
}

// Every field that is reached by this path in the request, or in a row of it, which is judged by itself.
bool HasField(const Descriptor* type, std::string_view path, int depth = 0) {
  const std::vector<std::string> names = absl::StrSplit(absl::string_view(path.data(), path.size()), '.');
  const Descriptor* within = type;
  size_t known = 0;
  for (; known < names.size() && within != nullptr; ++known) {
    const auto* field = within->FindFieldByName(names[known]);
    if (field == nullptr) break;
    within = field->message_type();
  }
  if (known == names.size()) return true;
  for (int i = 0; depth == 0 && i < type->field_count(); ++i) {
    const auto* rows = type->field(i);
    if (rows->is_repeated() && rows->message_type() != nullptr && HasField(rows->message_type(), path, 1)) return true;
  }
  return false;
}

// What a refusal says is a matter of its reason and field, never of what was sent.
void HoldsOfSentence(const rpc::Problem& problem) {
  static auto* const said = new std::map<std::pair<std::string, std::string>, std::string>();
  const std::string field = problem.field_violations.empty() ? "" : problem.field_violations[0].field;
  const auto [first, is_new] = said->try_emplace({problem.reason, field}, problem.sentence);
  if (is_new || first->second == problem.sentence) return;
  std::fprintf(stderr, "first: %s\nnow: %s\n", first->second.c_str(), problem.sentence.c_str());
  Holds(false, "one reason and field have one sentence, whatever was sent");
}

void HoldsOfRefusal(const Asked& asked, const Descriptor* type, const absl::Status& refusal) {
  const auto problem = rpc::ProblemOf(refusal);
  Holds(problem.has_value(), "a refusal has a name");
  if (asked.reasons->FindValueByName(problem->reason) == nullptr) {
    std::fprintf(stderr, "%s\n", problem->reason.c_str());
    Holds(false, "a refusal's name is one of the service's");
  }
  Holds(problem->domain == asked.refusals->domain, "and of its domain");
  Holds(!problem->sentence.empty() && problem->sentence.back() == '.', "a refusal is a sentence");
  if (problem->code == absl::StatusCode::kInvalidArgument) {
    Holds(problem->field_violations.size() == 1, "a wrong argument is blamed on one field");
    if (!HasField(type, problem->field_violations[0].field)) {
      std::fprintf(stderr, "%s has no %s\n", type->name().c_str(), problem->field_violations[0].field.c_str());
      Holds(false, "the field that is blamed is one of the request");
    }
  }
  HoldsOfSentence(*problem);
  const google::rpc::Status sent = rpc::ToRpc(refusal);
  Holds(sent.ByteSizeLong() <= kDetailsBytesMax, "a refusal fits a header");
  Holds(rpc::ProblemOf(rpc::FromRpc(sent)) == problem, "a refusal arrives as it was sent");
}

}  // namespace

void TryRequest(const Asked& asked, std::string_view input) {
  // Texts in another encoding would be told for each request.
  static const bool is_silent = google::protobuf::SetLogHandler(nullptr) != nullptr;
  (void)is_silent;
  const Kind& kind = asked.kinds[TakeByte(&input) % asked.kinds.size()];
  const auto message = kind.make();
  if (Read(input, message.get()) != rpc::Flaw::kNone) {
    return Holds(message->ByteSizeLong() == 0, "of a request that cannot be read nothing is left");
  }
  const std::string bytes = message->SerializeAsString();
  const auto again = kind.make();
  Holds(again->ParseFromString(bytes), "what was read has no text in another encoding");
  Holds(again->SerializeAsString() == bytes, "a request is read without loss");
  const absl::Status status = kind.validate(*message);
  const absl::Status second = kind.validate(*again);
  Holds(status.code() == second.code() && rpc::ProblemOf(status) == rpc::ProblemOf(second),
        "the same request is judged the same");
  if (!status.ok()) HoldsOfRefusal(asked, message->GetDescriptor(), status);
}

}  // namespace mynumber::fuzz
