package io.mailgenius.jobs.workspaces;

/**
 * A request that was understood and cannot be met. Nothing was changed. The message is written for
 * the person who asked and says what to do; {@code problem} is the stable word that programs match.
 */
public abstract sealed class Refusal extends RuntimeException {

    private final String problem;

    private Refusal(String problem, String message) {
        super(message, null, false, false);
        this.problem = problem;
    }

    /** Lower-case words joined by hyphens, for instance {@code unknown-segment-field}. */
    public String problem() {
        return problem;
    }

    /** What was sent does not hold: the caller mends it and asks again. */
    public static final class Invalid extends Refusal {
        public Invalid(String problem, String message) {
            super(problem, message);
        }
    }

    /** What was named is not there, or belongs to another workspace, which is the same. */
    public static final class NotFound extends Refusal {
        public NotFound(String noun, long id) {
            super(noun + "-not-found", "There is no " + noun + " " + id + " in this workspace.");
        }

        /** For what is known by a text instead of a number. */
        public NotFound(String noun, String key) {
            super(
                    noun + "-not-found",
                    "There is no " + noun + " of " + key + " in this workspace.");
        }
    }

    /** What was asked does not go with the state that the thing is in. */
    public static final class Conflict extends Refusal {
        public Conflict(String problem, String message) {
            super(problem, message);
        }
    }
}
