-- The tables of the first release. Times are milliseconds since 1970, amounts millionths of a currency's unit, booleans 0 or 1.
-- What a busy home changes is checked without IN: SQLite builds a table for every list, at every change.
-- Only what SQLite and PostgreSQL both understand; what stands in a comment that begins with `sqlite:` is for SQLite alone.

CREATE TABLE generation (
    id BIGINT NOT NULL PRIMARY KEY,
    feed TEXT NOT NULL,
    format TEXT NOT NULL,
    origin TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    turned_on_at BIGINT,
    is_current BIGINT NOT NULL DEFAULT 0 CHECK (is_current IN (0, 1)),
    row_count BIGINT NOT NULL DEFAULT 0,
    product_count BIGINT NOT NULL DEFAULT 0,
    variant_count BIGINT NOT NULL DEFAULT 0,
    skipped_count BIGINT NOT NULL DEFAULT 0,
    file TEXT,
    reading TEXT NOT NULL DEFAULT '',
    next_position BIGINT NOT NULL DEFAULT 0,
    next_unnamed BIGINT NOT NULL DEFAULT 0,
    next_diagnostic BIGINT NOT NULL DEFAULT 0,
    CHECK (is_current = 0 OR turned_on_at IS NOT NULL)
);
CREATE UNIQUE INDEX generation_current ON generation (feed) WHERE is_current = 1;

CREATE TABLE product (
    generation BIGINT NOT NULL REFERENCES generation (id),
    position BIGINT NOT NULL CHECK (position >= 0),
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    lines TEXT NOT NULL,
    pictures TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (generation, position)
);

-- Where the product of an identity stands: filled in long pieces behind `product`, since an index on it would be written at random.
CREATE TABLE product_name (
    generation BIGINT NOT NULL REFERENCES generation (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (generation, id)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE sku (
    generation BIGINT NOT NULL REFERENCES generation (id),
    sku TEXT NOT NULL CHECK (sku <> ''),
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    PRIMARY KEY (generation, sku, position, line)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE diagnostic (
    generation BIGINT NOT NULL REFERENCES generation (id),
    place BIGINT NOT NULL,
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (generation, place, number)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE image (
    digest TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE known_picture (
    location TEXT NOT NULL PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    image TEXT REFERENCES image (digest),
    refusal TEXT,
    checked_at BIGINT NOT NULL
);

CREATE TABLE plan (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    feed TEXT,
    options TEXT NOT NULL,
    totals TEXT NOT NULL,
    run TEXT,
    next_row BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE plan_row (
    plan TEXT NOT NULL REFERENCES plan (id),
    number BIGINT NOT NULL,
    slot TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change = 'new' OR change = 'changed' OR change = 'refinish' OR change = 'unchanged' OR change = 'in-flight'
        OR change = 'failed' OR change = 'rejected' OR change = 'stale' OR change = 'orphaned' OR change = 'blocked'),
    body TEXT NOT NULL,
    PRIMARY KEY (plan, number)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX plan_row_change ON plan_row (plan, change, number);

CREATE TABLE settled (
    product TEXT NOT NULL PRIMARY KEY,
    plan_key TEXT NOT NULL,
    version TEXT NOT NULL,
    slots BIGINT NOT NULL CHECK (slots >= 0)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE run (
    id TEXT NOT NULL PRIMARY KEY,
    plan TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE lane (
    id TEXT NOT NULL PRIMARY KEY,
    in_flight_limit BIGINT NOT NULL CHECK (in_flight_limit >= 0),
    interval_length BIGINT NOT NULL CHECK (interval_length >= 0),
    next_free_at BIGINT NOT NULL DEFAULT 0,
    paused_until BIGINT,
    pause_reason TEXT
);

CREATE TABLE slot (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    product TEXT NOT NULL,
    variant TEXT,
    placement TEXT NOT NULL CHECK (placement = '1:1' OR placement = '4:5' OR placement = '3:4'
        OR placement = '9:16' OR placement = '16:9'),
    placement_rank BIGINT NOT NULL,
    feed TEXT,
    is_orphaned BIGINT NOT NULL DEFAULT 0 CHECK (is_orphaned IN (0, 1)),
    changes TEXT
);
CREATE INDEX slot_product ON slot (product, (coalesce(variant, '')), placement_rank);
CREATE INDEX slot_orphaned ON slot (id) WHERE is_orphaned = 1;

-- `revision` grows with every change of the row, so that who has read a job knows whether it still stands so.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    run TEXT NOT NULL REFERENCES run (id),
    plan TEXT,
    slot BIGINT NOT NULL REFERENCES slot (id),
    take BIGINT NOT NULL CHECK (take >= 1),
    fingerprint TEXT NOT NULL,
    request TEXT NOT NULL,
    preset TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price >= 0),
    currency TEXT NOT NULL,
    provider_lane TEXT NOT NULL,
    lane TEXT NOT NULL,
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    state TEXT NOT NULL CHECK (state = 'queued' OR state = 'submitting' OR state = 'rendering' OR state = 'rendered'
        OR state = 'fetched' OR state = 'finished' OR state = 'failed' OR state = 'cancelled'),
    state_data TEXT,
    shots TEXT NOT NULL DEFAULT '[]',
    clip TEXT,
    cancel_wanted BIGINT NOT NULL DEFAULT 0 CHECK (cancel_wanted IN (0, 1)),
    failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0),
    last_failure TEXT,
    looks BIGINT NOT NULL DEFAULT 0 CHECK (looks >= 0),
    progress BIGINT,
    due_at BIGINT NOT NULL,
    claims BIGINT NOT NULL DEFAULT 0,
    lease_token TEXT,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    revision BIGINT NOT NULL DEFAULT 0,
    UNIQUE (slot, fingerprint, take),
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    CHECK (lease_token IS NULL OR (state <> 'finished' AND state <> 'failed' AND state <> 'cancelled')),
    CHECK ((state_data IS NULL) = (state = 'queued' OR state = 'cancelled'))
);
CREATE INDEX job_run ON job (run, state, due_at, lease_until);
CREATE INDEX job_held ON job (lease_token, id) WHERE lease_token IS NOT NULL;
CREATE INDEX job_waiting ON job (lane, urgent DESC, due_at, number, run) WHERE state = 'queued';
CREATE INDEX job_moving ON job (lane, urgent DESC, due_at, number, run)
    WHERE state = 'submitting' OR state = 'rendering' OR state = 'rendered' OR state = 'fetched';
CREATE INDEX job_leased ON job (provider_lane, lease_until) WHERE state = 'queued' AND lease_token IS NOT NULL;

-- One running number for all jobs, so that what happens together stands together.
CREATE TABLE job_event (
    number BIGINT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL REFERENCES job (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor = 'worker' OR actor = 'person' OR actor = 'webhook'),
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX job_event_job ON job_event (job);

CREATE TABLE submission (
    key TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    job TEXT NOT NULL REFERENCES job (id),
    provider TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome = 'open' OR outcome = 'accepted' OR outcome = 'turned-away' OR outcome = 'doubtful'
        OR outcome = 'adopted'),
    remote TEXT,
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    currency TEXT NOT NULL,
    settled BIGINT CHECK (settled >= 0),
    settled_currency TEXT,
    CHECK ((settled IS NULL) = (settled_currency IS NULL)),
    CHECK (outcome <> 'open' OR settled IS NULL),
    CHECK ((outcome <> 'accepted' AND outcome <> 'adopted') OR remote IS NOT NULL)
);
CREATE INDEX submission_job ON submission (job, number);
CREATE UNIQUE INDEX submission_undecided ON submission (job) WHERE (outcome = 'open' OR outcome = 'doubtful') AND settled IS NULL;

CREATE TABLE video (
    id TEXT NOT NULL PRIMARY KEY,
    slot BIGINT NOT NULL REFERENCES slot (id),
    take BIGINT NOT NULL CHECK (take >= 1),
    job TEXT NOT NULL UNIQUE REFERENCES job (id),
    fingerprint TEXT NOT NULL,
    finish_fingerprint TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    tier TEXT NOT NULL CHECK (tier IN ('draft', 'final')),
    preset TEXT NOT NULL,
    clip TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'new' OR state = 'approved' OR state = 'rejected' OR state = 'quarantined'),
    is_chosen BIGINT NOT NULL DEFAULT 0 CHECK (is_chosen IN (0, 1)),
    created_at BIGINT NOT NULL,
    dropped_at BIGINT,
    CHECK (is_chosen = 0 OR state = 'new' OR state = 'approved'),
    CHECK (dropped_at IS NULL OR (is_chosen = 0 AND state <> 'approved'))
);
CREATE INDEX video_slot ON video (slot, take);
CREATE UNIQUE INDEX video_chosen ON video (slot) WHERE is_chosen = 1;

CREATE TABLE decision (
    video TEXT NOT NULL REFERENCES video (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision = 'approve' OR decision = 'reject' OR decision = 'choose'),
    PRIMARY KEY (video, number)
);

CREATE TABLE budget (
    currency TEXT NOT NULL PRIMARY KEY,
    cap BIGINT NOT NULL CHECK (cap >= 0),
    spent BIGINT NOT NULL CHECK (spent >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0)
);
