CREATE TABLE IF NOT EXISTS readings (
    point Int32 CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    value Float64 CODEC(ZSTD(1)),
    quality UInt8 CODEC(ZSTD(1)),
    arrived DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    sequence UInt64 CODEC(DoubleDelta, ZSTD(1)),
    block UInt64 CODEC(DoubleDelta, ZSTD(1)),
    INDEX blocks block TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS progress (
    log LowCardinality(String),
    sequence UInt64
)
ENGINE = ReplacingMergeTree(sequence)
ORDER BY log
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS rollup_minute (
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
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rollup_hour (
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
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS rollup_day (
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
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

ALTER TABLE readings ADD COLUMN IF NOT EXISTS block UInt64 CODEC(DoubleDelta, ZSTD(1)),
ADD INDEX IF NOT EXISTS blocks block TYPE minmax GRANULARITY 1,
MODIFY SETTING ttl_only_drop_parts = 1;

ALTER TABLE readings MODIFY TTL toDateTime(arrived) + toIntervalDay(90) SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE rollup_minute MODIFY TTL made + toIntervalDay(730) SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE rollup_day REMOVE TTL;
