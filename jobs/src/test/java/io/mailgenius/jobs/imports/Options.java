package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.ImportOptions.Mode;
import tools.jackson.databind.json.JsonMapper;

/** Options as they are written in a request. */
final class Options {

    private Options() {}

    static ImportOptions of(String json) {
        return JsonMapper.shared().readValue(json.replace('\'', '"'), ImportOptions.class);
    }

    static ImportOptions mode(Mode mode) {
        return of("{'mode': '" + mode + "'}");
    }
}
