package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.delivery.BatchSender.Letter;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Mails a chunk of recipients. First a short transaction writes down whom; then the mails go out,
 * with no transaction open. What came of it is for the caller to write down together with the
 * chunk's DONE: a crash before that makes another worker repeat the same batches under the same
 * keys.
 */
final class SendChunk {

    private final MailRendererCache letters;
    private final RecipientStore recipients;
    private final Provider provider;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RefusalStreaks streaks = new RefusalStreaks();

    SendChunk(
            MailRendererCache letters,
            RecipientStore recipients,
            Provider provider,
            TransactionTemplate transaction,
            Clock clock) {
        this.letters = letters;
        this.recipients = recipients;
        this.provider = provider;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * @param series what tells the keys of these batches from those of every other sending of this
     *     campaign
     * @param settled asked when the plan is made: who needs no mail any more, and why
     * @return an outcome for each of them, in their order
     * @throws BatchSender.Halted if the account takes no mails
     */
    List<Send> mail(
            Assignment chunk,
            Recipients audience,
            String series,
            Supplier<Map<Long, String>> settled) {
        MailRenderer writing = letters.of(audience.campaignId());
        List<Recipient> people =
                Objects.requireNonNull(
                        transaction.execute(
                                status ->
                                        recipients.read(
                                                audience.contacts(),
                                                writing.campaign().topicId())));
        boolean begun =
                chunk.checkpoint(SendCheckpoint.class).filter(SendCheckpoint::isMade).isPresent();
        SendCheckpoint sendCheckpoint = plan(chunk, audience, people, settled);
        BatchSender batchSender =
                new BatchSender(
                        provider,
                        chunk::requireHeld,
                        key(writing, series, chunk),
                        sendCheckpoint.made(),
                        new RefusedBatches(
                                sendCheckpoint.refusedBefore(),
                                keys -> chunk.checkpoint(sendCheckpoint.withRefused(keys))),
                        streaks.of(chunk.workspaceId(), audience.campaignId()),
                        sendCheckpoint.haltsBefore(),
                        begun,
                        clock);
        batchSender.post(write(writing, audience, people, sendCheckpoint));
        return outcome(audience, sendCheckpoint, batchSender.sends());
    }

    /**
     * The plan of an earlier attempt stands, whoever has unsubscribed since: these batches may have
     * gone out, and only the same ones are recognised.
     */
    private SendCheckpoint plan(
            Assignment chunk,
            Recipients audience,
            List<Recipient> people,
            Supplier<Map<Long, String>> settled) {
        Optional<SendCheckpoint> before = chunk.checkpoint(SendCheckpoint.class);
        return before.filter(SendCheckpoint::isMade)
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
                            skipped.putAll(settled.get());
                            Reservation reservation =
                                    before.map(SendCheckpoint::permit).orElse(null);
                            Integer halts = before.map(SendCheckpoint::halts).orElse(null);
                            SendCheckpoint made =
                                    new SendCheckpoint(
                                            clock.instant(), skipped, reservation, null, halts);
                            chunk.checkpoint(made);
                            return made;
                        });
    }

    private static String key(MailRenderer writing, String series, Assignment chunk) {
        return writing.campaign().sendKey()
                + series
                + "-"
                + chunk.partition()
                + "-"
                + chunk.sequence();
    }

    /**
     * One letter per planned recipient, in the order of the audience, whatever has changed since.
     * Each is written when it is asked for: a batch that is posted at once is still in the cache of
     * the processor, and the memory of a chunk is that of its people and not of its mails.
     */
    private static Iterator<Letter> write(
            MailRenderer writing,
            Recipients audience,
            List<Recipient> people,
            SendCheckpoint sendCheckpoint) {
        Map<Long, Recipient> byId = HashMap.newHashMap(people.size());
        people.forEach(person -> byId.put(person.contactId(), person));
        return Arrays.stream(audience.contacts())
                .filter(id -> !sendCheckpoint.skipped().containsKey(id))
                .mapToObj(id -> letter(writing, id, byId.get(id)))
                .iterator();
    }

    private static Letter letter(MailRenderer writing, long id, @Nullable Recipient person) {
        if (person == null) {
            return new Letter(id, null, "contact was deleted while it was mailed");
        }
        try {
            return new Letter(id, writing.to(person), null);
        } catch (Refusal e) {
            return new Letter(id, null, e.getMessage());
        }
    }

    /** A row for each of the frozen audience, also for who was skipped. */
    private static List<Send> outcome(
            Recipients audience, SendCheckpoint sendCheckpoint, List<Send> posted) {
        Map<Long, Send> rows = HashMap.newHashMap(audience.contacts().length);
        sendCheckpoint.skipped().forEach((id, reason) -> rows.put(id, skipped(id, reason)));
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
}
