package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.ledger.Counts;
import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.engine.worker.ChunkWork;
import io.mailgenius.engine.worker.Done;
import io.mailgenius.engine.worker.Postponed;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.delivery.Postings.Letter;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The worker's half of a send. First a short transaction writes down whom the chunk mails; then the
 * mails go out, with no transaction open; then a row per recipient and the chunk's DONE commit
 * together. A crash in between makes another worker repeat the same batches under the same keys.
 */
final class SendMails implements ChunkWork {

    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(2);

    private final Campaigns campaigns;
    private final LettersOfCampaigns letters;
    private final RecipientStore recipients;
    private final SendStore sends;
    private final Provider provider;
    private final TransactionTemplate transaction;
    private final Clock clock;

    SendMails(
            Campaigns campaigns,
            LettersOfCampaigns letters,
            RecipientStore recipients,
            SendStore sends,
            Provider provider,
            TransactionTemplate transaction,
            Clock clock) {
        this.campaigns = campaigns;
        this.letters = letters;
        this.recipients = recipients;
        this.sends = sends;
        this.provider = provider;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String step() {
        return Campaigns.SEND_STEP;
    }

    @Override
    public Done work(Assignment chunk) {
        Recipients audience = chunk.payload(Recipients.class);
        Letters writing = letters.of(audience.campaignId());
        List<Recipient> people =
                Objects.requireNonNull(
                        transaction.execute(status -> recipients.read(audience.contacts())));
        Plan plan = plan(chunk, audience, people);

        Postings postings =
                new Postings(
                        provider, chunk::requireHeld, key(writing, chunk), plan.since(), clock);
        try {
            postings.post(write(writing, audience, people, plan));
        } catch (Postings.Halted e) {
            campaigns.halt(audience.campaignId(), String.valueOf(e.getMessage()));
            throw new Postponed(UNTIL_STOPPED, String.valueOf(e.getMessage()));
        }
        List<Send> outcome = outcome(audience, plan, postings.sends());
        return chunk.complete(
                () -> {
                    sends.insert(
                            chunk.workspaceId(), audience.campaignId(), outcome, clock.instant());
                    return counts(outcome);
                });
    }

    /**
     * The plan of an earlier attempt stands, whoever has unsubscribed since: these batches may have
     * gone out, and only the same ones are recognised.
     */
    private Plan plan(Assignment chunk, Recipients audience, List<Recipient> people) {
        return chunk.checkpoint(Plan.class)
                .orElseGet(
                        () -> {
                            Map<Long, String> skipped = new LinkedHashMap<>();
                            for (long id : audience.contacts()) {
                                skipped.put(id, "contact is deleted");
                            }
                            for (Recipient person : people) {
                                if (person.obstacle() == null) {
                                    skipped.remove(person.contactId());
                                } else {
                                    skipped.put(person.contactId(), person.obstacle());
                                }
                            }
                            Plan made = new Plan(clock.instant(), skipped);
                            chunk.checkpoint(made);
                            return made;
                        });
    }

    private static String key(Letters writing, Assignment chunk) {
        return "%s-%d-%d"
                .formatted(writing.campaign().sendKey(), chunk.partition(), chunk.sequence());
    }

    /**
     * One letter per planned recipient, in the order of the audience, whatever has changed since.
     */
    private static List<Letter> write(
            Letters writing, Recipients audience, List<Recipient> people, Plan plan) {
        Map<Long, Recipient> byId = HashMap.newHashMap(people.size());
        people.forEach(person -> byId.put(person.contactId(), person));
        List<Letter> letters = new ArrayList<>(audience.contacts().length);
        for (long id : audience.contacts()) {
            if (!plan.skipped().containsKey(id)) {
                letters.add(letter(writing, id, byId.get(id)));
            }
        }
        return letters;
    }

    private static Letter letter(Letters writing, long id, @Nullable Recipient person) {
        if (person == null) {
            return new Letter(id, null, "contact was deleted while it was mailed");
        }
        try {
            return new Letter(id, writing.to(id, person.email(), person.values()), null);
        } catch (Refusal e) {
            return new Letter(id, null, e.getMessage());
        }
    }

    /** A row for each of the frozen audience, also for who was skipped. */
    private static List<Send> outcome(Recipients audience, Plan plan, List<Send> posted) {
        Map<Long, Send> rows = HashMap.newHashMap(audience.contacts().length);
        plan.skipped().forEach((id, reason) -> rows.put(id, skipped(id, reason)));
        posted.forEach(send -> rows.put(send.contactId(), send));
        List<Send> all = new ArrayList<>(audience.contacts().length);
        for (long id : audience.contacts()) {
            all.add(Objects.requireNonNull(rows.get(id), "Everybody has an outcome"));
        }
        return all;
    }

    private static Send skipped(long id, @Nullable String reason) {
        return new Send(id, SendStatus.SKIPPED, reason, null);
    }

    private static Counts counts(List<Send> outcome) {
        Map<String, Long> counts = new HashMap<>();
        for (Send send : outcome) {
            String name =
                    switch (send.status()) {
                        case SENT -> "sent";
                        case FAILED -> "failed";
                        case SKIPPED -> "skipped";
                        case UNKNOWN -> "unknown";
                    };
            counts.merge(name, 1L, Long::sum);
        }
        return new Counts(counts);
    }
}
