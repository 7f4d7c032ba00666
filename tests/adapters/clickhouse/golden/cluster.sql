CREATE TABLE IF NOT EXISTS readings_local ON CLUSTER 'ningxia' (
    point Int32 CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    value Float64 CODEC(ZSTD(1)),
    quality UInt8 CODEC(ZSTD(1)),
    arrived DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    sequence UInt64 CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/anlan/readings_local', '{replica}', sequence)
PARTITION BY toYYYYMM(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS readings ON CLUSTER 'ningxia' AS readings_local
ENGINE = Distributed('ningxia', 'anlan', 'readings_local', point);

CREATE TABLE IF NOT EXISTS progress_local ON CLUSTER 'ningxia' (
    log LowCardinality(String),
    sequence UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/anlan/progress_local', '{replica}', sequence)
ORDER BY log
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS progress ON CLUSTER 'ningxia' AS progress_local
ENGINE = Distributed('ningxia', 'anlan', 'progress_local', cityHash64(log));
