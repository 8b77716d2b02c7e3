package io.mailgenius.jobs.providers.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a mail: of a hundred mails one bounces permanently and 0.5 temporarily; of a
 * hundred delivered ones 38 are opened, some of them several times; of a hundred openers 12 click,
 * and one mail in two thousand is reported as spam. The same mail always has the same events.
 * Recipients like {@code bounced@resend.dev} choose theirs, as at Resend.
 */
final class SimulatedOutcome {

    private static final double BOUNCED_FOR_GOOD = 0.01;
    private static final double BOUNCED_FOR_NOW = 0.005;
    private static final double OPENED = 0.38;
    private static final double OPENED_AGAIN = 0.25;
    private static final int MOST_OPENS = 4;
    private static final double CLICKED = 0.12;
    private static final double COMPLAINED = 0.0005;

    /** The purposes of random numbers of one mail. */
    private static final int ARRIVAL = 1;

    private static final int OPENING = 2;
    private static final int CLICK = 3;
    private static final int COMPLAINT = 4;
    private static final int LINK = 5;
    static final int READER = 6;
    private static final int OPENING_AGAIN = 10;
    private static final int DELAYS = 20;

    private final SandboxMail mail;
    private final SeededChance chance;
    private final Instant now;
    private final List<MailEvent> events = new ArrayList<>();
    private Instant at;

    private SimulatedOutcome(SandboxMail mail, Instant now) {
        this.mail = mail;
        this.chance = new SeededChance(mail.id());
        this.now = now;
        this.at = mail.acceptedAt();
    }

    /** In their order, none of them after {@code now}. */
    static List<MailEvent> of(SandboxMail mail, Instant now) {
        SimulatedOutcome simulatedOutcome = new SimulatedOutcome(mail, now);
        String recipient = mail.to().isEmpty() ? "" : mail.to().getFirst();
        switch (recipient.endsWith("@resend.dev") ? recipient.split("[+@]", 2)[0] : "") {
            case "delivered" ->
                    simulatedOutcome.happens(new MailEvent.Delivered(simulatedOutcome.after(1, 3)));
            case "bounced" -> simulatedOutcome.bounces(true);
            case "complained" -> {
                simulatedOutcome.happens(new MailEvent.Delivered(simulatedOutcome.after(1, 3)));
                simulatedOutcome.happens(new MailEvent.Complained(simulatedOutcome.after(5, 60)));
            }
            default -> simulatedOutcome.byChance();
        }
        return simulatedOutcome.events;
    }

    private void byChance() {
        double arrival = chance.of(ARRIVAL);
        if (arrival < BOUNCED_FOR_GOOD + BOUNCED_FOR_NOW) {
            bounces(arrival < BOUNCED_FOR_GOOD);
            return;
        }
        happens(new MailEvent.Delivered(after(1, 3)));
        if (chance.of(OPENING) < OPENED) {
            opens();
        }
        if (chance.of(COMPLAINT) < COMPLAINED) {
            happens(new MailEvent.Complained(after(5, 60)));
        }
    }

    private void bounces(boolean forGood) {
        happens(new MailEvent.Bounced(after(1, 3), forGood));
    }

    private void opens() {
        happens(new MailEvent.Opened(after(2, 20), 1));
        if (chance.of(CLICK) < CLICKED) {
            List<String> links = ReaderLinks.in(mail.html());
            if (!links.isEmpty()) {
                String link = links.get(chance.of(LINK, links.size()));
                Instant told = after(2, 10);
                happens(new MailEvent.Clicked(told, at, link));
            }
        }
        for (int time = 2; time <= MOST_OPENS; time++) {
            if (chance.of(OPENING_AGAIN + time) >= OPENED_AGAIN) {
                return;
            }
            happens(new MailEvent.Opened(after(10, 120), time));
        }
    }

    private void happens(MailEvent event) {
        events.add(event);
    }

    /** Some seconds after the last event, but never in the future. */
    private Instant after(int fewest, int most) {
        double seconds = fewest + (most - fewest) * chance.of(DELAYS + events.size());
        at = at.plus(Duration.ofMillis((long) (seconds * 1000)));
        return at.isAfter(now) ? now : at;
    }
}
