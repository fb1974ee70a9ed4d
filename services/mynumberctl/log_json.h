#ifndef MYNUMBER_SERVICES_MYNUMBERCTL_LOG_JSON_H_
#define MYNUMBER_SERVICES_MYNUMBERCTL_LOG_JSON_H_

#include <cstdint>
#include <string>

#include "mynumber/operations/v1/operations_service.pb.h"

namespace mynumber::mynumberctl {

// One record of a log as one line of JSON, still sealed; README.md has the format. Bytes that identify are in
// hexadecimal, sealed ones in base64; each event has CloudEvents' attributes. A record that cannot be read has
// "kind": "unreadable" and its bytes.
std::string LogRecordToJson(const std::string& service, uint32_t partition,
                            const mynumber::operations::v1::ExportLogResponse& entry);

}  // namespace mynumber::mynumberctl

#endif  // MYNUMBER_SERVICES_MYNUMBERCTL_LOG_JSON_H_
