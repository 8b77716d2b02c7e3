package io.mailgenius.jobs.templates.liquid;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The standard filters of Liquid. */
final class StandardFilters {

    static final Map<String, FilterDefinition> ALL = all();

    private StandardFilters() {}

    private static Map<String, FilterDefinition> all() {
        Map<String, FilterDefinition> all = new HashMap<>();
        for (List<FilterDefinition> some :
                List.of(
                        TextFilters.ALL,
                        ReplaceFilters.ALL,
                        EncodingFilters.ALL,
                        ListFilters.ALL,
                        PropertyFilters.ALL,
                        NumberFilters.ALL,
                        DateFilter.ALL)) {
            some.forEach(filter -> all.put(filter.name(), filter));
        }
        return all;
    }
}
