-- Who may make a job's take instead of the provider that it is asked of, as JSON in their order, and who was passed over.

ALTER TABLE job ADD COLUMN alternatives TEXT;
ALTER TABLE job ADD COLUMN passed TEXT;
CREATE INDEX job_alternative ON job (lane, urgent DESC, due_at, number) WHERE state = 'queued' AND alternatives IS NOT NULL;

-- What the provider was seen to take, where it refuses and does not say how many are allowed.
ALTER TABLE lane ADD COLUMN pace TEXT;
