package io.mailgenius.console.pages;

import org.jspecify.annotations.Nullable;

/**
 * The call of the HTTP API that does the same as an action of the console.
 *
 * @param path behind the address of the API
 * @param body JSON; null for none
 */
public record ApiCall(String method, String path, @Nullable String body) {

    /** As a shell takes it; whoever runs it puts their own key into the variable. */
    String curl(String api) {
        String call =
                "curl -X " + method + " -H \"Authorization: Bearer $API_KEY\" '" + api + path + "'";
        return body == null
                ? call
                : call
                        + " -H 'Content-Type: application/json' -d '"
                        + body.replace("'", "'\\''")
                        + "'";
    }
}
