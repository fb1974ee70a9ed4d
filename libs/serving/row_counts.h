#ifndef MYNUMBER_LIBS_SERVING_ROW_COUNTS_H_
#define MYNUMBER_LIBS_SERVING_ROW_COUNTS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mynumber::serving {

// Of one table in one partition: counting must not cost a scan of the nation.
inline constexpr size_t kRowsCountedMax = 100'000;
inline constexpr std::chrono::seconds kCountedEvery(30);

// Visits the rows of a small table, kRowsCountedMax of each partition at most, in those partitions that this instance
// serves: so a sum over instances counts no row twice. Rows that cannot be read now are left out. For a thread that may
// wait. `visit`: (partition, key, value) -> void.
template <class Context, class Visit>
void VisitServedRows(const Context& context, char table, const Visit& visit) {
  for (uint32_t p = 0; p < context.rows.size(); ++p) {
    if (!context.host->Snapshot(p).serving()) continue;
    size_t visited = 0;
    (void)context.rows[p]->Scan(std::string(1, table), {}, [&](std::string_view key, std::string_view value) {
      visit(p, key, value);
      return ++visited < kRowsCountedMax;
    });
  }
}

template <class Context>
double CountServedRows(const Context& context, char table) {
  double count = 0;
  VisitServedRows(context, table, [&](uint32_t, std::string_view, std::string_view) { ++count; });
  return count;
}

// Says when to count again. One thread.
class CountingPace {
 public:
  bool IsTime() {
    const auto now = std::chrono::steady_clock::now();
    if (counted_ && now - *counted_ < kCountedEvery) return false;
    counted_ = now;
    return true;
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> counted_;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_ROW_COUNTS_H_
