#ifndef MYNUMBER_LIBS_SERVING_TEXT_H_
#define MYNUMBER_LIBS_SERVING_TEXT_H_

#include <string_view>

#include "absl/status/status.h"
#include "libs/serving/refusals.h"

namespace mynumber::serving {

// Free text that somebody wrote: may be empty; UTF-8 without control characters, and not longer than that. Pure: the
// domain may include it.
absl::Status ValidateText(const Refusals& refusals, std::string_view text, std::string_view field, int characters_max);

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_TEXT_H_
