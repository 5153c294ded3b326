-- A plan is looked at, and applied, by category and by reason.

ALTER TABLE plan ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plan_row ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_row ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- The categories of a feed, the most common first, to choose from.
ALTER TABLE generation ADD COLUMN categories TEXT NOT NULL DEFAULT '[]';

-- Why a person decided so, in their words.
ALTER TABLE decision ADD COLUMN reason TEXT;
