package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.worker.Assignment;
import io.mailgenius.jobs.campaigns.Permit;
import io.mailgenius.jobs.delivery.Postings.Letter;
import io.mailgenius.jobs.delivery.SendStore.Send;
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
final class Mailing {

    private final LettersOfCampaigns letters;
    private final RecipientStore recipients;
    private final Provider provider;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RefusalStreaks streaks = new RefusalStreaks();

    Mailing(
            LettersOfCampaigns letters,
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
     * @throws Postings.Halted if the account takes no mails
     */
    List<Send> mail(
            Assignment chunk,
            Recipients audience,
            String series,
            Supplier<Map<Long, String>> settled) {
        Letters writing = letters.of(audience.campaignId());
        List<Recipient> people =
                Objects.requireNonNull(
                        transaction.execute(
                                status ->
                                        recipients.read(
                                                audience.contacts(),
                                                writing.campaign().topicId())));
        boolean begun = chunk.checkpoint(Plan.class).filter(Plan::isMade).isPresent();
        Plan plan = plan(chunk, audience, people, settled);
        Postings postings =
                new Postings(
                        provider,
                        chunk::requireHeld,
                        key(writing, series, chunk),
                        plan.made(),
                        new Refusals(
                                plan.refusedBefore(),
                                keys -> chunk.checkpoint(plan.withRefused(keys))),
                        streaks.of(chunk.workspaceId(), audience.campaignId()),
                        plan.haltsBefore(),
                        begun,
                        clock);
        postings.post(write(writing, audience, people, plan));
        return outcome(audience, plan, postings.sends());
    }

    /**
     * The plan of an earlier attempt stands, whoever has unsubscribed since: these batches may have
     * gone out, and only the same ones are recognised.
     */
    private Plan plan(
            Assignment chunk,
            Recipients audience,
            List<Recipient> people,
            Supplier<Map<Long, String>> settled) {
        Optional<Plan> before = chunk.checkpoint(Plan.class);
        return before.filter(Plan::isMade)
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
                            Permit permit = before.map(Plan::permit).orElse(null);
                            Integer halts = before.map(Plan::halts).orElse(null);
                            Plan made = new Plan(clock.instant(), skipped, permit, null, halts);
                            chunk.checkpoint(made);
                            return made;
                        });
    }

    private static String key(Letters writing, String series, Assignment chunk) {
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
            Letters writing, Recipients audience, List<Recipient> people, Plan plan) {
        Map<Long, Recipient> byId = HashMap.newHashMap(people.size());
        people.forEach(person -> byId.put(person.contactId(), person));
        return Arrays.stream(audience.contacts())
                .filter(id -> !plan.skipped().containsKey(id))
                .mapToObj(id -> letter(writing, id, byId.get(id)))
                .iterator();
    }

    private static Letter letter(Letters writing, long id, @Nullable Recipient person) {
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
}
