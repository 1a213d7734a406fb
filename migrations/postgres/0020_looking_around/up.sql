-- What a person needs who has to find out what became of something: the words as they were frozen, when a channel last
-- answered a look and who has seen what was found; and which reminder of an ending token was given. Lists of deliveries
-- go by number within a state, a channel, or both; pace is counted within a channel.
ALTER TABLE deliveries ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN seen_at BIGINT;
ALTER TABLE deliveries ADD COLUMN looks_noted_at BIGINT;
ALTER TABLE channels ADD COLUMN looked_at BIGINT;
ALTER TABLE channels ADD COLUMN token_told_for BIGINT;
ALTER TABLE channels ADD COLUMN token_told_days BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deliveries_by_state ON deliveries (state, id);
CREATE INDEX deliveries_by_channel ON deliveries (channel_id, id);
CREATE INDEX deliveries_by_both ON deliveries (channel_id, state, id);
CREATE INDEX deliveries_paced ON deliveries (channel_id, first_sent_at);
CREATE INDEX deliveries_differ ON deliveries (looks, looks_noted_at, id);
