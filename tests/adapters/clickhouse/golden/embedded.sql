CREATE TABLE IF NOT EXISTS readings (
    point Int32 CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    value Float64 CODEC(ZSTD(1)),
    quality UInt8 CODEC(ZSTD(1)),
    arrived DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    sequence UInt64 CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(time)
ORDER BY (point, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS progress (
    log LowCardinality(String),
    sequence UInt64
)
ENGINE = ReplacingMergeTree(sequence)
ORDER BY log
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
