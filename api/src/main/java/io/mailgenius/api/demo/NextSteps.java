package io.mailgenius.api.demo;

import java.net.URI;
import java.util.Locale;

/** Suggestions that are printed after the demo. */
final class NextSteps {

    private NextSteps() {}

    /** For a node that is still running. */
    static String at(URI node, String key) {
        return String.format(
                Locale.ROOT,
                """
                What next (the node runs until Ctrl-C, which deletes its data):
                  Look at it     %1$s/sign-in#%2$s
                  Walk the API   MAILGENIUS_URL=%1$s MAILGENIUS_API_KEY=%2$s samples/walk.sh
                  Your own data  curl -H 'Authorization: Bearer %2$s' -F file=@contacts.csv %1$s/api/v1/imports\
                """,
                node,
                key);
    }

    /** For a node that has been stopped. */
    static String afterExit() {
        return """
               What next:
                 Look at it     ./mailgenius demo   (without --exit it leaves the console open)
                 Walk the API   ./mailgenius serve, and samples/walk.sh with the API key that it prints
                 Your own data  docs/imports.md\
               """;
    }
}
