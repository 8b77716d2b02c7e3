package io.mailgenius.engine.ledger;

import java.time.Instant;

/**
 * What a worker did of a step within a minute.
 *
 * @param chunks that became DONE
 * @param items of them, in the unit of the step
 * @param failures attempts that failed
 * @param busyMillis the time that slots were busy with it
 */
public record StepMinute(
        long workspaceId,
        String step,
        Instant minute,
        long chunks,
        long items,
        long failures,
        long busyMillis) {

    public boolean isEmpty() {
        return chunks == 0 && failures == 0 && busyMillis == 0;
    }
}
