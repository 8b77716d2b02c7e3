package io.mailgenius.engine.ledger;

/**
 * A chunk that waits to be taken.
 *
 * @param jobInstanceId the job in whose lane it is published
 * @param published false if nobody was woken for it since it became ready
 */
public record ReadyChunk(long id, long jobInstanceId, boolean published) {}
