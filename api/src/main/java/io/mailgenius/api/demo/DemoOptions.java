package io.mailgenius.api.demo;

import java.util.List;

/** The options of the demo. */
record DemoOptions(boolean exit, long contacts) {

    static final long CONTACTS = 100_000;
    private static final long MOST = 20_000_000;

    static final String USAGE =
            """
            Usage: mailgenius demo [--exit] [--contacts=N]

              --exit         stop when it is done, instead of leaving the console open
              --contacts=N   how many contacts to import: 100 to 20000000, otherwise 100000\
            """;

    /**
     * @throws IllegalArgumentException with a message for the user
     */
    static DemoOptions parse(List<String> words) {
        boolean exit = false;
        long contacts = CONTACTS;
        for (String word : words) {
            if (word.equals("--exit")) {
                exit = true;
            } else if (word.matches("--contacts=\\d{1,9}")) {
                contacts = Long.parseLong(word.substring("--contacts=".length()));
            } else {
                throw new IllegalArgumentException("demo has no option \"" + word + "\".");
            }
        }
        if (contacts < 100 || contacts > MOST) {
            throw new IllegalArgumentException(
                    "--contacts=" + contacts + " is not between 100 and " + MOST + ".");
        }
        return new DemoOptions(exit, contacts);
    }
}
