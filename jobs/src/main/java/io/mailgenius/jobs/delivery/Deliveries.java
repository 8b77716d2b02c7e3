package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.ledger.JobChunks;
import io.mailgenius.engine.ledger.Ledger;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.campaigns.FrozenCampaign;
import io.mailgenius.jobs.campaigns.SenderCheck;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Sends test mails, and forecasts what a restart of a job would send again. */
@Component
public class Deliveries {

    private static final int MOST = 20;

    private final CampaignDrafts drafts;
    private final MailRendererCache letters;
    private final ProviderAccounts accounts;
    private final SenderCheck senderCheck;
    private final TestMails testMails;
    private final Ledger ledger;
    private final SendCheckpoints checkpoints;
    private final Clock clock;

    Deliveries(
            CampaignDrafts drafts,
            MailRendererCache letters,
            ProviderAccounts accounts,
            SenderCheck senderCheck,
            TestMails testMails,
            Ledger ledger,
            SendCheckpoints checkpoints,
            Clock clock) {
        this.drafts = drafts;
        this.letters = letters;
        this.accounts = accounts;
        this.senderCheck = senderCheck;
        this.testMails = testMails;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
        this.clock = clock;
    }

    /**
     * Sends a campaign as it stands to a few addresses, marked as a test and not counted.
     *
     * @throws Refusal.Invalid if an address is malformed, or the sender's domain not this
     *     workspace's
     * @throws Refusal.Conflict if an address is suppressed, there were too many test mails, or the
     *     provider does not accept it, with its reason
     */
    public void test(long campaignId, List<String> addresses) {
        if (addresses.isEmpty() || addresses.size() > MOST) {
            throw new Refusal.Invalid(
                    "test-recipients",
                    String.format(Locale.ROOT, "Name 1 to %d addresses in \"to\".", MOST));
        }
        FrozenCampaign content = drafts.content(campaignId);
        List<String> emails =
                addresses.stream()
                        .map(address -> EmailAddress.required(address).value())
                        .distinct()
                        .toList();
        senderCheck.require(content.from());
        MailRenderer writing = letters.draft(content);
        List<Mail> mails = emails.stream().map(writing::test).map(Deliveries::marked).toList();
        testMails.record(campaignId, emails);
        switch (accounts.of(accounts.current())
                .send(new MailBatch("test-" + UUID.randomUUID(), mails))) {
            case BatchOutcome.Accepted _, BatchOutcome.AcceptedBefore _ -> {}
            case BatchOutcome.Deferred(var pause, String reason) -> throw refused(reason);
            case BatchOutcome.Refused(String reason) -> throw refused(reason);
            case BatchOutcome.Halted(String reason) -> throw refused(reason);
            case BatchOutcome.Unknown(String reason) -> throw refused(reason);
        }
    }

    /**
     * Whether the provider certainly recognises a key that was first used at this moment, so that
     * its batch may be repeated.
     */
    public boolean isRecognised(Instant since) {
        return clock.instant().isBefore(BatchSender.knownUntil(accounts.installation(), since));
    }

    /** What a restart of this job would do about mails that may have been sent. */
    @AutocommitRead
    public RepeatForecast repeats(long jobInstanceId) {
        long recognised = 0;
        long unknown = 0;
        JobChunks chunks = ledger.of(jobInstanceId);
        List<JobChunks.Begun> begun =
                Stream.of(Campaigns.SEND_STEP, SendAgain.STEP)
                        .flatMap(step -> chunks.begun(step).stream())
                        .toList();
        for (JobChunks.Begun chunk : begun) {
            switch (checkpoints.read(chunk.checkpoint())) {
                case SendCheckpoint.Reserved _ -> {}
                case SendCheckpoint.Started started -> {
                    long mails = chunk.items() - started.skipped().size();
                    if (isRecognised(started.since())) {
                        recognised += mails;
                    } else {
                        unknown += mails;
                    }
                }
            }
        }
        boolean knowsKeys = accounts.installation().keyLife().isPositive();
        return new RepeatForecast(recognised, unknown, knowsKeys ? 0 : recognised + unknown);
    }

    /** Without tags: events of a test belong to no campaign. */
    private static Mail marked(Mail mail) {
        return new Mail(
                mail.from(),
                mail.to(),
                "[Test] " + mail.subject(),
                mail.html(),
                mail.text(),
                mail.replyTo(),
                mail.headers(),
                Map.of());
    }

    private static Refusal refused(String reason) {
        return new Refusal.Conflict(
                "test-not-sent", "The provider did not take the mail: %s".formatted(reason));
    }
}
