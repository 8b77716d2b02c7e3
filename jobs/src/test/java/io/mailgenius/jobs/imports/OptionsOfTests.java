package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.columns.ImportOptions.Mode;
import tools.jackson.databind.json.JsonMapper;

/** Options as they are written in a request. */
public final class OptionsOfTests {

    private OptionsOfTests() {}

    public static ImportOptions of(String json) {
        return JsonMapper.shared().readValue(json.replace('\'', '"'), ImportOptions.class);
    }

    public static ImportOptions mode(Mode mode) {
        return of("{'mode': '" + mode + "'}");
    }
}
