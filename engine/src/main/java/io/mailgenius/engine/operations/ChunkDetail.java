package io.mailgenius.engine.operations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chunk with what it is to do and what became of it.
 *
 * @param payload the description of the work, as JSON text
 * @param checkpoint what an attempt stored for the next one, as JSON text
 * @param counts of a DONE chunk
 * @param attempts those that did not succeed, oldest first; a retry adds to them and changes none
 */
public record ChunkDetail(
        @JsonUnwrapped ChunkView chunk,
        String payload,
        @Nullable String checkpoint,
        Map<String, Long> counts,
        List<ChunkAttempt> attempts) {

    ChunkDetail with(List<ChunkAttempt> recorded) {
        return new ChunkDetail(chunk, payload, checkpoint, counts, recorded);
    }
}
