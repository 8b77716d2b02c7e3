package io.mailgenius.jobs.templates.links;

import io.mailgenius.jobs.templates.liquid.FilterDefinition;
import io.mailgenius.jobs.templates.liquid.Html;
import io.mailgenius.jobs.templates.liquid.LiquidValues;
import io.mailgenius.jobs.templates.liquid.RenderContext;
import io.mailgenius.jobs.templates.liquid.SafeHtml;
import io.mailgenius.jobs.templates.text.Entities;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The filters that {@link Links} writes in place of addresses. They call the {@link LinkWriter} of
 * the mail that is rendered; a mail without one has plain links.
 */
public final class LinkFilters {

    public static final List<FilterDefinition> ALL =
            List.of(
                    new FilterDefinition(
                            "mailgenius_link",
                            0,
                            0,
                            (input, _, context) -> link(mail(context), number(input))),
                    new FilterDefinition(
                            "mailgenius_url",
                            0,
                            1,
                            (input, arguments, context) ->
                                    ownLink(
                                            mail(context),
                                            number(arguments.get(0)),
                                            LiquidValues.text(input))),
                    new FilterDefinition(
                            "mailgenius_pixel", 0, 0, (_, _, context) -> pixel(mail(context))));

    private LinkFilters() {}

    private static MailLinks mail(RenderContext context) {
        return context.companion() instanceof MailLinks links ? links : MailLinks.PLAIN;
    }

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
     * @param escaped the address, escaped for the page
     */
    private static SafeHtml ownLink(MailLinks mail, int number, String escaped) {
        Optional<String> url = WebAddress.read(Entities.decodeAll(escaped));
        if (url.isEmpty()) {
            return new SafeHtml(escaped);
        }
        String whole = mail.tracked().utm().added(url.get());
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
