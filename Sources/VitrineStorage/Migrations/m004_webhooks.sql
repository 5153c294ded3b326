-- How an address that is told does: since when it has taken nothing, and when and why it was switched off.

ALTER TABLE webhook ADD COLUMN failing_since BIGINT;
ALTER TABLE webhook ADD COLUMN off_since BIGINT;
ALTER TABLE webhook ADD COLUMN off_reason TEXT;
CREATE INDEX delivery_waiting ON delivery (webhook, due_at, number) WHERE state = 'waiting';
CREATE INDEX delivery_underway ON delivery (webhook, lease_until) WHERE lease_until IS NOT NULL;
