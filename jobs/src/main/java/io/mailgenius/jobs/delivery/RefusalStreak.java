package io.mailgenius.jobs.delivery;

import java.util.regex.Pattern;

/**
 * Counts mails of one campaign that this node has seen refused in a row, one by one, for the same
 * reason and with none accepted in between. One or two are bad addresses; if there are more, the
 * cause lies elsewhere.
 */
final class RefusalStreak {

    /** The number of refused mails after which the campaign is paused. */
    static final int FEW = 3;

    /** The same, if other mails of the campaign were accepted before. */
    static final int SOME = 10;

    /**
     * Request ids and similar, which differ in every answer. Addresses are not matched, since they
     * tell recipients apart.
     */
    private static final Pattern IDS = Pattern.compile("[^\\s@]*\\d[^\\s@]*(?![^\\s]*@)");

    private volatile int length;
    private volatile boolean acceptedBefore;
    private String reason = "";

    /**
     * @return the length of the streak with this mail
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

    /** The longest streak that does not pause the campaign. */
    int patience() {
        return acceptedBefore ? SOME : FEW;
    }

    /** Called for every batch that was accepted, so it is cheap while nothing is refused. */
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
