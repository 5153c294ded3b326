-- The most that may be spent in a day or a month of a time zone, beside what may be spent in all; and which take a person found better.

CREATE TABLE allowance (
    currency TEXT NOT NULL,
    period TEXT NOT NULL CHECK (period IN ('day', 'month')),
    cap BIGINT NOT NULL CHECK (cap >= 0),
    zone TEXT NOT NULL,
    PRIMARY KEY (currency, period)
);
CREATE INDEX submission_begun ON submission (begun_at);

CREATE TABLE vote (
    winner TEXT NOT NULL REFERENCES video (id),
    loser TEXT NOT NULL REFERENCES video (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (winner, loser),
    CHECK (winner <> loser)
);
