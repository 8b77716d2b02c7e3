package io.mailgenius.jobs.delivery;

import java.util.regex.Pattern;

/**
 * How many mails of one campaign this node has seen refused in a row, one by one, for the same
 * reason and with none accepted in between. One or two have bad addresses; of many, it is not they
 * who are wrong.
 */
final class RefusalStreak {

    /** So many may be refused before the campaign is asked to wait for a person. */
    static final int FEW = 3;

    /** The same, if others of it were accepted before. */
    static final int SOME = 10;

    /**
     * Numbers of requests and the like, which no two answers share; addresses tell people apart.
     */
    private static final Pattern IDS = Pattern.compile("[^\\s@]*\\d[^\\s@]*(?![^\\s]*@)");

    private volatile int length;
    private volatile boolean acceptedBefore;
    private String reason = "";

    /**
     * @return the length of the streak with this one
     */
    synchronized int refused(String why) {
        String same = IDS.matcher(why).replaceAll("#");
        if (!same.equals(reason)) {
            reason = same;
            length = 0;
        }
        return length = length + 1;
    }

    int length() {
        return length;
    }

    /** How long it may become. */
    int patience() {
        return acceptedBefore ? SOME : FEW;
    }

    /** Told of every batch that goes out, so it does nothing while nothing is refused. */
    void accepted() {
        if (!acceptedBefore) {
            acceptedBefore = true;
        }
        if (length > 0) {
            clear();
        }
    }

    synchronized void clear() {
        length = 0;
    }
}
