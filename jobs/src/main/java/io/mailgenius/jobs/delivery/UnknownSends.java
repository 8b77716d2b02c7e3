package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.launching.Launch;
import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.Priority;
import io.mailgenius.schema.SendDecision;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Mails that may or may not have been sent. An event of the provider settles them automatically; a
 * person marks the others as sent, or has them sent again. Every decision is stored with its
 * contacts, in the transaction that carries it out.
 */
@Component
public class UnknownSends {

    private static final int MOST_AT_ONCE = 10_000;
    private static final int LONGEST_REASON = 1_000;

    private final Campaigns campaigns;
    private final CampaignLifecycle lifecycle;
    private final Launches launches;
    private final UnknownStore unknown;
    private final DecisionStore decisions;
    private final TransactionTemplate transaction;
    private final Clock clock;

    UnknownSends(
            Campaigns campaigns,
            CampaignLifecycle lifecycle,
            Launches launches,
            UnknownStore unknown,
            DecisionStore decisions,
            TransactionTemplate transaction,
            Clock clock) {
        this.campaigns = campaigns;
        this.lifecycle = lifecycle;
        this.launches = launches;
        this.unknown = unknown;
        this.decisions = decisions;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Which mails of a campaign, why, and by whose order.
     *
     * @param contactIds null means all
     */
    public record Order(@Nullable List<Long> contactIds, String reason, String by) {

        long @Nullable [] contacts() {
            return contactIds == null
                    ? null
                    : contactIds.stream().mapToLong(Long::longValue).distinct().toArray();
        }
    }

    /**
     * Marks mails as sent.
     *
     * @throws Refusal.Conflict if none of them waits for a decision
     */
    public DecisionView sent(long campaignId, Order order) {
        return decide(
                campaignId,
                SendDecision.SENT,
                order,
                (decision, reason) -> {
                    int settled = unknown.sent(campaignId, decision, reason, order.contacts());
                    lifecycle.settled(campaignId, settled, 0, 0);
                    return new Carried(settled, null);
                });
    }

    /**
     * Sends mails again, whether or not they were sent before.
     *
     * @throws Refusal.Conflict if none of them waits for a decision, or the campaign is not SENT: a
     *     campaign that is SENT cannot be cancelled any more, so nothing revokes this
     */
    public DecisionView again(long campaignId, Order order) {
        CampaignStatus status = campaigns.find(campaignId).status();
        if (status != CampaignStatus.SENT) {
            throw new Refusal.Conflict(
                    "campaign-state",
                    String.format(
                            Locale.ROOT,
                            "Campaign %d is %s: mails can be sent again once it is SENT.",
                            campaignId,
                            status));
        }
        return decide(
                campaignId,
                SendDecision.AGAIN,
                order,
                (decision, reason) -> {
                    int given = unknown.again(campaignId, decision, order.contacts());
                    return new Carried(
                            given, given == 0 ? null : launch(campaignId, decision).id());
                });
    }

    private Launch launch(long campaignId, long decision) {
        return launches.launch(
                new LaunchRequest(
                        SendAgain.JOB,
                        Long.toString(decision),
                        Map.of(
                                "campaignId", Long.toString(campaignId),
                                "decisionId", Long.toString(decision)),
                        Priority.HIGH));
    }

    /** The effect of a decision. */
    private record Carried(int sends, @Nullable Long launchId) {}

    @FunctionalInterface
    private interface Carrying {
        Carried out(long decisionId, String reason);
    }

    private DecisionView decide(
            long campaignId, SendDecision decision, Order order, Carrying carrying) {
        String reason = reason(order);
        requireSome(order);
        campaigns.frozen(campaignId);
        // In its own transaction: proven mails are settled even if the decision fails.
        settleProven(campaignId);
        return Objects.requireNonNull(
                transaction.execute(
                        _ -> {
                            long id =
                                    decisions.insert(
                                            campaignId,
                                            decision,
                                            reason,
                                            order.by(),
                                            clock.instant());
                            Carried carried = carrying.out(id, reason);
                            if (carried.sends() == 0) {
                                throw nothing(campaignId, order);
                            }
                            decisions.concerns(id, carried.sends(), carried.launchId());
                            return decisions.page(campaignId, id + 1, 1).getFirst();
                        }));
    }

    private static String reason(Order order) {
        String reason = order.reason().strip();
        if (reason.isEmpty() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "decision-needs-a-reason",
                    String.format(
                            Locale.ROOT,
                            "Say in \"reason\" why that is right, in at most %d characters: it is kept.",
                            LONGEST_REASON));
        }
        return reason;
    }

    private static void requireSome(Order order) {
        List<Long> named = order.contactIds();
        if (named != null && (named.isEmpty() || named.size() > MOST_AT_ONCE)) {
            throw new Refusal.Invalid(
                    "decision-contacts",
                    String.format(
                            Locale.ROOT,
                            "Name 1 to %d contacts in \"contactIds\", or {\"all\": true}.",
                            MOST_AT_ONCE));
        }
    }

    private static Refusal nothing(long campaignId, Order order) {
        return new Refusal.Conflict(
                "nothing-unknown",
                String.format(
                                Locale.ROOT,
                                order.contactIds() == null
                                        ? "No mail of campaign %d waits for a decision."
                                        : "None of these contacts' mails of campaign %d waits for a decision.",
                                campaignId)
                        + " Those that do are listed by recipients?status=UNKNOWN, unless beingSentAgain.");
    }

    /**
     * The decisions about a campaign, the newest first.
     *
     * @param after the decision after which to continue; 0 at the start
     */
    public Page<DecisionView> decisions(long campaignId, long after, int limit) {
        int rows = Page.rows(limit);
        campaigns.frozen(campaignId);
        return Page.of(
                Objects.requireNonNull(
                        transaction.execute(_ -> decisions.page(campaignId, after, rows))),
                limit,
                DecisionView::id);
    }

    /**
     * Settles the mails of all workspaces about which events were received since. A second call
     * changes nothing.
     */
    void settleAllProven() {
        List<UnknownStore.Campaign> all =
                Objects.requireNonNull(transaction.execute(_ -> unknown.campaigns()));
        for (UnknownStore.Campaign campaign : all) {
            WorkspaceScope.run(campaign.workspaceId(), () -> settleProven(campaign.id()));
        }
    }

    private void settleProven(long campaignId) {
        transaction.executeWithoutResult(
                _ -> {
                    int settled = unknown.settleProven(campaignId);
                    if (settled > 0) {
                        lifecycle.settled(campaignId, settled, 0, 0);
                    }
                });
    }

    /** The provider accepts no more mails: stops the job, which a restart continues. */
    void halt(long decisionId, String problem) {
        transaction.executeWithoutResult(
                _ -> {
                    decisions.problem(decisionId, problem);
                    decisions
                            .launchOf(decisionId)
                            .flatMap(launches::find)
                            .filter(Launch::alive)
                            .ifPresent(launch -> launches.stop(launch.id()));
                });
    }
}
