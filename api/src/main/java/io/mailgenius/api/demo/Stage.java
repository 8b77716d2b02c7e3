package io.mailgenius.api.demo;

/** A stage of the demo, in the words that its line on the screen has. */
enum Stage {
    START("Start", "", "PostgreSQL, Redis and a node", false),
    IMPORT("Import", "rows", "rows of contacts.csv", true),
    SEGMENT("Segment", "contacts", "contacts on the pro plan", false),
    SEND("Send", "mails", "mails to the built-in sandbox", true),
    /** How fast they come is up to those who read, so it has no rate. */
    EVENTS("Events", "mails reported on", "events from the sandbox's readers", false);

    private final String title;
    private final String unit;
    private final String outcome;
    private final boolean rated;

    Stage(String title, String unit, String outcome, boolean rated) {
        this.title = title;
        this.unit = unit;
        this.outcome = outcome;
        this.rated = rated;
    }

    String title() {
        return title;
    }

    /** What is counted while the stage runs. */
    String unit() {
        return unit;
    }

    /** What was counted when it is over. */
    String outcome() {
        return outcome;
    }

    /** Whether so many a second say something about the program. */
    boolean isRated() {
        return rated;
    }
}
