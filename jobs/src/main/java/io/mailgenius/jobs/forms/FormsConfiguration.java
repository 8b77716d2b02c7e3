package io.mailgenius.jobs.forms;

import io.mailgenius.engine.launching.RecurringWork;
import io.mailgenius.jobs.campaigns.SenderCheck;
import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.delivery.Deliveries;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.Finding.Severity;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.Templates;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class FormsConfiguration {

    @Bean
    ConfirmationLetter confirmationLetter(
            TemplateCompiler compiler,
            Templates templates,
            WorkspaceSettings workspace,
            @Value("${mailgenius.public-url:http://localhost:8080}") String publicUrl) {
        return new ConfirmationLetter(compiler, templates, workspace, publicUrl);
    }

    @Bean
    ConfirmationMails confirmationMailsOfForms(
            JdbcClient jdbc,
            ConfirmationLetter letter,
            Consents consents,
            ProviderAccounts accounts,
            SenderCheck senderCheck,
            Deliveries deliveries,
            TransactionTemplate transaction,
            Clock clock) {
        return new ConfirmationMails(
                new FormRequestStore(jdbc),
                new FormStore(jdbc),
                consents,
                letter,
                new ConfirmationMails.Outgoing(
                        accounts::of,
                        deliveries::isRecognised,
                        from ->
                                senderCheck
                                        .finding(from)
                                        .filter(it -> it.severity() == Severity.ERROR)
                                        .map(Finding::words)),
                transaction,
                clock);
    }

    /** Polls frequently because people wait for this mail; an index finds due requests. */
    @Bean
    RecurringWork confirmationMails(ConfirmationMails mails) {
        return new RecurringWork("confirmation-mails", Duration.ofSeconds(1), mails::sendDue);
    }
}
