-- A pause outlives that its channel is shut for another reason: its reason waits here, and NULL means that nobody paused it.
ALTER TABLE channels ADD COLUMN held_note TEXT;
-- No worker goes to a removed channel: what was to be taken back there is for a person, and waited for nobody.
UPDATE deliveries SET state = 'needs_human', state_reason = 'by-hand'
WHERE operation = 'withdraw' AND state IN ('planned', 'queued', 'retry_wait')
  AND channel_id IN (SELECT id FROM channels WHERE state = 'removed');
