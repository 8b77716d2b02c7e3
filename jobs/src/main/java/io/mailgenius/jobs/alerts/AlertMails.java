package io.mailgenius.jobs.alerts;

import io.mailgenius.engine.alerts.AlertChannel;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Mails alerts through the account of the installation, because that of the workspace may be what
 * the alert is about. The provider recognises a repetition by the id of the notice.
 */
@Component
final class AlertMails implements AlertChannel {

    private static final int LONGEST_SUBJECT = 200;

    private final ProviderAccounts accounts;
    private final String sender;

    /**
     * @param sender an address, or {@code Name <address>}; empty if no alerts are mailed
     */
    AlertMails(ProviderAccounts accounts, @Value("${mailgenius.alert-from:}") String sender) {
        this.accounts = accounts;
        this.sender = sender;
    }

    /**
     * @throws Refusal.Conflict if this installation mails no alerts
     */
    void requireSender() {
        if (sender.isEmpty()) {
            throw new Refusal.Conflict(
                    "alert-sender-missing",
                    "This installation mails no alerts: its operator sets MAILGENIUS_ALERT_FROM to a sender whose domain the provider knows. A webhook works without.");
        }
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public Delivery deliver(Notice notice) {
        if (sender.isEmpty()) {
            return new Delivery.Refused("MAILGENIUS_ALERT_FROM is not set");
        }
        String subject = AlertText.line(notice).replaceAll("\\s+", " ");
        Mail mail =
                new Mail(
                        sender,
                        notice.target(),
                        subject.length() > LONGEST_SUBJECT
                                ? subject.substring(0, LONGEST_SUBJECT)
                                : subject,
                        null,
                        AlertText.mail(notice),
                        null,
                        Map.of("Auto-Submitted", "auto-generated"),
                        Map.of());
        return switch (accounts.installation().send(new MailBatch(notice.id(), List.of(mail)))) {
            case BatchOutcome.Accepted _, BatchOutcome.AcceptedBefore _ -> new Delivery.Accepted();
            case BatchOutcome.Refused(String reason) -> new Delivery.Refused(reason);
            case BatchOutcome.Deferred(_, String reason) -> new Delivery.Refused(reason);
            case BatchOutcome.Halted(String reason) -> new Delivery.Refused(reason);
            case BatchOutcome.Unknown(String reason) -> new Delivery.Refused(reason);
        };
    }
}
