package io.mailgenius.jobs.templates;

/** Style sheets of a page. */
final class Styles {

    /** An attribute of a style element that is to stay where it is. */
    static final String STAYS = "data-embed";

    private Styles() {}
}
