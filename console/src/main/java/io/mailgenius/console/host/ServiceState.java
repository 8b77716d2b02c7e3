package io.mailgenius.console.host;

/**
 * The state of something that the work depends on, for instance a provider.
 *
 * @param name as people know it
 * @param detail in words, for instance how much of a quota is used; may be empty
 */
public record ServiceState(String name, Health health, String detail) {

    /** Whether there is reason to worry. */
    public enum Health {
        GOOD,
        /** Nobody asks it. */
        UNKNOWN,
        POOR,
        BAD
    }
}
