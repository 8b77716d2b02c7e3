package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.jobs.contacts.addresses.DomainName;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The sender identities of a workspace. */
@Component
public class Brands {

    static final int MAX_LOGO = 88_000;

    /** Pictures that cannot run scripts, which SVG can. */
    private static final Pattern LOGO =
            Pattern.compile("data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/]+={0,2})");

    private static final Pattern COLOR = Pattern.compile("#[0-9a-f]{6}");

    /** The minimum number of letters and digits of a postal address. */
    private static final int LEAST = 8;

    private final JdbcClient jdbc;
    private final SenderCheck senders;
    private final TransactionTemplate transaction;

    Brands(JdbcClient jdbc, SenderCheck senders, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.senders = senders;
        this.transaction = transaction;
    }

    /**
     * Asks the provider and the DNS about the sender while no connection is held.
     *
     * @throws Refusal.Invalid if a field is invalid, or the domain is not proven
     * @throws Refusal.Conflict {@code brand-exists}
     */
    public BrandView create(BrandDraft draft) {
        BrandDraft checked = checked(draft);
        senders.require(checked.from());
        return unique(
                checked,
                () ->
                        with(
                                        """
                                        INSERT INTO brand (workspace_id, name, sender, reply_to, postal_address,
                                                           tracking_domain, logo, color)
                                        VALUES (:workspace, :name, :sender, :replyTo, :postal, :tracking, :logo, :color)
                                        RETURNING *
                                        """,
                                        checked)
                                .query(Brands::brand)
                                .single());
    }

    /** Replaces all fields. Launched campaigns keep what is in their mails. */
    public BrandView replace(long id, BrandDraft draft) {
        BrandDraft checked = checked(draft);
        senders.require(checked.from());
        return unique(
                checked,
                () ->
                        with(
                                        """
                                        UPDATE brand
                                           SET name = :name, sender = :sender, reply_to = :replyTo,
                                               postal_address = :postal, tracking_domain = :tracking, logo = :logo,
                                               color = :color
                                         WHERE workspace_id = :workspace AND id = :id
                                        RETURNING *
                                        """,
                                        checked)
                                .param("id", id)
                                .query(Brands::brand)
                                .optional()
                                .orElseThrow(() -> new Refusal.NotFound("brand", id)));
    }

    private JdbcClient.StatementSpec with(String sql, BrandDraft draft) {
        return jdbc.sql(sql)
                .param("workspace", WorkspaceScope.required())
                .param("name", draft.name())
                .param("sender", draft.from())
                .param("replyTo", draft.replyTo())
                .param("postal", draft.postalAddress())
                .param("tracking", draft.trackingDomain())
                .param("logo", draft.logo())
                .param("color", draft.color());
    }

    private BrandView unique(BrandDraft draft, Supplier<BrandView> write) {
        try {
            return Objects.requireNonNull(transaction.execute(_ -> write.get()));
        } catch (DuplicateKeyException taken) {
            throw new Refusal.Conflict(
                    "brand-exists", "There is a brand with the name " + draft.name() + " already.");
        }
    }

    /**
     * @throws Refusal.Conflict {@code brand-is-used} by a campaign, whose pages show it
     */
    public void delete(long id) {
        try {
            int deleted =
                    Objects.requireNonNull(
                            transaction.execute(
                                    _ ->
                                            jdbc.sql(
                                                            "DELETE FROM brand WHERE workspace_id = :workspace AND id = :id")
                                                    .param("workspace", WorkspaceScope.required())
                                                    .param("id", id)
                                                    .update()));
            if (deleted == 0) {
                throw new Refusal.NotFound("brand", id);
            }
        } catch (DataIntegrityViolationException used) {
            throw new Refusal.Conflict(
                    "brand-is-used", "Campaigns use this brand, and their pages show it.");
        }
    }

    @AutocommitRead
    public BrandView find(long id) {
        return jdbc.sql("SELECT * FROM brand WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(Brands::brand)
                .optional()
                .orElseThrow(() -> new Refusal.NotFound("brand", id));
    }

    /** In the order in which they were made. */
    @AutocommitRead
    public Page<BrandView> page(long after, int limit) {
        List<BrandView> rows =
                jdbc.sql(
                                """
                                SELECT * FROM brand WHERE workspace_id = :workspace AND id > :after
                                 ORDER BY id LIMIT :rows
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("after", after)
                        .param("rows", Page.rows(limit))
                        .query(Brands::brand)
                        .list();
        return Page.of(rows, limit, BrandView::id);
    }

    /** The brand of a campaign, if it has one and the campaign is there. */
    @AutocommitRead
    public Optional<BrandView> ofCampaign(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT b.* FROM campaign c
                          JOIN brand b ON b.workspace_id = c.workspace_id AND b.id = c.brand_id
                         WHERE c.workspace_id = :workspace AND c.id = :campaign
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query(Brands::brand)
                .optional();
    }

    private static BrandDraft checked(BrandDraft draft) {
        String name = DraftChecks.required("name", draft.name(), DraftChecks.MAX_NAME);
        String from =
                DraftChecks.sender(
                        "from",
                        DraftChecks.required("from", draft.from(), DraftChecks.MAX_SUBJECT));
        String replyTo = blank(draft.replyTo());
        String postal = blank(draft.postalAddress());
        if (postal != null
                && (postal.length() > 500
                        || postal.indexOf('\0') >= 0
                        || postal.chars().filter(Character::isLetterOrDigit).count() < LEAST)) {
            throw new Refusal.Invalid(
                    "postal-address-invalid",
                    "A postal address has %d letters and digits at least, and 500 characters at most."
                            .formatted(LEAST));
        }
        return new BrandDraft(
                name,
                from,
                replyTo == null ? null : DraftChecks.sender("replyTo", replyTo),
                postal,
                host(blank(draft.trackingDomain())),
                logo(blank(draft.logo())),
                color(blank(draft.color())));
    }

    private static @Nullable String blank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable String host(@Nullable String domain) {
        if (domain == null) {
            return null;
        }
        return DomainName.ascii(domain)
                .filter(it -> it.contains("."))
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "tracking-domain-invalid",
                                        "trackingDomain is a host such as links.example.com, without https:// and path."));
    }

    private static @Nullable String logo(@Nullable String uri) {
        if (uri == null) {
            return null;
        }
        var found = LOGO.matcher(uri);
        try {
            if (uri.length() <= MAX_LOGO
                    && found.matches()
                    && Base64.getDecoder().decode(found.group(2)).length > 0) {
                return uri;
            }
        } catch (IllegalArgumentException noBase64) {
            // Refused below.
        }
        throw new Refusal.Invalid(
                "logo-invalid",
                "logo is a PNG, JPEG, GIF or WebP of up to 64 KiB, as data:image/png;base64,…");
    }

    private static @Nullable String color(@Nullable String color) {
        String lower = color == null ? null : color.toLowerCase(Locale.ROOT);
        if (lower != null && !COLOR.matcher(lower).matches()) {
            throw new Refusal.Invalid("color-invalid", "color is written as #1a2b3c.");
        }
        return lower;
    }

    private static BrandView brand(ResultSet row, int number) throws SQLException {
        return new BrandView(
                row.getLong("id"),
                row.getString("name"),
                row.getString("sender"),
                row.getString("reply_to"),
                row.getString("postal_address"),
                row.getString("tracking_domain"),
                row.getString("logo"),
                row.getString("color"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
