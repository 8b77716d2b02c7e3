package io.mailgenius.api.chaos;

import java.time.Duration;

/** Which faults a run has. */
public sealed interface Course {

    /** One of each kind that matters most. */
    record Few() implements Course {}

    /** As many as fit. */
    record Many() implements Course {}

    /** Only what is done to the ways between a node and its servers, and to the servers unseen. */
    record Silent() implements Course {}

    /** One only: Redis is not there for so long. */
    record RedisAway(Duration lasting) implements Course {}

    /** None. */
    record Quiet() implements Course {}
}
