"""What the two dashboards show: for each row its panels, for each panel its queries.

A panel: title, unit (Grafana's name), queries as (legend, PromQL), and what to know when reading it. RANGE is the
window that Grafana finds fitting ($__rate_interval); a stat shows one number, the others lines."""

STAT, LINES = "stat", "timeseries"
RANGE = "$__rate_interval"


def events(service, *types):
    """Events a second by type; the counters begin at 0, so every line is there from the start."""
    return [("{{type}}", f'sum by (type) (rate(mynumber_events_total{{service="{service}",type=~"{"|".join(types)}"}}'
                         f"[{RANGE}]))")]


def quantiles(metric, by):
    """Median and 99th percentile of a histogram."""
    labels = f"{by}, le" if by else "le"
    legend = f"{{{{{by}}}}} " if by else ""
    return [(f"{legend}p{q[2:]}", f"histogram_quantile({q}, sum by ({labels}) (rate({metric}_bucket[{RANGE}])))")
            for q in ("0.50", "0.99")]


def sums(metric, by="service", times=""):
    return [(f"{{{{{by}}}}}", f"sum by ({by}) ({metric}){times}")]


def grows(metric, by="service"):
    return [(f"{{{{{by}}}}}", f"sum by ({by}) (increase({metric}[5m]))")]


NATION = [
    ("Numbers", [
        (STAT, "Residents registered", "short", [("", "sum(mynumber_residents_registered)")],
         "Counted every 30 s by each instance in the partitions that it serves."),
        (STAT, "Numbers issued in 24 h", "short",
         [("", 'sum(increase(mynumber_events_total{service="issuance",type=~"resident_registered|number_replaced"}'
           "[24h]))")], "First numbers and replacements."),
        (LINES, "Numbers and looks at them", "ops",
         events("issuance", "resident_registered", "number_replaced", "number_disclosed"), ""),
        (LINES, "Register", "ops", events("issuance", "resident_moved", "resident_corrected", "resident_died",
                                          "resident_departed", "resident_returned", "registration_voided"), ""),
    ]),
    ("Notices", [
        (STAT, "Oldest notice without a scan", "d", [("", "max(mynumber_notice_oldest_without_scan_days)")],
         "Days since the post office should have scanned it, posted or not; 0: none is late."),
        (STAT, "Oldest unhandled return", "d", [("", "max(mynumber_notice_oldest_return_days)")],
         "Days since it came back; custody ends after three months. 0: none."),
        (STAT, "To be posted", "short", [("", "sum(mynumber_notices_to_be_posted)")], "On the next manifest."),
        (LINES, "Open work of municipalities", "short", sums("mynumber_notice_work", "kind"), ""),
        (LINES, "Notices by what becomes of them", "ops",
         events("notice", "notice_prepared", "notice_rendered", "notice_posted", "tracking_reported",
                "resend_requested", "handed_over_at_counter", "notice_destroyed", "notice_mailed_again",
                "delivery_disputed", "investigation_ended", "notice_cancelled"),
         "How many are in each state is not kept; what enters and leaves a state is shown instead."),
    ]),
    ("Applications and cards", [
        (STAT, "Cards to be ordered", "short", [("", "sum(mynumber_applications_to_be_ordered)")], ""),
        (STAT, "Mails waiting", "short", [("", "sum(mynumber_mails_waiting)")], ""),
        (LINES, "Applications by what becomes of them", "ops",
         events("card", "application_started", "application_submitted", "application_withdrawn", "review_started",
                "photo_found_defective", "application_approved"),
         "How many are in each state is not kept; what enters and leaves a state is shown instead."),
        (LINES, "Cards by what becomes of them", "ops",
         events("card", "production_ordered", "production_failed", "card_shipped", "card_arrived", "card_issued",
                "card_destroyed", "card_revoked", "card_expired", "card_returned"), ""),
        (LINES, "Mails", "ops", [("{{outcome}}", f"sum by (outcome) (rate(mynumber_mails_total[{RANGE}]))")], ""),
        (LINES, "Photographs", "ops",
         [("{{outcome}}", f"sum by (outcome) (rate(mynumber_judged_photos_total[{RANGE}]))")], ""),
    ]),
    ("Suspensions", [
        (STAT, "Cards suspended", "short", [("", "sum(mynumber_cards_suspended)")], ""),
        (STAT, "Not in effect yet", "short",
         [("pending", "sum(mynumber_suspensions_pending)"), ("in spools", "sum(mynumber_suspensions_spooled)")],
         "Must be 0."),
        (LINES, "From the hotline's call to effect", "s", quantiles("mynumber_suspension_effect_seconds", ""),
         "Promised: p99 below one second."),
        (LINES, "Suspensions", "ops", events("card", "card_suspended", "suspension_lifted", "loss_reported",
                                             "card_found"), ""),
        (LINES, "Hotline", "ops", events("hotline", "case_opened", "caller_identified", "identification_failed",
                                         "suspension_requested", "suspension_took_effect", "suspension_refused",
                                         "case_closed"), ""),
    ]),
]

ENGINE = [
    ("Partitions and owners", [
        (STAT, "Instances up", "short", [("", 'sum(up{job="mynumber"})')], ""),
        (STAT, "Partitions without an owner", "short", [("", "count(mynumber:partition_owners:sum == 0) or vector(0)")],
         "Must be 0 but for a second after a loss."),
        (STAT, "Partitions stopped", "short", [("", "sum(mynumber_partition_stopped)")], "Must be 0."),
        (STAT, "Reactions stopped", "short", [("", "sum(mynumber_reactions_stopped)")], "Must be 0."),
        (LINES, "Partitions served", "short",
         [("{{service}} {{instance}}", "sum by (service, instance) (mynumber_partition_serving)")], ""),
        (LINES, "Partitions assigned", "short",
         [("{{service}} {{instance}}", "sum by (service, instance) (mynumber_partition_assigned)")],
         "By the consumer group; who serves follows."),
        (LINES, "Claims in 5 min", "short", grows("mynumber_claims"), ""),
        (LINES, "Step-downs in 5 min", "short", grows("mynumber_step_downs"), ""),
        (LINES, "Takeovers in 5 min", "short", grows("mynumber_takeovers_total"), ""),
        (LINES, "Takeover time", "s", quantiles("mynumber_takeover_seconds", "service"), "Promised: p99 below 1 s."),
        (LINES, "Peers", "short", sums("mynumber_peers", "instance"), "Others that an instance holds a stream to."),
    ]),
    ("Commands", [
        (LINES, "Commands by outcome", "ops",
         [("{{service}} {{outcome}}", f"sum by (service, outcome) (rate(mynumber_commands_total[{RANGE}]))")], ""),
        (LINES, "Calls by code", "ops",
         [("{{code}}", f"sum by (code) (rate(mynumber_rpc_requests_total[{RANGE}])) > 0 or "
           f"sum by (code) (rate(mynumber_rpc_requests_total{{code=\"OK\"}}[{RANGE}]))")], ""),
        (LINES, "Call time", "s", quantiles("mynumber_rpc_duration_seconds", "service"), ""),
        (LINES, "Refusals by reason", "ops",
         [("{{service}} {{reason}}", f"topk(10, sum by (service, reason) (rate(mynumber_refusals_total[{RANGE}])))")],
         "The ten most frequent."),
        (LINES, "Forwarded commands", "ops",
         [("{{service}} {{outcome}}",
           f"sum by (service, outcome) (rate(mynumber_forwarded_commands_total[{RANGE}]))")], ""),
        (LINES, "Commands without a caller", "ops",
         [("{{service}} reactions", f"sum by (service) (rate(mynumber_reactions_total[{RANGE}]))"),
          ("{{service}} deadlines", f"sum by (service) (rate(mynumber_deadlines_met_total[{RANGE}]))"),
          ("{{service}} refused", f"sum by (service) (rate(mynumber_refused_inside_total[{RANGE}]))")], ""),
    ]),
    ("Commit and log", [
        (LINES, "Commit time", "s", quantiles("mynumber_commit_seconds", "service"),
         "From taking a batch's commands to their answers."),
        (LINES, "Commands a batch", "short", [
            ("{{service}}", f"sum by (service) (rate(mynumber_batch_commands_sum[{RANGE}])) / "
                            f"sum by (service) (rate(mynumber_batch_commands_count[{RANGE}]))")], ""),
        (LINES, "Waiting commands, fullest queue", "short",
         [("{{service}}", "max by (service) (mynumber_waiting_commands)")], "Refused from 10,000 on."),
        (LINES, "Lag, furthest behind", "short",
         [("{{service}} {{instance}}", "max by (service, instance) (mynumber_lag_records)")],
         "Records between rows and the log's end while reading."),
        (LINES, "Bytes into the log", "Bps", sums(f"rate(mynumber_batch_bytes_total[{RANGE}])"), ""),
        (LINES, "Void records in 5 min", "short", grows("mynumber_void_records"), ""),
        (LINES, "Gaps and unknown outcomes in 5 min", "short",
         [("gaps", "sum(increase(mynumber_gaps[5m]))"), ("unknown", "sum(increase(mynumber_unknown_outcomes[5m]))")],
         ""),
        (STAT, "Truncations", "short", [("", "sum(mynumber_truncations)")], "Must be 0: the log lost its end."),
        (LINES, "Clock off", "s", [("{{instance}}", "max by (instance) (abs(mynumber_clock_off_seconds))")],
         "At 5 s an instance steps down."),
    ]),
    ("Kafka", [
        (LINES, "Flight", "s", quantiles("mynumber_kafka_flight_seconds", "service"),
         "From sending a batch to its acknowledgement."),
        (LINES, "Round trip, slowest broker", "s",
         [("p{{quantile}}", "max by (quantile) (mynumber_kafka_round_trip_seconds)")], ""),
        (LINES, "Brokers up", "short", [("{{instance}}", "min by (instance) (mynumber_kafka_brokers_up)")], ""),
        (LINES, "Producers' queues", "short",
         [("records", "sum(mynumber_kafka_queue_messages)"), ("requests", "sum(mynumber_kafka_in_flight_requests)")],
         ""),
        (LINES, "Retries, time-outs, disconnects", "short",
         [(kind, f"sum(mynumber_kafka_{kind})") for kind in ("retries", "timeouts", "disconnects")],
         "Since each producer was made."),
    ]),
    ("RocksDB and machine", [
        (LINES, "Rows on disk", "bytes", sums("mynumber_rocksdb_files_bytes"), ""),
        (LINES, "Rows that count", "bytes", sums("mynumber_rocksdb_live_data_bytes"), "By RocksDB's estimate."),
        (LINES, "Memtables", "bytes", sums("mynumber_rocksdb_memtable_bytes"), ""),
        (LINES, "Waiting for compaction", "bytes", sums("mynumber_rocksdb_pending_compaction_bytes"), ""),
        (LINES, "Level 0 files", "short", sums("mynumber_rocksdb_level0_files"), ""),
        (STAT, "Background errors", "short", [("", "sum(mynumber_rocksdb_background_errors)")], "Must be 0."),
        (LINES, "Caches", "bytes",
         [("{{instance}} blocks", "mynumber_rocksdb_block_cache_bytes"),
          ("{{instance}} write buffers", "mynumber_rocksdb_write_buffer_bytes")], ""),
        (LINES, "Memory", "bytes", [("{{instance}}", "mynumber_process_resident_memory_bytes")], ""),
        (LINES, "Processor", "percentunit",
         [("{{instance}}", f"rate(mynumber_process_cpu_seconds_total[{RANGE}])")], "1: one core."),
        (LINES, "Disk free", "percentunit", [("{{instance}}", "mynumber:disk_free:ratio")], ""),
        (LINES, "Open files and threads", "short",
         [("{{instance}} files", "mynumber_process_open_files"),
          ("{{instance}} threads", "mynumber_process_threads")], ""),
    ]),
]
