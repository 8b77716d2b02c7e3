package io.mailgenius.jobs.forms;

import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.contacts.Topics;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Sign-up forms, which websites post to. */
@Component
@Transactional
public class Forms {

    static final int MAX_NAME = 200;
    static final int MAX_SUBJECT = 500;
    static final int MAX_TEXT = 4_000;
    static final int MAX_URL = 2_000;
    static final int MOST = 50;

    private final FormStore forms;
    private final Lists lists;
    private final Topics topics;
    private final ConfirmationLetter letter;

    Forms(JdbcClient jdbc, Lists lists, Topics topics, ConfirmationLetter letter) {
        this.forms = new FormStore(jdbc);
        this.lists = lists;
        this.topics = topics;
        this.letter = letter;
    }

    /** The workspace of a form; empty if the key is unknown. Called outside of any workspace. */
    public OptionalLong workspaceOf(UUID key) {
        return forms.workspaceOf(key);
    }

    /**
     * @throws Refusal.Invalid if a setting is invalid or the mail has no confirmation link
     * @throws Refusal.Conflict {@code form-exists}
     */
    public FormView create(FormDraft draft) {
        FormDraft checked = checked(draft);
        try {
            return forms.insert(checked);
        } catch (DuplicateKeyException e) {
            throw exists(checked);
        }
    }

    public FormView find(long id) {
        return forms.find(id).orElseThrow(() -> new Refusal.NotFound("form", id));
    }

    /**
     * @param after the last id of the previous page; 0 for the first page
     */
    public Page<FormView> page(long after, int limit) {
        return Page.of(forms.page(after, Page.rows(limit)), limit, FormView::id);
    }

    /** Replaces all settings. Existing requests keep the consent text that they were made with. */
    public FormView update(long id, FormDraft draft) {
        FormDraft checked = checked(draft);
        try {
            return forms.update(id, checked).orElseThrow(() -> new Refusal.NotFound("form", id));
        } catch (DuplicateKeyException e) {
            throw exists(checked);
        }
    }

    /** Deletes the form and its requests, pending ones included. Proofs of consent are kept. */
    public void delete(long id) {
        if (!forms.delete(id)) {
            throw new Refusal.NotFound("form", id);
        }
    }

    private FormDraft checked(FormDraft draft) {
        FormDraft checked =
                new FormDraft(
                        text("name", draft.name(), MAX_NAME, false),
                        ids("listIds", draft.listIds()),
                        ids("topicIds", draft.topicIds()),
                        from(text("from", draft.from(), MAX_SUBJECT, false)),
                        text("subject", draft.subject(), MAX_SUBJECT, false),
                        draft.html() == null || draft.html().isBlank() ? null : draft.html(),
                        draft.templateId(),
                        text("consentText", draft.consentText(), MAX_TEXT, true),
                        redirect(draft.redirectUrl()));
        if ((checked.html() == null) == (checked.templateId() == null)) {
            throw new Refusal.Invalid(
                    "form-content-unclear", "A form needs html or a templateId, one of the two.");
        }
        Objects.requireNonNull(checked.listIds()).forEach(lists::find);
        Objects.requireNonNull(checked.topicIds()).forEach(topics::find);
        letter.check(checked);
        return checked;
    }

    private static String text(String field, String value, int max, boolean lines) {
        String text = value.strip();
        if (text.isEmpty()
                || text.length() > max
                || text.indexOf('\0') >= 0
                || (!lines && text.indexOf('\n') >= 0)) {
            throw new Refusal.Invalid(
                    "form-" + field.toLowerCase(Locale.ROOT) + "-invalid",
                    "%s must have 1 to %,d characters%s."
                            .formatted(field, max, lines ? "" : " in one line"));
        }
        return text;
    }

    private static String from(String from) {
        return EmailAddress.sender(from);
    }

    private static List<Long> ids(String field, @Nullable List<Long> ids) {
        List<Long> each = ids == null ? List.of() : ids.stream().distinct().toList();
        if (each.size() > MOST) {
            throw new Refusal.Invalid(
                    "form-" + field.toLowerCase(Locale.ROOT) + "-invalid",
                    "%s has at most %d ids.".formatted(field, MOST));
        }
        return each;
    }

    private static @Nullable String redirect(@Nullable String url) {
        if (url == null || url.isBlank()) {
            return null;
        }
        try {
            URI uri = new URI(url.strip());
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && url.length() <= MAX_URL) {
                return uri.toASCIIString();
            }
        } catch (URISyntaxException invalidAddress) {
            // Rejected below.
        }
        throw new Refusal.Invalid(
                "form-redirecturl-invalid",
                "redirectUrl must be an absolute URL such as https://example.com/welcome.");
    }

    private static Refusal exists(FormDraft draft) {
        return new Refusal.Conflict(
                "form-exists",
                "There is a form \"" + draft.name() + "\" already; choose another name.");
    }
}
