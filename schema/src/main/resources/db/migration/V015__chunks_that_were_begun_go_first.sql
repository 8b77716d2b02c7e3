-- What a dead worker left is taken before what nobody has begun: behind a long queue it would wait for
-- minutes. Workers look for it once a second, and there is little of it.
CREATE INDEX chunk_again ON chunk (ready_at) WHERE state = 'READY' AND attempt > 0;
