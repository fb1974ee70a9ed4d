#ifndef MYNUMBER_TESTS_SOAK_REGISTERED_ROWS_H_
#define MYNUMBER_TESTS_SOAK_REGISTERED_ROWS_H_

#include <cstdint>
#include <fstream>
#include <string>

namespace mynumber::soak {

// The residents in a file of results (`mynumberctl resident register --results`) that another process is still writing.
class RegisteredRows {
 public:
  struct Row {
    uint64_t line = 0;
    std::string name;
  };

  explicit RegisteredRows(const std::string& path) : path_(path) {}

  // The next row that was registered; refused rows are passed over. False: there is no whole line more for now.
  bool Next(Row* row);

 private:
  // Takes the next whole line into line_.
  bool NextLine();

  const std::string path_;
  std::ifstream file_;
  std::string line_;
  // Of a line whose end has not been written yet.
  std::string part_;
};

}  // namespace mynumber::soak

#endif  // MYNUMBER_TESTS_SOAK_REGISTERED_ROWS_H_
