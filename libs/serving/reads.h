#ifndef MYNUMBER_LIBS_SERVING_READS_H_
#define MYNUMBER_LIBS_SERVING_READS_H_

// Reading calls: one aggregate as it is now, and lists that go through one partition after the other.

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "libs/serving/call.h"
#include "libs/serving/pages.h"

namespace mynumber::serving {

// Calls `fill(state)` with the aggregate as it is now, or as the caller wants to read it (read_as.h; `by_default` if it
// does not say), on a worker, and ends the call with what it says. The state of one that nobody knows is empty.
// `actor`: the request's own.
template <class S, class Own, class Fill>
grpc::ServerUnaryReactor* ReadCurrent(Context<S, Own>* context, grpc::CallbackServerContext* rpc_call,
                                      const char* method, const type::Actor& actor,
                                      const absl::StatusOr<eventsourcing::SubjectId>& subject, const Fill& fill,
                                      ReadKind by_default = ReadKind::kCurrent) {
  const UnaryCall call(context, rpc_call, method, actor);
  absl::Status status = ValidateActor(context->refusals->words(), actor, false);
  if (status.ok()) status = subject.status();
  if (!status.ok()) {
    call.End(status);
    return call.reactor();
  }
  const auto read = [context, subject = *subject, fill]() -> absl::Status {
    typename S::State state;
    auto found = context->Read(subject, &state);
    return found.ok() ? fill(state) : found.status();
  };
  WhenRead(context, call, {context->PartitionOf(*subject)}, ReadAsOf(*rpc_call, by_default),
           [call, read](const absl::Status& current) { call.End(current.ok() ? read() : current); });
  return call.reactor();
}

// Rows of `prefix`, the last bytes of whose key are the token.
struct List {
  std::string prefix;
  // Rows from here on are left out; empty: none.
  std::string until;
  size_t page_size = 0;
  PartitionCursor cursor;
};

using VisitRow = std::function<absl::Status(std::string_view key, std::string_view value)>;

// Where a list request goes on, `last_bytes` being what its keys have behind the prefix. The prefix is the service's to
// set.
template <class S, class Own, class Request>
absl::StatusOr<List> CheckPage(const Context<S, Own>& context, const Request& request, size_t last_bytes) {
  if (request.page_size() < 0) return context.refusals->words().PageSizeNegative();
  auto cursor = ParseCursor(request.page_token(), static_cast<uint32_t>(context.rows.size()), last_bytes);
  if (!cursor) return context.refusals->words().PageTokenMalformed();
  List list;
  list.page_size = PageSize(request.page_size());
  list.cursor = *std::move(cursor);
  return list;
}

// Whether more follow in this partition.
template <class S, class Own>
absl::StatusOr<bool> ReadPartition(const Context<S, Own>& context, List* list, size_t* left, const VisitRow& visit) {
  bool more = false;
  absl::Status failed;
  const std::string after = list->cursor.last.empty() ? std::string() : list->prefix + list->cursor.last;
  const eventsourcing::Rows* rows = context.rows[list->cursor.partition];
  absl::Status status = rows->Scan(list->prefix, after, [&](std::string_view key, std::string_view value) {
    if (!list->until.empty() && key >= list->until) return false;
    more = *left == 0;
    if (more) return false;
    --*left;
    list->cursor.last = std::string(key.substr(list->prefix.size()));
    failed = visit(key, value);
    return failed.ok();
  });
  if (status.ok()) status = failed;
  if (!status.ok()) return status;
  return more;
}

// The token of the next page; empty after the last.
template <class S, class Own>
absl::StatusOr<std::string> ReadPage(const Context<S, Own>& context, List list, const VisitRow& visit) {
  size_t left = list.page_size;
  while (list.cursor.partition < context.rows.size()) {
    auto more = ReadPartition(context, &list, &left, visit);
    if (!more.ok()) return more.status();
    if (*more) return FormatCursor(list.cursor);
    list.cursor = {list.cursor.partition + 1, ""};
    if (left == 0 && list.cursor.partition < context.rows.size()) return FormatCursor(list.cursor);
  }
  return std::string();
}

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_READS_H_
