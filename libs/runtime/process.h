#ifndef MYNUMBER_LIBS_RUNTIME_PROCESS_H_
#define MYNUMBER_LIBS_RUNTIME_PROCESS_H_

#include <cstdint>
#include <functional>
#include <string_view>

namespace mynumber::runtime {

// Where time comes from: microseconds. main() hands WallMicros to everything that needs the time; tests hand their own.
using Now = std::function<int64_t()>;

// Since 1970-01-01T00:00:00Z; may jump when the clock is set.
int64_t WallMicros();

// Since some moment of this boot; never goes back. For durations.
int64_t SteadyMicros();

// From now on SIGTERM and SIGINT ask the process to stop; a second one of the same kind ends it at once. A write to a
// closed pipe or socket is an error and no signal. Call once, first thing in main().
void HandleStopSignals();

// Asks the process to stop, as a signal does. Any thread.
void RequestStop();

// Blocks until the process is asked to stop. Any thread.
void WaitForStop();

// The same for at most `timeout_millis`; false if that passed first. 0 only looks.
bool WaitForStop(int64_t timeout_millis);

// Raises the soft limit of open files to the hard one and returns it: RocksDB and a nation's connections need more than
// the usual 1,024.
int64_t RaiseFileLimit();

// For what must not happen: writes an error line "fatal" with `message` and aborts. `message` says nothing of a person.
[[noreturn]] void Fatal(std::string_view message);

}  // namespace mynumber::runtime

#endif  // MYNUMBER_LIBS_RUNTIME_PROCESS_H_
