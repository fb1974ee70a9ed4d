#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_CONSOLE_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_CONSOLE_H_

#include <istream>
#include <ostream>

namespace mynumber::mynumberctl {

// Where a command reads and writes. Results go to `out`, everything else (prompts, progress, errors) to `err`.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int columns = 80;  // of the terminal

  // What a table on `out` has to fit into; 0: anything.
  int out_columns() const { return out_is_terminal ? columns : 0; }
};

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_CONSOLE_H_
