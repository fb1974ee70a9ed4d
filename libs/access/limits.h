#ifndef MYNUMBER_LIBS_ACCESS_LIMITS_H_
#define MYNUMBER_LIBS_ACCESS_LIMITS_H_

// How often somebody may ask, so that nobody scrapes what he may see one by one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "mynumber/access/v1/policy.pb.h"

namespace mynumber::access {

// What one step of a call takes.
struct Taken {
  // A call that begins; 0 for what follows in its stream.
  uint32_t calls = 0;
  uint32_t disclosures = 0;
  uint32_t look_ups = 0;
};

// At most so many in any 60 minutes, however they lie. Remembers counts for each minute: it never allows one too many,
// and may ask for a minute more of waiting than would be needed. Not for several threads at once.
class HourWindow {
 public:
  static constexpr int64_t kMinuteMicros = 60'000'000;

  // Micros until `count` more fit under `limit`; 0: now; INT64_MAX: never.
  int64_t WaitFor(uint32_t count, uint32_t limit, int64_t now_micros);
  void Add(uint32_t count, int64_t now_micros);

 private:
  // Whatever shares an hour lies in 61 minutes of the clock.
  static constexpr int64_t kMinutes = 61;

  void MoveTo(int64_t minute);

  std::array<uint32_t, kMinutes> counts_{};
  uint64_t sum_ = 0;
  int64_t minute_ = 0;
};

// Counts for each of those who ask. Any thread; time is given, in microseconds since any beginning, and one that goes
// back stands still.
class Limits {
 public:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  // Remembers at most so many (at least 1), about 600 bytes each. For one more, whoever has not asked for the longest
  // time is forgotten, and may begin anew: let there be room for all who may come in an hour.
  explicit Limits(size_t remembered_max) : remembered_max_(remembered_max) {}

  // Takes all of it, or nothing: 0 if it was taken; else in how many micros it can be had if nobody takes more
  // meanwhile; kNever if it is more than the limits allow at all. `who` is an authority, or an authority and its clerk;
  // `limits` as the policy has them now: they may change from call to call.
  int64_t Take(std::string_view who, const v1::Limits& limits, const Taken& taken, int64_t now_micros);

  // How many are remembered now.
  size_t size() const;

 private:
  struct Asker {
    std::string who;
    // The generic cell rate algorithm (ITU-T I.371): when the bucket is full again.
    int64_t full_nanos = std::numeric_limits<int64_t>::min();
    HourWindow disclosures;
    HourWindow look_ups;
  };

  // The one with this name, before all others; with `mutex_` held.
  Asker& Find(std::string_view who);

  const size_t remembered_max_;
  mutable std::mutex mutex_;
  int64_t now_micros_ = 0;
  // Who asked last stands first. Entries never move, and the map's keys lie in them.
  std::list<Asker> askers_;
  absl::flat_hash_map<absl::string_view, std::list<Asker>::iterator> by_name_;
};

}  // namespace mynumber::access

#endif  // MYNUMBER_LIBS_ACCESS_LIMITS_H_
