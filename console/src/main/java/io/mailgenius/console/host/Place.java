package io.mailgenius.console.host;

/** Where an application can add a section to a page of the console. */
public enum Place {
    /** At the top of the overview, for what is urgent. */
    OVERVIEW_TOP,
    /** Below the figures of the overview. */
    OVERVIEW
}
