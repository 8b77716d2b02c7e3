package io.mailgenius.jobs.templates;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import liqp.TemplateContext;
import liqp.filters.Filter;
import liqp.filters.Filters;
import org.jspecify.annotations.Nullable;

/**
 * liqp's filters, each weighed, and some of our own: those that make HTML, and those that with
 * liqp's regular expressions take quadratic time or make any amount of text in one step.
 */
final class LiquidFilters {

    private static final int MAX_DECIMALS = 30;
    private static final int MAX_DATE_FORMAT = 200;

    static final List<Filter> OWN =
            List.of(
                    own("raw", (text, _, _) -> new SafeHtml(text)),
                    own("escape", (text, _, _) -> new SafeHtml(Html.escape(text))),
                    own("h", (text, _, _) -> new SafeHtml(Html.escape(text))),
                    own("escape_once", (text, _, _) -> new SafeHtml(Html.escapeOnce(text))),
                    own(
                            "newline_to_br",
                            (text, _, _) ->
                                    new SafeHtml(Html.escape(text).replace("\n", "<br />\n"))),
                    own("strip", (text, _, _) -> text.strip()),
                    own("rstrip", (text, _, _) -> text.stripTrailing()),
                    own("strip_html", (text, _, _) -> PlainText.withoutTags(text)),
                    own("replace", LiquidFilters::replace));

    static final List<Filter> ALL = all();

    private static final Map<String, Filter> WEIGHED = new HashMap<>();

    static {
        ALL.forEach(filter -> WEIGHED.put(filter.name, filter));
    }

    private LiquidFilters() {}

    static @Nullable Filter weighed(String name) {
        return WEIGHED.get(name);
    }

    private static List<Filter> all() {
        Map<String, Filter> filters = new HashMap<>(Filters.DEFAULT_FILTERS.getMap());
        OWN.forEach(filter -> filters.put(filter.name, filter));
        LinkFilters.ALL.forEach(filter -> filters.put(filter.name, filter));
        List<Filter> all = new ArrayList<>();
        filters.values().forEach(filter -> all.add(new Weighed(filter)));
        return List.copyOf(all);
    }

    private static String replace(String text, @Nullable Object[] params, Rendering rendering) {
        if (params.length == 0 || params[0] == null) {
            throw new LimitExceeded("replace does not say what to replace");
        }
        String what = params[0].toString();
        String by = params.length < 2 ? "" : Objects.toString(params[1], "");
        long times = what.isEmpty() ? text.length() + 1L : 0;
        for (int at = 0; !what.isEmpty() && (at = text.indexOf(what, at)) >= 0; ) {
            times++;
            at += what.length();
        }
        rendering.check(text.length() + times * (by.length() - (long) what.length()));
        return text.replace(what, by);
    }

    @FunctionalInterface
    private interface OfText {
        Object apply(String text, @Nullable Object[] params, Rendering rendering);
    }

    private static Filter own(String name, OfText work) {
        return new Filter(name) {
            @Override
            public Object apply(
                    @Nullable Object value, TemplateContext context, @Nullable Object... params) {
                return work.apply(asString(value, context), params, Rendering.of(context));
            }
        };
    }

    private static final class Weighed extends Filter {

        private final Filter filter;

        private Weighed(Filter filter) {
            super(filter.name);
            this.filter = filter;
        }

        @Override
        public @Nullable Object apply(
                @Nullable Object value, TemplateContext context, @Nullable Object... params) {
            Rendering rendering = Rendering.of(context);
            checkParams(params);
            Object result = filter.apply(SafeHtml.unwrapped(value), context, params);
            rendering.weigh(result);
            return result;
        }

        private void checkParams(@Nullable Object[] params) {
            if (params.length == 0) {
                return;
            }
            for (int i = 0; i < params.length; i++) {
                params[i] = SafeHtml.unwrapped(params[i]);
            }
            if (name.equals("round")
                    && isNumber(params[0])
                    && asNumber(params[0]).doubleValue() > MAX_DECIMALS) {
                throw new LimitExceeded("round keeps at most " + MAX_DECIMALS + " decimals");
            }
            if (name.equals("date") && !isDateFormat(String.valueOf(params[0]))) {
                throw new LimitExceeded("the format of a date is too long or pads too much");
            }
        }

        /** A conversion like {@code %999999999d} would be padded to a gigabyte. */
        private static boolean isDateFormat(String format) {
            int digits = 0;
            for (int i = 0; i < format.length(); i++) {
                digits = Character.isDigit(format.charAt(i)) ? digits + 1 : 0;
                if (digits > 4) {
                    return false;
                }
            }
            return format.length() <= MAX_DATE_FORMAT;
        }
    }
}
