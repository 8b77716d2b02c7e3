package io.mailgenius.jobs.contacts;

import java.util.List;

/**
 * The result of adding contacts to a list or removing them.
 *
 * @param changed the number of contacts whose membership changed
 * @param unchanged the number of contacts for which nothing changed
 * @param unknown the given ids or addresses without a contact in this workspace
 */
public record Membership(int changed, int unchanged, List<String> unknown) {

    public Membership {
        unknown = List.copyOf(unknown);
    }
}
