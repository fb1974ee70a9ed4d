#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_EXPLAIN_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_EXPLAIN_H_

// What an operator tells the caller.

#include <string>

#include "services/hotline/domain/state_open_lines.h"

namespace mynumber::hotline {

struct Sentences {
  std::string ja;
  std::string en;
};

Sentences ExplainLines(const OpenLines& open);
Sentences ExplainInEffect(bool was_suspended);
Sentences ExplainNotYetInEffect();

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_EXPLAIN_H_
