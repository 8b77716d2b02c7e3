package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.templates.Finding;
import io.mailgenius.jobs.templates.Finding.Severity;
import io.mailgenius.jobs.templates.Sender;
import io.mailgenius.jobs.templates.TemplateCompiler;
import io.mailgenius.jobs.templates.TemplateSource;
import io.mailgenius.jobs.workspaces.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Finds problems of a campaign before it is sent; an error prevents sending. */
@Component
final class PreflightCheck {

    private final TemplateCompiler compiler;
    private final SenderCheck senderCheck;
    private final boolean postalAddressRequired;

    PreflightCheck(
            TemplateCompiler compiler,
            SenderCheck senderCheck,
            @Value("${mailgenius.require-postal-address:false}") boolean postalAddressRequired) {
        this.compiler = compiler;
        this.senderCheck = senderCheck;
        this.postalAddressRequired = postalAddressRequired;
    }

    /** See {@link SenderCheck}: call it outside of any transaction. */
    Optional<Finding> sender(String from) {
        return senderCheck.finding(from);
    }

    /**
     * @param sender the finding of {@link #sender}; empty if it was checked before
     */
    List<Finding> findings(FrozenCampaign content, Optional<Finding> sender) {
        TemplateSource source =
                TemplateSource.html(
                        content.subject(),
                        content.html() == null ? "" : content.html(),
                        content.text());
        return Stream.concat(
                        compiler
                                .inspect(
                                        source,
                                        new Sender(content.postalAddress(), postalAddressRequired))
                                .stream(),
                        sender.stream())
                .toList();
    }

    /**
     * @throws Refusal.Invalid {@code campaign-not-sound}
     */
    void require(FrozenCampaign content, Optional<Finding> sender) {
        require(findings(content, sender));
    }

    /**
     * @throws Refusal.Invalid {@code campaign-not-sound}
     */
    static void require(List<Finding> findings) {
        List<Finding> errors =
                findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
        if (!errors.isEmpty()) {
            throw new Refusal.Invalid(
                    "campaign-not-sound",
                    errors.stream()
                            .map(error -> error.where() + ": " + error.words())
                            .collect(Collectors.joining(" ")));
        }
    }
}
