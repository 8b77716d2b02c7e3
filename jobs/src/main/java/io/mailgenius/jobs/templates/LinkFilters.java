package io.mailgenius.jobs.templates;

import java.util.List;
import java.util.regex.Pattern;
import liqp.TemplateContext;
import liqp.filters.Filter;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Links} puts in the place of addresses. They ask the mail that is being rendered for
 * its {@link LinkWriter}; without one the mail has plain links.
 */
final class LinkFilters {

    private static final Pattern WEB = Pattern.compile("(?i)https?://\\S+");

    static final List<Filter> ALL =
            List.of(
                    new Filter("mailgenius_link") {
                        @Override
                        public Object apply(
                                @Nullable Object value,
                                TemplateContext context,
                                @Nullable Object... params) {
                            return link(Rendering.of(context).mailLinks(), number(value));
                        }
                    },
                    new Filter("mailgenius_url") {
                        @Override
                        public Object apply(
                                @Nullable Object value,
                                TemplateContext context,
                                @Nullable Object... params) {
                            return ownLink(
                                    Rendering.of(context).mailLinks(),
                                    params.length == 0 ? 0 : number(params[0]),
                                    asString(value, context));
                        }
                    },
                    new Filter("mailgenius_pixel") {
                        @Override
                        public Object apply(
                                @Nullable Object value,
                                TemplateContext context,
                                @Nullable Object... params) {
                            return pixel(Rendering.of(context).mailLinks());
                        }
                    });

    private LinkFilters() {}

    private static int number(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : 0;
    }

    private static SafeHtml link(MailLinks mail, int number) {
        Link link = mail.link(number);
        if (link == null) {
            return new SafeHtml("");
        }
        LinkWriter writer = mail.writer();
        return new SafeHtml(Html.escape(writer == null ? link.url() : writer.link(link)));
    }

    /**
     * @param escaped as it would stand in the page
     */
    private static SafeHtml ownLink(MailLinks mail, int number, String escaped) {
        String url = Entities.decodeAll(escaped).strip();
        if (!WEB.matcher(url).matches()) {
            return new SafeHtml(escaped);
        }
        String whole = mail.tracked().utm().added(url);
        Link link = mail.link(number);
        LinkWriter writer = mail.writer();
        if (link == null || writer == null || whole.length() > Links.LONGEST) {
            return new SafeHtml(Html.escape(whole));
        }
        return new SafeHtml(Html.escape(writer.link(link, whole)));
    }

    private static SafeHtml pixel(MailLinks mail) {
        LinkWriter writer = mail.writer();
        String url = writer == null ? "" : writer.pixel();
        return new SafeHtml(
                url.isEmpty()
                        ? ""
                        : "<img src=\""
                                + Html.escape(url)
                                + "\" width=\"1\" height=\"1\" alt=\"\" style=\"border:0\">");
    }
}
