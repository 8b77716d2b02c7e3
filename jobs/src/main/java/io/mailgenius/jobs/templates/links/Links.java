package io.mailgenius.jobs.templates.links;

import io.mailgenius.jobs.templates.liquid.Html;
import io.mailgenius.jobs.templates.liquid.LiquidSpans;
import io.mailgenius.jobs.templates.liquid.LiquidSpans.Span;
import io.mailgenius.jobs.templates.text.Entities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Finds and rewrites the links of a page once per campaign. They are rewritten in the source,
 * before Liquid is parsed, so that a mail costs one filter per link and no HTML is parsed per
 * recipient.
 */
public final class Links {

    /** The longest address that all browsers and mail clients support. */
    static final int LONGEST = 2_000;

    /**
     * The host must be literal. A host from a contact's data would make the tracking domain an open
     * redirect.
     */
    private static final Pattern HOST_WRITTEN =
            Pattern.compile("(?is)https?://[^/?#\\s@\\\\]+[/?#\\\\].*");

    private static final Pattern OF_OURS = Pattern.compile("unsubscribe_url|preferences_url");

    private static final Pattern END_OF_BODY = Pattern.compile("(?i)</body\\s*>");

    private static final String PIXEL = "{{ 0 | mailgenius_pixel }}";

    private final String html;
    private final LiquidSpans liquid;
    private final String blanked;

    /** The position of an address in the page, without its quotation marks. */
    private record Place(int start, int end, String url, boolean perRecipient, boolean trackable) {}

    public Links(String html) {
        this.html = html;
        this.liquid = LiquidSpans.of(html);
        this.blanked = liquid.blanked();
    }

    /** Links with the same address share one number. */
    public List<Link> all(Utm utm) {
        Map<String, Link> links = new LinkedHashMap<>();
        for (Place place : places()) {
            String url = place.perRecipient() ? place.url() : utm.added(place.url());
            if (place.trackable() && url.length() <= LONGEST) {
                links.computeIfAbsent(
                        url, _ -> new Link(links.size() + 1, url, place.perRecipient()));
            }
        }
        return List.copyOf(links.values());
    }

    private List<Place> places() {
        Map<Integer, Place> places = new TreeMap<>();
        for (Element link :
                Parser.htmlParser()
                        .setTrackPosition(true)
                        .parseInput(blanked, "")
                        .select("a[href], area[href]")) {
            var value = link.attributes().sourceRange("href").valueRange();
            if (value.startPos() >= 0 && value.endPos() > value.startPos()) {
                Place place = place(value.startPos(), value.endPos());
                if (place != null) {
                    places.put(place.start(), place);
                }
            }
        }
        return List.copyOf(places.values());
    }

    private @Nullable Place place(int start, int end) {
        String written = html.substring(start, end);
        List<Span> spans = liquid.within(start, end);
        if (spans.isEmpty()) {
            return WebAddress.read(Entities.decodeAll(written))
                    .map(url -> new Place(start, end, url, false, true))
                    .orElse(null);
        }
        if (spans.stream().anyMatch(span -> OF_OURS.matcher(liquid.text(span)).find())) {
            return null;
        }
        String before =
                WebAddress.bare(
                        Entities.decodeAll(html.substring(start, spans.getFirst().start())));
        boolean web = before.isEmpty() || WebAddress.isHttpAddress(before);
        return web
                ? new Place(
                        start, end, written.strip(), true, HOST_WRITTEN.matcher(before).matches())
                : null;
    }

    /** The page with its links and the pixel replaced by filters that call a {@link LinkWriter}. */
    public String rewritten(TrackedPage trackedPage) {
        if (trackedPage.equals(TrackedPage.NOTHING)) {
            return html;
        }
        Map<String, Link> numbers = trackedPage.byUrl();
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (Place place : places()) {
            parts.add(html.substring(at, place.start()));
            parts.add(rewritten(place, numbers, trackedPage.utm()));
            at = place.end();
        }
        parts.add(html.substring(at));
        String page = String.join("", parts);
        return trackedPage.opens() ? withPixel(page) : page;
    }

    private String rewritten(Place place, Map<String, Link> numbers, Utm utm) {
        String written = html.substring(place.start(), place.end());
        if (place.perRecipient()) {
            Link link = numbers.get(place.url());
            return link == null && utm.isEmpty()
                    ? written
                    : String.format(
                            Locale.ROOT,
                            "{%% capture mailgenius_url %%}%s{%% endcapture %%}{{ mailgenius_url | mailgenius_url: %d }}",
                            written,
                            link == null ? 0 : link.number());
        }
        String url = utm.added(place.url());
        Link link = numbers.get(url);
        if (link != null) {
            return String.format(Locale.ROOT, "{{ %d | mailgenius_link }}", link.number());
        }
        return url.equals(Entities.decodeAll(written)) ? written : Html.escape(url);
    }

    /** Puts the pixel before the end of the body, if the page has one. */
    private static String withPixel(String page) {
        if (page.isBlank()) {
            return page;
        }
        Matcher end = END_OF_BODY.matcher(LiquidSpans.of(page).blanked());
        int at = page.length();
        while (end.find()) {
            at = end.start();
        }
        return page.substring(0, at) + PIXEL + page.substring(at);
    }
}
