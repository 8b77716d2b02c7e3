package io.mailgenius.jobs.templates.mjml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The attributes of MJML. Unknown attributes are dropped by the compiler, so the HTML records them
 * in a comment for the check. The comment is removed before mails are sent.
 */
public final class MjmlAttributes {

    /** Elements and their attributes; an asterisk stands for all attributes of a group. */
    private static final String TABLE =
            """
            mj-body: background-color width
            mj-wrapper: background-color background-position background-position-x
                background-position-y background-repeat background-size background-url border-radius
                direction full-width text-align text-padding padding* border*
            mj-section: background-color background-position background-position-x
                background-position-y background-repeat background-size background-url border-radius
                direction full-width text-align text-padding padding* border*
            mj-group: background-color direction vertical-align width
            mj-column: background-color border-radius direction inner-background-color inner-border
                inner-border-bottom inner-border-left inner-border-radius inner-border-right
                inner-border-top vertical-align width padding* border*
            mj-hero: background-color background-height background-position background-url
                background-width border-radius container-background-color height
                inner-background-color inner-padding inner-padding-bottom inner-padding-left
                inner-padding-right inner-padding-top mode vertical-align padding*
            mj-social: align border-radius color container-background-color font-family font-size
                font-style font-weight icon-height icon-padding icon-size inner-padding line-height
                mode table-layout text-decoration text-padding vertical-align padding*
            mj-social-element: align alt background-color border-radius color font-family font-size
                font-style font-weight href icon-height icon-padding icon-position icon-size
                line-height name rel sizes src srcset target text-decoration text-padding title
                vertical-align padding*
            mj-navbar: align base-url hamburger ico-align ico-close ico-color ico-font-family
                ico-font-size ico-line-height ico-open ico-padding ico-padding-bottom
                ico-padding-left ico-padding-right ico-padding-top ico-text-decoration
                ico-text-transform padding*
            mj-navbar-link: color font-family font-size font-style font-weight href letter-spacing
                line-height name rel target text-decoration text-transform padding*
            mj-carousel: align border-radius container-background-color icon-width left-icon
                right-icon tb-border tb-border-radius tb-hover-border-color tb-selected-border-color
                tb-width thumbnails padding*
            mj-carousel-image: alt border-radius href rel src target tb-border tb-border-radius
                thumbnails-src title
            mj-accordion: border container-background-color font-family icon-align icon-height
                icon-position icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt
                icon-wrapped-url padding*
            mj-accordion-element: background-color border font-family icon-align icon-height
                icon-position icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt
                icon-wrapped-url
            mj-accordion-title: background-color color font-family font-size font-weight padding*
            mj-accordion-text: background-color color font-family font-size font-weight
                letter-spacing line-height padding*
            mj-text: align background-color color container-background-color font-family font-size
                font-style font-weight height letter-spacing line-height text-decoration
                text-transform vertical-align padding*
            mj-spacer: container-background-color height padding* border*
            mj-divider: align border-color border-style border-width container-background-color
                width padding*
            mj-raw:
            mj-image: align alt border-radius container-background-color fluid-on-mobile font-size
                height href max-height name rel sizes src srcset target title usemap width padding*
                border*
            mj-button: align background-color border-radius color container-background-color
                font-family font-size font-style font-weight height href inner-padding
                letter-spacing line-height name rel target text-align text-decoration text-transform
                title vertical-align width padding* border*
            mj-table: align border cellpadding cellspacing color container-background-color
                font-family font-size font-weight line-height role table-layout vertical-align width
                padding*
            mj-font: href name
            mj-style: inline
            mj-breakpoint: width
            mj-title:
            mj-preview:
            mjml: lang dir owa
            mj-head:
            mj-attributes:
            mj-html-attributes:
            mj-selector: path
            mj-html-attribute: name
            """;

    private static final Map<String, List<String>> KINDS =
            Map.of(
                    "padding*",
                    List.of(
                            "padding",
                            "padding-bottom",
                            "padding-left",
                            "padding-right",
                            "padding-top"),
                    "border*",
                    List.of(
                            "border",
                            "border-bottom",
                            "border-left",
                            "border-right",
                            "border-top"));

    private static final Set<String> EVERYWHERE = Set.of("css-class", "mj-class");
    private static final Map<String, Set<String>> KNOWN = known();

    private static final Pattern NOTE =
            Pattern.compile("<!-- unknown in MJML: ([a-z0-9 ,_:.-]*) -->");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_:.-]{1,60}");
    private static final int MOST = 20;

    private final Set<String> unknown = new LinkedHashSet<>();

    private static Map<String, Set<String>> known() {
        Map<String, Set<String>> known = new HashMap<>();
        for (String element : TABLE.replaceAll("\\n +", " ").strip().split("\n")) {
            String[] parts = element.split(":", 2);
            Set<String> attributes = new HashSet<>(EVERYWHERE);
            for (String attribute : parts[1].strip().split(" +")) {
                attributes.addAll(KINDS.getOrDefault(attribute, List.of(attribute)));
            }
            known.put(parts[0], attributes);
        }
        return known;
    }

    /**
     * Skips elements that are not part of MJML or set defaults of others, because these accept any
     * attribute.
     */
    void checkNames(String element, Iterable<String> attributes) {
        Set<String> known = KNOWN.get(element);
        if (known == null) {
            return;
        }
        for (String attribute : attributes) {
            if (!known.contains(attribute)
                    && NAME.matcher(attribute).matches()
                    && unknown.size() < MOST) {
                unknown.add(attribute + " of " + element);
            }
        }
    }

    /** Empty if all attributes are known. */
    String note() {
        return unknown.isEmpty()
                ? ""
                : "<!-- unknown in MJML: " + String.join(", ", unknown).replace("--", "-") + " -->";
    }

    /** The unknown attributes that the comment of a page lists. */
    public static List<String> noted(String html) {
        Matcher note = NOTE.matcher(html);
        return note.find() ? List.of(note.group(1).split(", ")) : List.of();
    }

    public static String withoutNote(String html) {
        return html.contains("<!-- unknown in MJML: ") ? NOTE.matcher(html).replaceFirst("") : html;
    }
}
