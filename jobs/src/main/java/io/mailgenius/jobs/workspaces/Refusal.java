package io.mailgenius.jobs.workspaces;

/**
 * A request that was understood and refused. Nothing was changed. The message tells the user what
 * to do; {@code problem} is a stable code for programs.
 */
public abstract sealed class Refusal extends RuntimeException {

    private final String problem;

    private Refusal(String problem, String message) {
        super(message, null, false, false);
        this.problem = problem;
    }

    /** Lower-case words joined by hyphens, such as {@code unknown-segment-field}. */
    public String problem() {
        return problem;
    }

    /** The request is invalid; the caller must correct it. */
    public static final class Invalid extends Refusal {
        public Invalid(String problem, String message) {
            super(problem, message);
        }
    }

    /** The object does not exist, or belongs to another workspace, which is not distinguished. */
    public static final class NotFound extends Refusal {
        public NotFound(String noun, long id) {
            super(noun + "-not-found", "There is no " + noun + " " + id + " in this workspace.");
        }

        /** For objects that are identified by a text. */
        public NotFound(String noun, String key) {
            super(
                    noun + "-not-found",
                    "There is no " + noun + " of " + key + " in this workspace.");
        }
    }

    /** The request conflicts with the current state of the object. */
    public static final class Conflict extends Refusal {
        public Conflict(String problem, String message) {
            super(problem, message);
        }
    }
}
