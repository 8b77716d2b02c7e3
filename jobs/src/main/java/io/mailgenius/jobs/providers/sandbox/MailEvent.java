package io.mailgenius.jobs.providers.sandbox;

import java.time.Instant;

/** An event of a mail. */
sealed interface MailEvent {

    Instant at();

    /** Identifies it among the events of one mail. */
    String name();

    record Delivered(Instant at) implements MailEvent {
        @Override
        public String name() {
            return "delivered";
        }
    }

    record Bounced(Instant at, boolean forGood) implements MailEvent {
        @Override
        public String name() {
            return "bounced";
        }
    }

    record Opened(Instant at, int time) implements MailEvent {
        @Override
        public String name() {
            return "opened" + time;
        }
    }

    /**
     * @param followed the time of the click, even if it lies in the future: the time between open
     *     and click distinguishes people from programs
     */
    record Clicked(Instant at, Instant followed, String link) implements MailEvent {
        @Override
        public String name() {
            return "clicked";
        }
    }

    record Complained(Instant at) implements MailEvent {
        @Override
        public String name() {
            return "complained";
        }
    }
}
