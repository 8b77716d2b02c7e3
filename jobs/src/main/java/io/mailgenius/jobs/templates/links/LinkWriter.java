package io.mailgenius.jobs.templates.links;

/** Writes the tracked links of one mail. What it gives is an address, not yet escaped. */
public interface LinkWriter {

    String link(Link link);

    /**
     * @param url where this recipient's own link leads
     */
    String link(Link link, String url);

    /** Address of a picture that nobody sees; empty for none. */
    String pixel();
}
