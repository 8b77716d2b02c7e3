package io.mailgenius.engine.transport;

/** One entry of a lane: somebody should look at this chunk. */
public record Entry(long jobInstanceId, String entryId, long chunkId) {

    /** Header of a message about a chunk that was taken through an entry. */
    public static final String HEADER = "mailgenius_entry";
}
