-- What a running service keeps: keys, idempotency, uploaded feeds, saved presets, events, webhooks, links.
-- Times are milliseconds since 1970, booleans 0 or 1, as in m001.

ALTER TABLE job ADD COLUMN request_id TEXT;
ALTER TABLE job_event ADD COLUMN request_id TEXT;
CREATE INDEX job_failed ON job (number) WHERE state = 'failed';
CREATE INDEX video_created ON video (created_at, id);

CREATE TABLE access_key (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    scopes TEXT NOT NULL CHECK (scopes <> ''),
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

-- What a caller's own key for a request was answered.
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL CHECK (key <> ''),
    asked TEXT NOT NULL CHECK (length(asked) = 64),
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE import_request (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    feed TEXT NOT NULL,
    file TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    bytes BIGINT NOT NULL CHECK (bytes >= 0),
    options TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'finished', 'failed')),
    counts TEXT NOT NULL,
    format TEXT,
    generation BIGINT,
    failure TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    lease_token TEXT,
    lease_until BIGINT,
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((state IN ('finished', 'failed')) = (ended_at IS NOT NULL)),
    CHECK (state = 'running' OR lease_token IS NULL)
);
CREATE INDEX import_open ON import_request (number) WHERE state IN ('waiting', 'running');

-- Every version for ever; a deletion is a version without text.
CREATE TABLE preset_version (
    name TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    number BIGINT NOT NULL UNIQUE,
    body TEXT,
    saved_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    PRIMARY KEY (name, version)
) /* sqlite: WITHOUT ROWID */;

-- What changed beside what happened to jobs; `job_event` and this one share their running number.
CREATE TABLE home_event (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    topic TEXT NOT NULL CHECK (topic = 'job' OR topic = 'video' OR topic = 'import' OR topic = 'spend'),
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    product TEXT
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    events TEXT NOT NULL CHECK (events <> ''),
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The intent to tell, written with what it tells.
CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    webhook TEXT NOT NULL REFERENCES webhook (id),
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given-up')),
    attempts BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    last_answer TEXT,
    lease_token TEXT,
    lease_until BIGINT,
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    CHECK (state = 'waiting' OR lease_token IS NULL)
);
CREATE INDEX delivery_due ON delivery (due_at, number) WHERE state = 'waiting';
CREATE INDEX delivery_webhook ON delivery (webhook, number);

CREATE TABLE link (
    token TEXT NOT NULL PRIMARY KEY,
    slot BIGINT NOT NULL REFERENCES slot (id),
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX link_slot ON link (slot) WHERE revoked_at IS NULL;

CREATE TABLE secret (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
