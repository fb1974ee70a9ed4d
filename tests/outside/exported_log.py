"""A log in files of `mynumberctl log export --output protobuf` (protos/mynumber/eventlog/v1/export.proto)."""

import hashlib
import mmap

from log_protos import Broken, End, Entry, export, parse


def read_frame(data, at):
    """(the ExportFrame that begins at `at`, where the next one does)."""
    size = shift = 0
    while True:
        if at == len(data):
            raise Broken("the export ends within a frame")
        byte = data[at]
        at += 1
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    if at + size > len(data):
        raise Broken("the export ends within a frame")
    return parse(export.ExportFrame, data[at:at + size], "the export"), at + size


def items(data):
    """(ExportItem, where its frame begins, where it ends), each digest being right."""
    at, digest = 0, bytes(32)
    while at < len(data):
        frame, end = read_frame(data, at)
        digest = hashlib.sha256(digest + frame.item).digest()
        if frame.digest != digest:
            raise Broken(f"the export was changed, or lacks something, at byte {at}")
        yield parse(export.ExportItem, frame.item, "the export"), at, end
        at = end


def mapped(path):
    with open(path, "rb") as file:
        if file.seek(0, 2) == 0:
            raise Broken("the export is empty")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class ExportedLog:
    """The partitions of all files together. What is wrong with the files themselves is in `findings`."""

    def __init__(self, paths):
        self.partition_count = 0
        self.findings = []
        self._places = {}  # partition: (path, first byte, byte behind the last)
        self._ends = {}
        for path in paths:
            try:
                self._scan(path)
            except Broken as broken:
                self.findings.append(f"{path}: {broken}")
        self.partitions = sorted(self._places)
        if len(self.partitions) != self.partition_count:
            self.findings.append(
                f"the log has {self.partition_count} partitions, {len(self.partitions)} were exported")

    def _scan(self, path):
        header, trailer, records, previous = None, None, 0, 0
        for item, start, end in items(mapped(path)):
            kind = item.WhichOneof("item")
            if trailer is not None or (kind == "header") != (start == 0):
                raise Broken(f"a {kind} at byte {start} stands where none may")
            if kind == "header":
                header, previous = item.header, end
                self._take_header(header)
            elif kind == "record":
                records += 1
                self._take_record(path, item.record, start, end, previous)
                previous = end
            elif kind == "partition":
                self._places.setdefault(item.partition.partition, (path, start, start))
                self._ends[item.partition.partition] = End(item.partition.records, item.partition.running_hash)
                previous = end
            elif kind == "trailer":
                trailer = item.trailer
            else:
                raise Broken(f"what stands at byte {start} is not known")
        if trailer is None:
            raise Broken("the export was cut off before its trailer")
        if trailer.records != records or any(partition not in self._ends for partition in header.partitions):
            raise Broken("the export lacks something that its header or its trailer tells of")

    def _take_header(self, header):
        if header.format_version != 1:
            raise Broken(f"format {header.format_version} is not known")
        self.partition_count = max(self.partition_count, header.partition_count)

    def _take_record(self, path, record, start, end, previous):
        where = self._places.get(record.partition)
        if where is None:
            self._places[record.partition] = (path, start, end)
        elif record.partition in self._ends or (where[0], where[2]) != (path, previous):
            raise Broken(f"partition {record.partition} is there twice, or in pieces")
        else:
            self._places[record.partition] = (path, where[1], end)

    def records(self, partition):
        path, at, end = self._places[partition]
        data = mapped(path)
        while at < end:
            frame, at = read_frame(data, at)
            record = parse(export.ExportItem, frame.item, "the export").record
            yield Entry(record.offset, record.record, record.key_block)

    def end(self, partition):
        if partition not in self._ends:
            raise Broken("the export has no end of this partition")
        return self._ends[partition]
