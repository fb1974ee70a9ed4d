#include "libs/serving/read_as.h"

namespace mynumber::serving {
namespace {

std::optional<std::string> HeaderOf(const grpc::CallbackServerContext& call, const char* name) {
  const auto found = call.client_metadata().find(name);
  if (found == call.client_metadata().end()) return std::nullopt;
  return std::string(found->second.data(), found->second.size());
}

}  // namespace

const char* NameOf(ReadKind kind) {
  switch (kind) {
    case ReadKind::kCurrent:
      return "current";
    case ReadKind::kFresh:
      return "fresh";
    case ReadKind::kStale:
      return "stale";
  }
  return "";
}

std::optional<ReadAs> ReadAsOf(const grpc::CallbackServerContext& call, ReadKind by_default) {
  ReadAs as;
  as.kind = by_default;
  if (const auto kind = HeaderOf(call, kReadHeader)) {
    bool is_known = false;
    for (const ReadKind one : {ReadKind::kCurrent, ReadKind::kFresh, ReadKind::kStale}) {
      if (*kind != NameOf(one)) continue;
      as.kind = one;
      is_known = true;
    }
    if (!is_known) return std::nullopt;
  }
  if (const auto position = HeaderOf(call, kPositionHeader)) {
    as.at = eventsourcing::ParsePosition(*position);
    if (!as.at) return std::nullopt;
  }
  return as;
}

void ReadTold::AddTo(grpc::CallbackServerContext* call) const {
  if (!kind) return;
  call->AddTrailingMetadata(kReadHeader, NameOf(*kind));
  if (position) call->AddTrailingMetadata(kPositionHeader, position());
}

}  // namespace mynumber::serving
