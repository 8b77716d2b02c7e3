package io.mailgenius.jobs.templates.links;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tracking settings of a page.
 *
 * @param links the links that are tracked; a link of the page that is not in the list stays as it
 *     is
 * @param opens whether the page gets a tracking pixel
 */
public record TrackedPage(List<Link> links, Utm utm, boolean opens) {

    public static final TrackedPage NOTHING = new TrackedPage(List.of(), Utm.NONE, false);

    public TrackedPage {
        links = List.copyOf(links);
    }

    Map<String, Link> byUrl() {
        return links.stream().collect(Collectors.toMap(Link::url, Function.identity()));
    }
}
