package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.schema.MemberRole;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What each role may do. Sending is in no role, since a person has it besides. */
public final class RolePermissions {

    private static final String VIEWING =
            "analytics:read brands:read campaigns:read forms:read lists:read segments:read templates:read"
                    + " topics:read workspace:read";

    private static final String EDITING =
            VIEWING
                    + " alerts:read campaigns:write contacts:write domains:read forms:write imports:write"
                    + " jobs:read lists:write sandbox:read segments:write suppressions:write"
                    + " templates:write topics:write uploads:write";

    private static final String ADMINISTERING =
            EDITING
                    + " alerts:write audit:read brands:write endpoints:write events:write jobs:operate keys:write"
                    + " mails:write nodes:operate people:write privacy:write"
                    + " provider-account:write workspace:write";

    private static final Map<MemberRole, Set<String>> OF_ROLES = new EnumMap<>(MemberRole.class);

    static {
        for (MemberRole role : MemberRole.values()) {
            OF_ROLES.put(role, Set.copyOf(Arrays.asList(words(role).split(" "))));
        }
    }

    private RolePermissions() {}

    private static String words(MemberRole role) {
        return switch (role) {
            case OWNER -> ADMINISTERING + " workspace:delete workspace:export workspaces:write";
            case ADMIN -> ADMINISTERING;
            case EDITOR -> EDITING;
            case ANALYST -> VIEWING + " contacts:read imports:read jobs:read suppressions:read";
            case OPERATOR -> "alerts:write jobs:operate nodes:operate workspace:read";
            case VIEWER -> VIEWING;
        };
    }

    /** Whether somebody in this role may have the right to send. */
    public static boolean writesCampaigns(MemberRole role) {
        return without(role).contains("campaigns:write");
    }

    private static Set<String> without(MemberRole role) {
        return Objects.requireNonNull(OF_ROLES.get(role));
    }

    public static Set<String> of(MemberRole role, boolean maySend) {
        Set<String> permissions = new TreeSet<>(without(role));
        if (maySend) {
            permissions.add(Permissions.SEND);
        }
        return permissions;
    }
}
