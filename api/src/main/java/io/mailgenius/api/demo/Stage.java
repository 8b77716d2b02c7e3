package io.mailgenius.api.demo;

/** A stage of the demo, with its texts. */
enum Stage {
    START("Start", "", "PostgreSQL, Redis and a node", false),
    IMPORT("Import", "rows", "rows of contacts.csv", true),
    SEGMENT("Segment", "contacts", "contacts on the pro plan", false),
    SEND("Send", "mails", "mails to the built-in sandbox", true),
    /** The rate of events depends on the simulated readers, so it is not shown. */
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

    /** The unit that is counted while the stage runs. */
    String unit() {
        return unit;
    }

    /** The description of the count when the stage has ended. */
    String outcome() {
        return outcome;
    }

    /** Whether a rate per second is meaningful. */
    boolean isRated() {
        return rated;
    }
}
