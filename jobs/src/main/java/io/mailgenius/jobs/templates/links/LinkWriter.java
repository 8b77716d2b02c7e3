package io.mailgenius.jobs.templates.links;

/** Writes the tracked links of one mail. It returns addresses that are not yet escaped. */
public interface LinkWriter {

    String link(Link link);

    /**
     * @param url the target of the link for this recipient
     */
    String link(Link link, String url);

    /** The address of the tracking pixel; empty for none. */
    String pixel();
}
