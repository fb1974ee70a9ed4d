#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_REFUSED_LINES_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_REFUSED_LINES_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace mynumber::mynumberctl {

// The lines of a file that were refused: the first ones as they are, the others counted. One thread at a time.
class RefusedLines {
 public:
  void Add(uint64_t line, std::string reason, std::string sentence);
  uint64_t count() const { return count_; }

  // The first ones, and how many there are of each reason. `elsewhere` says where all are told: "--results FILE".
  // Nothing if there are none. `terminal_columns` as Table::Print has it.
  void Print(std::ostream& out, int terminal_columns, std::string_view elsewhere) const;

 private:
  struct Refused {
    uint64_t line;
    std::string reason;
    std::string sentence;
  };

  uint64_t count_ = 0;
  std::vector<Refused> first_;
  std::map<std::string, uint64_t> by_reason_;
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_REFUSED_LINES_H_
