package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.templates.links.LinkFilters;
import io.mailgenius.jobs.templates.liquid.FilterDefinition;
import io.mailgenius.jobs.templates.liquid.LiquidFilter;
import io.mailgenius.jobs.templates.liquid.LiquidValues;
import io.mailgenius.jobs.templates.liquid.SafeHtml;
import io.mailgenius.jobs.templates.text.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The filters that mails have in addition to those of Liquid. */
final class MailFilters {

    private static final JsonMapper JSON = JsonMapper.shared();

    static final List<FilterDefinition> ALL = all();

    private MailFilters() {}

    private static List<FilterDefinition> all() {
        List<FilterDefinition> all = new ArrayList<>(LinkFilters.ALL);
        all.add(plain("raw", (input, _, _) -> new SafeHtml(LiquidValues.text(input))));
        all.add(plain("json", (input, _, _) -> json(input)));
        all.add(
                plain(
                        "strip_html",
                        (input, _, _) -> PlainText.withoutTags(LiquidValues.text(input))));
        return List.copyOf(all);
    }

    private static FilterDefinition plain(String name, LiquidFilter work) {
        return new FilterDefinition(name, 0, 0, work);
    }

    private static String json(@Nullable Object input) {
        return switch (input) {
            case String _, Number _, Boolean _, List<?> _, Map<?, ?> _ ->
                    JSON.writeValueAsString(input);
            case null -> "null";
            default -> JSON.writeValueAsString(LiquidValues.text(input));
        };
    }
}
