#ifndef MYNUMBER_LIBS_PROJECTION_ROCKS_NOTES_H_
#define MYNUMBER_LIBS_PROJECTION_ROCKS_NOTES_H_

#include <memory>
#include <string>

namespace rocksdb {
class Logger;
}  // namespace rocksdb

namespace mynumber::projection {

// Takes what RocksDB has to say of a database (warnings and worse) into the log of the process, as "rocksdb" with
// "database" and "message". For every database that is opened: its own file LOG beside the data, once it could not be
// written because the disk was full, lets Debian's build abort at the next line. Thread-safe.
std::shared_ptr<rocksdb::Logger> RocksNotes(std::string database);

}  // namespace mynumber::projection

#endif  // MYNUMBER_LIBS_PROJECTION_ROCKS_NOTES_H_
