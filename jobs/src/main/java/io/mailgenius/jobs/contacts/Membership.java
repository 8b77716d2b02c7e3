package io.mailgenius.jobs.contacts;

import java.util.List;

/**
 * What became of contacts that were put on a list or taken off it.
 *
 * @param changed those that are on it now and were not before, or the other way round
 * @param unchanged those for which it was so already
 * @param unknown what names no contact of this workspace: ids or addresses, as they were given
 */
public record Membership(int changed, int unchanged, List<String> unknown) {

    public Membership {
        unknown = List.copyOf(unknown);
    }
}
