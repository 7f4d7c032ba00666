CREATE TABLE IF NOT EXISTS readings_local ON CLUSTER 'ningxia' (
    point Int32 CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    value Float64 CODEC(ZSTD(1)),
    quality UInt8 CODEC(ZSTD(1)),
    arrived DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    sequence UInt64 CODEC(DoubleDelta, ZSTD(1)),
    block UInt64 CODEC(DoubleDelta, ZSTD(1)),
    INDEX blocks block TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/anlan/readings_local', '{replica}', sequence)
PARTITION BY toYYYYMM(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

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

CREATE TABLE IF NOT EXISTS rollup_minute_local ON CLUSTER 'ningxia' (
    point Int32 CODEC(ZSTD(1)),
    time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    first UInt32 CODEC(ZSTD(1)),
    minimum Float64 CODEC(ZSTD(1)),
    maximum Float64 CODEC(ZSTD(1)),
    last Float64 CODEC(ZSTD(1)),
    total Float64 CODEC(ZSTD(1)),
    usable UInt32 CODEC(ZSTD(1)),
    good UInt32 CODEC(ZSTD(1)),
    uncertain UInt32 CODEC(ZSTD(1)),
    bad UInt32 CODEC(ZSTD(1)),
    manual UInt32 CODEC(ZSTD(1)),
    simulated UInt32 CODEC(ZSTD(1)),
    block UInt64 CODEC(DoubleDelta, ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    made DateTime('UTC') CODEC(ZSTD(1)),
    INDEX blocks block TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/anlan/rollup_minute_local', '{replica}', version)
PARTITION BY toYYYYMM(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rollup_minute ON CLUSTER 'ningxia' AS rollup_minute_local
ENGINE = Distributed('ningxia', 'anlan', 'rollup_minute_local', point);

CREATE TABLE IF NOT EXISTS rollup_hour_local ON CLUSTER 'ningxia' (
    point Int32 CODEC(ZSTD(1)),
    time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    first UInt32 CODEC(ZSTD(1)),
    minimum Float64 CODEC(ZSTD(1)),
    maximum Float64 CODEC(ZSTD(1)),
    last Float64 CODEC(ZSTD(1)),
    total Float64 CODEC(ZSTD(1)),
    usable UInt32 CODEC(ZSTD(1)),
    good UInt32 CODEC(ZSTD(1)),
    uncertain UInt32 CODEC(ZSTD(1)),
    bad UInt32 CODEC(ZSTD(1)),
    manual UInt32 CODEC(ZSTD(1)),
    simulated UInt32 CODEC(ZSTD(1)),
    block UInt64 CODEC(DoubleDelta, ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    made DateTime('UTC') CODEC(ZSTD(1)),
    INDEX blocks block TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/anlan/rollup_hour_local', '{replica}', version)
PARTITION BY toYear(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rollup_hour ON CLUSTER 'ningxia' AS rollup_hour_local
ENGINE = Distributed('ningxia', 'anlan', 'rollup_hour_local', point);

CREATE TABLE IF NOT EXISTS rollup_day_local ON CLUSTER 'ningxia' (
    point Int32 CODEC(ZSTD(1)),
    time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    first UInt32 CODEC(ZSTD(1)),
    minimum Float64 CODEC(ZSTD(1)),
    maximum Float64 CODEC(ZSTD(1)),
    last Float64 CODEC(ZSTD(1)),
    total Float64 CODEC(ZSTD(1)),
    usable UInt32 CODEC(ZSTD(1)),
    good UInt32 CODEC(ZSTD(1)),
    uncertain UInt32 CODEC(ZSTD(1)),
    bad UInt32 CODEC(ZSTD(1)),
    manual UInt32 CODEC(ZSTD(1)),
    simulated UInt32 CODEC(ZSTD(1)),
    block UInt64 CODEC(DoubleDelta, ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    made DateTime('UTC') CODEC(ZSTD(1)),
    INDEX blocks block TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/anlan/rollup_day_local', '{replica}', version)
PARTITION BY toYear(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rollup_day ON CLUSTER 'ningxia' AS rollup_day_local
ENGINE = Distributed('ningxia', 'anlan', 'rollup_day_local', point);

ALTER TABLE readings_local ON CLUSTER 'ningxia' ADD COLUMN IF NOT EXISTS block UInt64 CODEC(DoubleDelta, ZSTD(1)),
ADD INDEX IF NOT EXISTS blocks block TYPE minmax GRANULARITY 1,
MODIFY SETTING ttl_only_drop_parts = 1;

ALTER TABLE readings ON CLUSTER 'ningxia' ADD COLUMN IF NOT EXISTS block UInt64 CODEC(DoubleDelta, ZSTD(1));

ALTER TABLE readings_local ON CLUSTER 'ningxia' MODIFY TTL toDateTime(arrived) + toIntervalDay(90) SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE rollup_minute_local ON CLUSTER 'ningxia' MODIFY TTL made + toIntervalDay(730) SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE rollup_day_local ON CLUSTER 'ningxia' REMOVE TTL;
