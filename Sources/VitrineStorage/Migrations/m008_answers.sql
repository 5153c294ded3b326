-- When the provider answered a submission: from then on it certainly counts it, so that is from when a minute is counted.
ALTER TABLE submission ADD COLUMN answered_at BIGINT;
