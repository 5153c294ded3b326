-- Who is signed in to the studio: known by the digest of a cookie's secret alone, and only while the key stays as it was.

CREATE TABLE session (
    digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
    key TEXT NOT NULL,
    key_digest TEXT NOT NULL CHECK (length(key_digest) = 64),
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
