package io.mailgenius.jobs.workspaces;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The permissions that there are, each a noun and a verb. Keys have them as scopes, people by their
 * roles. Who may write a noun may read it; sending campaigns and operating jobs are permissions of
 * their own.
 */
public final class Permissions {

    /** All of them. */
    public static final String EVERYTHING = "*";

    public static final String SEND = "campaigns:send";

    private static final String READ = ":read";
    private static final String WRITE = ":write";

    private static final Set<String> KNOWN =
            Arrays.stream(
                            """
                            alerts:read alerts:write analytics:read audit:read
                            brands:read brands:write
                            campaigns:read campaigns:write campaigns:send
                            contacts:read contacts:write domains:read
                            endpoints:read endpoints:write events:write
                            forms:read forms:write imports:read imports:write
                            jobs:read jobs:operate keys:read keys:write
                            lists:read lists:write mails:read mails:write nodes:read nodes:operate
                            people:read people:write
                            privacy:read privacy:write
                            provider-account:read provider-account:write
                            sandbox:read segments:read segments:write
                            suppressions:read suppressions:write
                            templates:read templates:write topics:read topics:write
                            uploads:read uploads:write
                            workspace:delete workspace:export
                            workspace:read workspace:write workspaces:write
                            """
                                    .split("\\s+"))
                    .collect(Collectors.toUnmodifiableSet());

    private Permissions() {}

    /** In alphabetical order. */
    public static Set<String> known() {
        return new TreeSet<>(KNOWN);
    }

    /** Whether somebody who has these permissions has that one too. */
    public static boolean allow(Collection<String> held, String wanted) {
        return held.contains(EVERYTHING)
                || held.contains(wanted)
                || (wanted.endsWith(READ)
                        && held.contains(
                                wanted.substring(0, wanted.length() - READ.length()) + WRITE))
                || (wanted.equals("jobs:read") && held.contains("jobs:operate"))
                || (wanted.equals("nodes:read") && held.contains("nodes:operate"));
    }

    /**
     * @throws Refusal.Invalid if one of them does not exist, or there is none
     */
    public static void requireKnown(Collection<String> permissions) {
        if (permissions.isEmpty()) {
            throw new Refusal.Invalid(
                    "scopes-missing", "Name at least one scope, such as contacts:read.");
        }
        for (String permission : permissions) {
            if (!EVERYTHING.equals(permission) && !KNOWN.contains(permission)) {
                throw new Refusal.Invalid(
                        "scope-unknown",
                        "There is no scope \"%s\": choose from * and %s."
                                .formatted(permission, String.join(", ", known())));
            }
        }
    }

    /**
     * Nobody passes on what they do not have.
     *
     * @throws Refusal.Invalid if {@code given} has a permission that {@code held} has not
     */
    public static void requireHeld(Collection<String> held, Collection<String> given) {
        for (String permission : given) {
            boolean has =
                    EVERYTHING.equals(permission)
                            ? held.contains(EVERYTHING)
                            : allow(held, permission);
            if (!has) {
                throw new Refusal.Invalid(
                        "permission-not-held",
                        "You cannot give the permission \"%s\", since you do not have it yourself."
                                .formatted(permission));
            }
        }
    }
}
