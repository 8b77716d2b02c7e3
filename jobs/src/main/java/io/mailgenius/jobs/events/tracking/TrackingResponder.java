package io.mailgenius.jobs.events.tracking;

import io.mailgenius.jobs.campaigns.CampaignLinks;
import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.TrackingTokens.Target;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import io.mailgenius.jobs.events.Events;
import io.mailgenius.jobs.templates.links.Link;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers tracked links and tracking pixels. The hit is on the local disk before the answer; {@link
 * ClickIngest} turns it into an event.
 *
 * <p>Starts before the web server and stops after it, but before {@link Events}, which it writes
 * to.
 */
@Component
@Profile("api")
public final class TrackingResponder implements SmartLifecycle {

    /** The capacity of the journal in bytes: about a million clicks while the database is down. */
    private static final long ROOM = 256L * 1024 * 1024;

    private static final int LONGEST_AGENT = 500;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final TrackingTokens tokens;
    private final LinkTable links;
    private final Journal journal;
    private final ClickIngest clickIngest;
    private final Clock clock;
    private final MeterRegistry meters;
    private volatile boolean running;

    @Autowired
    TrackingResponder(
            TrackingTokens tokens,
            CampaignLinks links,
            Events events,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Clock clock,
            MeterRegistry meters,
            @Value("${mailgenius.local-dir:${mailgenius.data-dir:./data}}") Path localDir) {
        this(
                tokens,
                links,
                events,
                jdbc,
                transactions,
                clock,
                meters,
                new Journal(localDir.resolve("journal"), ROOM));
    }

    TrackingResponder(
            TrackingTokens tokens,
            CampaignLinks links,
            Events events,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Clock clock,
            MeterRegistry meters,
            Journal journal) {
        this.tokens = tokens;
        this.links = new LinkTable(links);
        this.journal = journal;
        this.clock = clock;
        this.meters = meters;
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        this.clickIngest =
                new ClickIngest(
                        journal,
                        new BotClassifier(this.links, jdbc, transaction),
                        new RepeatedHits(jdbc, transaction),
                        events,
                        clock,
                        meters);
    }

    /**
     * Handles a click.
     *
     * @return the target; empty if the token is not signed by this installation
     */
    public Optional<String> click(String token, Visit visit) {
        return tokens.link(token)
                .flatMap(
                        target -> {
                            Optional<String> url = url(target);
                            url.ifPresent(to -> keep(target, to, visit));
                            return url;
                        });
    }

    private Optional<String> url(Target target) {
        return switch (target) {
            case Target.Own own -> Optional.of(own.url());
            case Target.Listed(Recipient of, int number) -> {
                List<Link> all = links.of(of.workspaceId(), of.campaignId());
                yield number < 1 || number > all.size() || all.get(number - 1).perRecipient()
                        ? Optional.empty()
                        : Optional.of(all.get(number - 1).url());
            }
        };
    }

    private void keep(Target target, String url, Visit visit) {
        keep(target.recipient(), target.link(), url, visit);
    }

    /**
     * Handles a request for the tracking pixel.
     *
     * @return whether the token is signed by this installation
     */
    public boolean open(String token, Visit visit) {
        Optional<Recipient> recipient = tokens.mail(token);
        recipient.ifPresent(of -> keep(of, 0, null, visit));
        return recipient.isPresent();
    }

    private void keep(Recipient of, int link, @Nullable String url, Visit visit) {
        Hit hit =
                new Hit(
                        "hit-" + UUID.randomUUID(),
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        of.workspaceId(),
                        of.campaignId(),
                        of.contactId(),
                        link,
                        url,
                        plain(visit.userAgent()),
                        plain(visit.ip()),
                        visit.head());
        String outcome = "kept";
        if (!journal.append(JSON.writeValueAsBytes(hit))) {
            // The journal or its disk is full, so the hit is written to the database directly.
            outcome = clickIngest.record(hit) ? "direct" : "lost";
        }
        meters.counter("mailgenius.tracking.hits", "outcome", outcome).increment();
    }

    /** PostgreSQL cannot store NUL in text. */
    private static String plain(String text) {
        String known = Objects.requireNonNullElse(text, "").replace("\0", "");
        return known.length() > LONGEST_AGENT ? known.substring(0, LONGEST_AGENT) : known;
    }

    @Override
    public void start() {
        journal.start();
        clickIngest.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        journal.rejectAppends();
        clickIngest.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** One more than that of {@link Events}. */
    @Override
    public int getPhase() {
        return 1;
    }
}
