package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.jobs.delivery.BatchSender.Letter;
import io.mailgenius.jobs.delivery.SendCheckpoint.Reserved;
import io.mailgenius.jobs.delivery.SendCheckpoint.Started;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends a chunk of recipients. A short transaction stores who is mailed; then the mails are sent
 * without an open transaction. The caller stores the outcomes together with the chunk's end: after
 * a crash before that, another worker repeats the same batches under the same keys.
 */
@Component
final class SendChunk {

    private final MailRendererCache letters;
    private final RecipientStore recipients;
    private final SendCheckpoints checkpoints;
    private final MailMeter meter;
    private final ProviderAccounts accounts;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RefusalStreaks streaks = new RefusalStreaks();

    SendChunk(
            MailRendererCache letters,
            RecipientStore recipients,
            SendCheckpoints checkpoints,
            MailMeter meter,
            ProviderAccounts accounts,
            TransactionTemplate transaction,
            Clock clock) {
        this.letters = letters;
        this.recipients = recipients;
        this.checkpoints = checkpoints;
        this.meter = meter;
        this.accounts = accounts;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * @param series part of the keys that distinguishes this sending from others of the campaign
     * @param settled called when the plan is made: contacts that need no mail any more, and why
     * @return an outcome for each recipient, in their order
     * @throws BatchSender.Halted if the account accepts no mails, or the workspace may send no more
     *     this month
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
        SendCheckpoint before = checkpoints.of(chunk);
        Started checkpoint =
                switch (before) {
                    case Started started -> started;
                    case Reserved reserved -> plan(chunk, reserved, audience, people, settled);
                };
        BatchSender batchSender =
                new BatchSender(
                        accounts.of(checkpoint.account()),
                        held(chunk),
                        key(writing, series, chunk),
                        checkpoint,
                        before instanceof Started,
                        streaks.of(chunk.workspaceId(), audience.campaignId()),
                        clock);
        batchSender.post(write(writing, audience, people, checkpoint));
        return outcome(audience, checkpoint, batchSender.sends());
    }

    /**
     * Decides who is mailed, and through which account. It is decided once: after a later
     * unsubscription the same batches are repeated, because they may have gone out and the provider
     * recognises only the same ones.
     */
    private Started plan(
            Assignment chunk,
            Reserved reserved,
            Recipients audience,
            List<Recipient> people,
            Supplier<Map<Long, String>> settled) {
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
        Started planned = reserved.plan(clock.instant(), skipped, accounts.current());
        meter.start(chunk, audience, planned);
        return planned;
    }

    private BatchSender.Chunk held(Assignment chunk) {
        return new BatchSender.Chunk() {
            @Override
            public void requireHeld() {
                chunk.requireHeld();
            }

            @Override
            public void store(Started checkpoint) {
                checkpoints.write(chunk, checkpoint);
            }
        };
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
     * Each is rendered when it is read: a batch that is sent at once is still in the processor's
     * cache, and a chunk takes the memory of its contacts and not of its mails.
     */
    private static Iterator<Letter> write(
            MailRenderer writing, Recipients audience, List<Recipient> people, Started checkpoint) {
        Map<Long, Recipient> byId = HashMap.newHashMap(people.size());
        people.forEach(person -> byId.put(person.contactId(), person));
        return Arrays.stream(audience.contacts())
                .filter(id -> !checkpoint.skipped().containsKey(id))
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

    /** A row for each recipient of the frozen audience, including skipped ones. */
    private static List<Send> outcome(Recipients audience, Started checkpoint, List<Send> posted) {
        Map<Long, Send> rows = HashMap.newHashMap(audience.contacts().length);
        checkpoint.skipped().forEach((id, reason) -> rows.put(id, skipped(id, reason)));
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
