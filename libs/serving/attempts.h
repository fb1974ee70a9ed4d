#ifndef MYNUMBER_LIBS_SERVING_ATTEMPTS_H_
#define MYNUMBER_LIBS_SERVING_ATTEMPTS_H_

// What was refused to whom, gathered until it is written down: as many lines as kinds of attempts, however often each
// is made.

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace mynumber::serving {

// The authority of whoever has no name that can be read.
inline constexpr char kUnidentified[] = "unidentified";

// All empty: of more kinds than are told apart.
struct AttemptKind {
  std::string clerk_id;
  std::string service;
  std::string method;
  std::string reason;

  friend bool operator<(const AttemptKind& a, const AttemptKind& b) {
    return std::tie(a.clerk_id, a.service, a.method, a.reason) < std::tie(b.clerk_id, b.service, b.method, b.reason);
  }
};

struct AttemptTally {
  uint32_t count = 0;
  // Micros since 1970 UTC.
  int64_t first_micros = 0;
  int64_t last_micros = 0;
};

// Those of one authority.
struct RefusedOf {
  std::string authority;
  std::map<AttemptKind, AttemptTally> attempts;
};

// Any thread. Memory is bounded: of an authority 64 kinds are told apart, and there are as many authorities as have
// names (libs/access/README.md). Nothing goes uncounted.
class RefusedAttempts {
 public:
  static constexpr size_t kKindsMax = 64;

  void Note(const std::string& authority, AttemptKind kind, int64_t now_micros);
  // All there is, to be written down; then each is ended.
  std::vector<RefusedOf> Take();
  // What was taken is written down, or is put back.
  void End(const RefusedOf& refused, bool is_written);
  // Whether all that was noted is written down.
  bool IsEmpty();

 private:
  // By mutex_.
  void Add(const std::string& authority, const AttemptKind& kind, const AttemptTally& tally);

  std::mutex mutex_;
  std::map<std::string, std::map<AttemptKind, AttemptTally>> by_authority_;
  size_t taken_ = 0;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_ATTEMPTS_H_
