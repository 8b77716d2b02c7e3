package io.mailgenius.jobs.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.engine.alerts.AlertKind;
import io.mailgenius.engine.alerts.AlertKind.Unit;
import io.mailgenius.engine.alerts.AlertNotices;
import io.mailgenius.engine.alerts.AlertRule;
import io.mailgenius.engine.alerts.AlertRules;
import io.mailgenius.engine.alerts.SealedSecret;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks and stores the rules of the current workspace. */
@Component
public class AlertSettings {

    private static final int MOST_RULES = 100;
    private static final int MOST_EMAILS = 20;
    private static final int LONGEST_SECONDS = 604_800;
    private static final int SECRET_BYTES = 32;

    private final AlertRules rules;
    private final AlertNotices notices;
    private final AlertMails mails;
    private final AlertReceivers addresses;
    private final SecretEncryption encryption;
    private final SecureRandom random = new SecureRandom();

    AlertSettings(
            AlertRules rules,
            AlertNotices notices,
            AlertMails mails,
            AlertReceivers addresses,
            SecretEncryption encryption) {
        this.rules = rules;
        this.notices = notices;
        this.mails = mails;
        this.addresses = addresses;
        this.encryption = encryption;
    }

    public List<AlertKind> kinds() {
        return rules.kinds();
    }

    /**
     * @param rows at most so many, after the rule with the id {@code after}
     */
    public List<AlertRuleView> page(long after, int rows) {
        return rules.page(WorkspaceScope.required(), after, rows).stream()
                .map(rule -> AlertRuleView.of(rule, null))
                .toList();
    }

    public AlertRuleView find(long id) {
        return AlertRuleView.of(stored(id), null);
    }

    private AlertRule stored(long id) {
        return rules.find(WorkspaceScope.required(), id)
                .orElseThrow(() -> new Refusal.NotFound("alert-rule", id));
    }

    /**
     * @param ofInstallation whether the caller may watch nodes and servers
     * @throws Refusal.Invalid if a part of the draft cannot be what it is
     */
    public AlertRuleView create(AlertRuleDraft draft, boolean ofInstallation) {
        if (rules.page(WorkspaceScope.required(), 0, MOST_RULES).size() == MOST_RULES) {
            throw new Refusal.Conflict(
                    "alert-rules-too-many",
                    "A workspace has %d alert rules at most; delete one.".formatted(MOST_RULES));
        }
        UUID key = UUID.randomUUID();
        @Nullable String secret = draft.webhookUrl() == null ? null : newSecret();
        return AlertRuleView.of(
                rules.insert(rule(0, draft, ofInstallation, key, sealed(secret, key))), secret);
    }

    /** Replaces a rule. A webhook keeps its secret; a first one gets one, which is shown. */
    public AlertRuleView change(long id, AlertRuleDraft draft, boolean ofInstallation) {
        AlertRule before = stored(id);
        boolean makes = draft.webhookUrl() != null && before.webhookSecret() == null;
        @Nullable String secret = makes ? newSecret() : null;
        @Nullable SealedSecret kept =
                makes
                        ? sealed(secret, before.webhookKey())
                        : draft.webhookUrl() == null ? null : before.webhookSecret();
        AlertRule after = rule(id, draft, ofInstallation, before.webhookKey(), kept);
        return AlertRuleView.of(
                rules.update(after).orElseThrow(() -> new Refusal.NotFound("alert-rule", id)),
                secret);
    }

    public void delete(long id) {
        if (!rules.delete(WorkspaceScope.required(), id)) {
            throw new Refusal.NotFound("alert-rule", id);
        }
    }

    /** Sends a test to all targets of the rule; waits some seconds at most. */
    public List<AlertNotices.Tested> test(long id) {
        AlertRule rule = stored(id);
        if (rule.emails().isEmpty() && rule.webhookUrl() == null) {
            throw new Refusal.Conflict(
                    "alert-rule-without-target",
                    "This rule notifies nobody: set \"emails\" or \"webhookUrl\" first.");
        }
        return notices.test(rule);
    }

    private AlertRule rule(
            long id,
            AlertRuleDraft draft,
            boolean ofInstallation,
            UUID key,
            @Nullable SealedSecret secret) {
        AlertKind kind = kind(draft.kind(), ofInstallation);
        double threshold = Objects.requireNonNullElse(draft.threshold(), kind.threshold());
        if (!(threshold > 0)
                || !Double.isFinite(threshold)
                || kind.unit() == Unit.SHARE && threshold > 1) {
            throw new Refusal.Invalid(
                    "alert-threshold-invalid",
                    kind.unit() == Unit.SHARE
                            ? "The threshold of %s is a share above 0 and up to 1, such as %s."
                                    .formatted(kind.name(), kind.threshold())
                            : "The threshold of %s is a number above 0, such as %s."
                                    .formatted(kind.name(), kind.threshold()));
        }
        int duration =
                Objects.requireNonNullElse(
                        draft.durationSeconds(), (int) kind.duration().toSeconds());
        if (duration < 0 || duration > LONGEST_SECONDS) {
            throw new Refusal.Invalid(
                    "alert-duration-invalid",
                    "\"durationSeconds\" is from 0 to %d.".formatted(LONGEST_SECONDS));
        }
        String name = draft.name().strip();
        if (name.isEmpty() || name.length() > 200) {
            throw new Refusal.Invalid(
                    "alert-name-invalid", "A rule has a name of up to 200 characters.");
        }
        if (draft.webhookUrl() != null) {
            addresses.require(draft.webhookUrl());
        }
        return new AlertRule(
                WorkspaceScope.required(),
                id,
                name,
                kind.name(),
                threshold,
                duration,
                draft.enabled() == null || draft.enabled(),
                emails(draft.emails()),
                draft.webhookUrl(),
                key,
                secret);
    }

    private AlertKind kind(String name, boolean ofInstallation) {
        AlertKind kind =
                rules.kinds().stream()
                        .filter(it -> it.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new Refusal.Invalid(
                                                "alert-kind-unknown",
                                                "There is no kind \"%s\": choose from %s."
                                                        .formatted(
                                                                name,
                                                                rules.kinds().stream()
                                                                        .map(AlertKind::name)
                                                                        .collect(
                                                                                Collectors.joining(
                                                                                        ", ")))));
        if (kind.ofInstallation() && !ofInstallation) {
            throw new Refusal.Invalid(
                    "alert-kind-of-installation",
                    "%s is about the whole installation: it needs the permission nodes:read."
                            .formatted(name));
        }
        return kind;
    }

    private List<String> emails(@Nullable List<String> given) {
        if (given == null || given.isEmpty()) {
            return List.of();
        }
        if (given.size() > MOST_EMAILS) {
            throw new Refusal.Invalid(
                    "alert-emails-too-many",
                    "A rule notifies %d addresses at most.".formatted(MOST_EMAILS));
        }
        mails.requireSender();
        return given.stream()
                .map(
                        text -> {
                            if (EmailAddress.parse(text) instanceof EmailAddress address) {
                                return address.value();
                            }
                            throw new Refusal.Invalid(
                                    "alert-email-invalid",
                                    "\"%s\" is not an e-mail address.".formatted(text));
                        })
                .distinct()
                .toList();
    }

    private String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return "whsec_" + Base64.getEncoder().encodeToString(secret);
    }

    private @Nullable SealedSecret sealed(@Nullable String secret, UUID key) {
        return secret == null
                ? null
                : new SealedSecret(encryption.encrypt(secret.getBytes(UTF_8), purpose(key)));
    }

    static String purpose(UUID key) {
        return "alert-webhook:%d:%s".formatted(WorkspaceScope.required(), key);
    }
}
