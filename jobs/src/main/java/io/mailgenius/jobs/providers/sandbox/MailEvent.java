package io.mailgenius.jobs.providers.sandbox;

import java.time.Instant;

/** Something that happened to a mail. */
sealed interface MailEvent {

    Instant at();

    /** Names it among the events of one mail. */
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
     * @param followed when, even if that is yet to come: how long somebody read before they clicked
     *     tells people from programs
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
