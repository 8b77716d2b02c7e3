package io.mailgenius.jobs.delivery;

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

    private volatile int length;
    private volatile boolean acceptedBefore;
    private String reason = "";

    /**
     * @return the length of the streak with this mail
     */
    synchronized int refused(String why) {
        String same = withoutIds(why);
        if (!same.equals(reason)) {
            reason = same;
            length = 0;
        }
        return length = length + 1;
    }

    /**
     * Numbers of requests and the like, which no two answers share, are all the same; addresses
     * tell people apart.
     */
    static String withoutIds(String why) {
        StringBuilder same = new StringBuilder();
        int at = 0;
        while (at < why.length()) {
            int end = at;
            int id = at;
            boolean number = false;
            while (end < why.length() && !isBlank(why.charAt(end))) {
                char c = why.charAt(end++);
                number |= c >= '0' && c <= '9';
                if (c == '@') {
                    id = end;
                    number = false;
                }
            }
            same.append(why, at, id).append(number ? "#" : why.substring(id, end));
            for (at = end; at < why.length() && isBlank(why.charAt(at)); at++) {
                same.append(why.charAt(at));
            }
        }
        return same.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
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
