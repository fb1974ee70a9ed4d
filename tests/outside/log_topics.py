"""A log as it stands in Kafka's topics, read by kcat (libs/kafka_log/README.md has what they hold)."""

import json
import re
import struct
import subprocess

from log_protos import Broken, End, Entry, eventlog, parse

SECONDS_MAX = 60
# Behind every record, a field of Record of its own: its code, which needs the keyring, and is not hashed.
CODE_HEAD, CODE_SIZE = b"\x7a\x20", 34


def ask(*words):
    """What kcat prints."""
    try:
        done = subprocess.run(["kcat", *words], capture_output=True, text=True, timeout=SECONDS_MAX)
    except FileNotFoundError:
        raise Broken("kcat is not installed: deploy/install --kafka") from None
    except subprocess.TimeoutExpired:
        raise Broken(f"Kafka did not answer within {SECONDS_MAX} s") from None
    if done.returncode != 0:
        raise Broken(f"kcat: {done.stderr.strip()[-500:]}")
    return done.stdout


class LogTopics:
    """The topics <prefix>.<service> and <prefix>.keys, up to where they ended at the beginning."""

    findings = ()

    def __init__(self, brokers, prefix, service):
        self.findings = []
        self._brokers, self._service = brokers, service
        self._log, self._keys = f"{prefix}.{service}", f"{prefix}.keys"
        self.partition_count = self._count_partitions(self._log)
        self.partitions = list(range(self.partition_count))
        # Before the keys are read: those of a batch stand before it does.
        self._ends = [self._ask_end(self._log, partition) for partition in self.partitions]

    def _count_partitions(self, topic):
        listed = json.loads(ask("-b", self._brokers, "-L", "-J", "-t", topic))["topics"]
        if len(listed) != 1 or not listed[0]["partitions"]:
            raise Broken(f"there is no topic {topic}: name another with --topic-prefix")
        return len(listed[0]["partitions"])

    def _ask_end(self, topic, partition):
        told = re.search(r"offset (\d+)", ask("-b", self._brokers, "-Q", "-t", f"{topic}:{partition}:-1"))
        if told is None:
            raise Broken(f"Kafka does not tell the end of {topic}, partition {partition}")
        return int(told[1])

    def end(self, partition):
        return End(self._ends[partition], None)

    def records(self, partition):
        blocks = {}
        for _, key, value in self._read(self._keys, partition, self._ask_end(self._keys, partition)):
            blocks[key] = value  # the newest one counts
        for offset, _, value in self._read(self._log, partition, self._ends[partition]):
            if value is None:
                raise Broken("a record without bytes")
            if value[-CODE_SIZE:-CODE_SIZE + 2] != CODE_HEAD:
                raise Broken("the record has no code: nobody with the keyring wrote it")
            value = value[:-CODE_SIZE]
            block = eventlog.KeyBlock()
            record = eventlog.Record()
            try:
                record = eventlog.Record.FromString(value)
            except Exception:  # the fold says so
                pass
            if record.HasField("batch"):
                wrapped = blocks.get(self._key(partition, record.batch))
                block = parse(eventlog.KeyBlock, wrapped, "a key block") if wrapped is not None else block
            yield Entry(offset, value, block)

    def _key(self, partition, batch):
        place = struct.pack(">I", partition) + batch.claim_id + struct.pack(">Q", batch.claim_sequence)
        return self._service.encode() + b"\0" + place

    def _read(self, topic, partition, end):
        """(offset, key, value) of what stands before `end`; a compacted topic has holes."""
        if end == 0:
            return
        words = ["kcat", "-C", "-q", "-b", self._brokers, "-t", topic, "-p", str(partition), "-o", "beginning", "-e",
                 "-X", "check.crcs=true", "-f", "%o %K %S %k%s"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
            try:
                yield from self._take(reader.stdout, end)
            finally:
                reader.kill()

    @staticmethod
    def _take(stream, end):
        while (numbers := LogTopics._numbers(stream)) is not None:
            offset, key_size, value_size = numbers
            if offset >= end:
                return
            key = stream.read(key_size) if key_size >= 0 else None
            value = stream.read(value_size) if value_size >= 0 else None
            yield offset, key, value
            if offset == end - 1:
                return

    @staticmethod
    def _numbers(stream):
        """Three numbers, each with a blank behind it; None at the end."""
        words, word = [], b""
        while len(words) < 3:
            byte = stream.read(1)
            if not byte:
                return None
            if byte == b" ":
                words.append(int(word))
                word = b""
            else:
                word += byte
        return words
