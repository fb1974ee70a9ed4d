#include "libs/rpc/call.h"

#include <algorithm>
#include <chrono>
#include <random>

namespace mynumber::rpc {
namespace {

constexpr char kHeader[] = "traceparent";
// "00-" + 32 + "-" + 16 + "-" + 2
constexpr size_t kHeaderBytes = 55;

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

// Ids of traces are no secret, so the quick generator does.
std::string RandomHex(size_t digits) {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(digits, '0');
  do {
    uint64_t bits = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (i % 16 == 0) bits = random();
      hex[i] = kDigits[bits & 0xF];
      bits >>= 4;
    }
  } while (IsZero(hex));
  return hex;
}

}  // namespace

std::string Trace::Traceparent() const { return "00-" + trace_id + "-" + span_id + "-" + flags; }

Trace NewTrace() { return {RandomHex(32), RandomHex(16), "00"}; }

Trace ChildOf(const Trace& parent) { return {parent.trace_id, RandomHex(16), parent.flags}; }

std::optional<Trace> ParseTraceparent(std::string_view header) {
  if (header.size() < kHeaderBytes) return std::nullopt;
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  const std::string_view version = header.substr(0, 2);
  const std::string_view trace_id = header.substr(3, 32);
  const std::string_view span_id = header.substr(36, 16);
  const std::string_view flags = header.substr(53, 2);
  if (!IsHex(version) || !IsHex(trace_id) || !IsHex(span_id) || !IsHex(flags)) return std::nullopt;
  // A later version may carry more, after another hyphen (section 4.3 there).
  const bool has_right_end =
      header.size() == kHeaderBytes || (version != "00" && header[kHeaderBytes] == '-');
  if (version == "ff" || !has_right_end || IsZero(trace_id) || IsZero(span_id)) return std::nullopt;
  return Trace{std::string(trace_id), std::string(span_id), std::string(flags)};
}

Trace TraceOf(const grpc::ServerContextBase& context, const metrics::Counter& malformed) {
  const auto [first, last] = context.client_metadata().equal_range(kHeader);
  if (first == last) return NewTrace();
  const std::optional<Trace> parent = ParseTraceparent({first->second.data(), first->second.size()});
  if (!parent.has_value() || std::next(first) != last) {
    malformed.Increment();
    return NewTrace();
  }
  return ChildOf(*parent);
}

void SendAlong(const Trace& trace, grpc::ClientContext& context) {
  context.AddMetadata(kHeader, trace.Traceparent());
}

std::optional<int64_t> MicrosLeft(const grpc::ServerContextBase& context, int64_t now_micros) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::microseconds>(deadline.time_since_epoch()).count() - now_micros;
}

}  // namespace mynumber::rpc
