-- When a link's time is over, as the line that began it says, so that one that is
-- over is not found: it costs a look what a link that nobody made costs. Of links
-- from before it is noted when their pages are written.

-- +goose Up
ALTER TABLE links ADD COLUMN expires BIGINT;
