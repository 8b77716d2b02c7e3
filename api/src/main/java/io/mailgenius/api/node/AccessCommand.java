package io.mailgenius.api.node;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mailgenius.jobs.clients.NewOAuthClient;
import io.mailgenius.jobs.clients.OAuthClientDraft;
import io.mailgenius.jobs.people.InvitationDraft;
import io.mailgenius.jobs.people.OperatorAccess;
import io.mailgenius.jobs.workspaces.ApiKeyDraft;
import io.mailgenius.jobs.workspaces.NewApiKey;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimit;
import io.mailgenius.schema.MemberRole;
import io.mailgenius.schema.Migrations;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The commands {@code user}, {@code workspace}, {@code key} and {@code client}. Nodes may run
 * meanwhile.
 */
public final class AccessCommand {

    private static final int DONE = 0;
    private static final int REFUSED = 2;

    private final OperatorAccess access;
    private final String publicUrl;
    private final Words words;
    private final PrintStream out;

    private AccessCommand(OperatorAccess access, String publicUrl, Words words, PrintStream out) {
        this.access = access;
        this.publicUrl = publicUrl;
        this.words = words;
        this.out = out;
    }

    /** The words of a command, in their order, and its options by name. */
    private record Words(List<String> plain, Map<String, String> options) {

        static Words of(List<String> arguments) {
            Map<String, String> options = new HashMap<>();
            for (String argument : arguments) {
                if (argument.startsWith("--")) {
                    String[] parts = argument.substring(2).split("=", 2);
                    options.put(parts[0], parts.length == 2 ? parts[1] : "true");
                }
            }
            return new Words(
                    arguments.stream().filter(it -> !it.startsWith("--")).toList(), options);
        }

        String plain(int position, String meaning) {
            if (plain.size() <= position) {
                throw new SettingRefused("Name " + meaning + ".");
            }
            return plain.get(position);
        }

        @Nullable String option(String name) {
            return options.get(name);
        }

        String required(String name) {
            String value = options.get(name);
            if (value == null) {
                throw new SettingRefused("Add --" + name + "=…");
            }
            return value;
        }

        @Nullable Long limit(String name, @Nullable Long before) {
            String value = options.get(name);
            return value == null ? before : value.equals("none") ? null : (Long) number(value);
        }

        List<String> list(String name) {
            String value = options.getOrDefault(name, "");
            return value.isBlank()
                    ? List.of()
                    : Arrays.stream(value.split(",")).map(String::strip).toList();
        }

        static long number(String value) {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException noNumber) {
                throw new SettingRefused("\"" + value + "\" is no number.");
            }
        }
    }

    /**
     * @param noun {@code user}, {@code workspace}, {@code key} or {@code client}
     * @return the exit code
     * @throws SettingRefused if the database cannot be used, or the words make no command
     */
    public static int run(
            String noun, List<String> arguments, NodeSettings settings, PrintStream out) {
        Words words = Words.of(arguments);
        String publicUrl =
                Objects.toString(
                        settings.publicUrl(),
                        "http://localhost:" + (settings.port() == 0 ? 8080 : settings.port()));
        try (NodeStores stores = NodeStores.forCommand(settings)) {
            stores.logins().prepare();
            HikariConfig config = new HikariConfig();
            config.setDataSource(stores.logins().ofOwner());
            config.setConnectionInitSql(Migrations.WORK_AS_ROLE);
            config.setMaximumPoolSize(2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                return new AccessCommand(
                                new OperatorAccess(pool, publicUrl, Clock.systemUTC()),
                                publicUrl,
                                words,
                                out)
                        .run(noun);
            }
        } catch (Refusal refused) {
            throw new SettingRefused(Objects.toString(refused.getMessage()));
        }
    }

    private int run(String noun) {
        String verb = words.plain().isEmpty() ? "" : words.plain().getFirst();
        return switch (noun + " " + verb) {
            case "user list" -> people();
            case "user invite" -> invite();
            case "user reset-password" -> resetPassword();
            case "user reset-second-factor" -> {
                access.removeSecondFactor(email());
                yield done(email() + " has no second factor and is signed out.");
            }
            case "user disable" -> {
                access.setActive(email(), false);
                yield done(email() + " is signed out and cannot sign in.");
            }
            case "user enable" -> {
                access.setActive(email(), true);
                yield done(email() + " may sign in.");
            }
            case "workspace list" -> workspaces();
            case "workspace create" -> {
                var founded = access.found(words.plain(1, "the workspace"), words.option("owner"));
                out.println("Workspace " + founded.workspaceId());
                yield done(
                        "Its first owner joins here, once and within a week: "
                                + founded.owner().link());
            }
            case "workspace rename" -> {
                access.rename(id(), words.plain(2, "the new name"));
                yield done("Renamed.");
            }
            case "workspace suspend" -> {
                access.suspend(id());
                yield done("Suspended: nothing is written or sent, and its jobs hold still.");
            }
            case "workspace resume" -> {
                access.resume(id());
                yield done("Resumed.");
            }
            case "workspace limits" -> limits();
            case "workspace export" ->
                    done(
                            "Export "
                                    + access.export(id())
                                    + ": a node makes the archive, which owners fetch at /api/v1/workspace/exports.");
            case "workspace delete" -> {
                access.delete(id(), words.required("name"));
                yield done("Suspended for good: a node deletes all that it has.");
            }
            case "workspace events" -> {
                access.events().forEach(out::println);
                yield DONE;
            }
            case "key list" -> keys();
            case "key create" -> created(access.createKey(workspace(), draft()));
            case "key rotate" ->
                    created(
                            access.rotateKey(
                                    workspace(),
                                    id(),
                                    Duration.ofHours(
                                            Words.number(
                                                    Objects.requireNonNullElse(
                                                            words.option("overlap-hours"),
                                                            "24")))));
            case "key revoke" -> {
                access.revokeKey(workspace(), id());
                yield done("Revoked.");
            }
            case "client list" -> clients();
            case "client create" -> created(access.createClient(workspace(), clientDraft()));
            case "client revoke" -> {
                access.revokeClient(workspace(), id());
                yield done("Revoked.");
            }
            case String unknown -> {
                out.println(
                        "There is no command \"" + unknown.strip() + "\": see ./mailgenius help.");
                yield REFUSED;
            }
        };
    }

    private int done(String sentence) {
        out.println(sentence);
        return DONE;
    }

    private String email() {
        return words.plain(1, "the e-mail address");
    }

    private long id() {
        return Words.number(words.plain(1, "the id"));
    }

    private long workspace() {
        return Words.number(words.required("workspace"));
    }

    private int people() {
        access.people(workspace())
                .forEach(
                        it ->
                                out.printf(
                                        Locale.ROOT,
                                        "%d  %s  %s%s  %s%s%n",
                                        it.id(),
                                        it.email(),
                                        it.role(),
                                        it.maySend() ? " may send" : "",
                                        it.status(),
                                        it.secondFactor() ? "  second factor" : ""));
        return DONE;
    }

    private int invite() {
        MemberRole role = role(Objects.requireNonNullElse(words.option("role"), "OWNER"));
        boolean maySend = role == MemberRole.OWNER || words.option("may-send") != null;
        var made =
                access.invite(
                        workspace(),
                        new InvitationDraft(words.option("email"), role, maySend, false));
        return done("Works once, within a week: " + made.link());
    }

    private static MemberRole role(String word) {
        for (MemberRole role : MemberRole.values()) {
            if (role.name().equalsIgnoreCase(word)) {
                return role;
            }
        }
        throw new SettingRefused(
                "There is no role \""
                        + word
                        + "\": choose from "
                        + List.of(MemberRole.values())
                        + ".");
    }

    private int resetPassword() {
        return done(
                "Works once, within an hour: "
                        + publicUrl
                        + "/reset/"
                        + access.resetPassword(email()));
    }

    private int workspaces() {
        access.workspaces()
                .forEach(
                        it ->
                                out.println(
                                        it.id()
                                                + "  "
                                                + it.name()
                                                + (it.suspended() ? "  suspended" : "")));
        return DONE;
    }

    private int limits() {
        WorkspaceLimit before = access.limits(id());
        WorkspaceLimit after =
                words.options().isEmpty()
                        ? before
                        : access.limit(
                                id(),
                                new WorkspaceLimit(
                                        words.limit("contacts", before.contacts()),
                                        words.limit("mails", before.mailsPerMonth()),
                                        requests(before.requestsPerMinute()),
                                        words.limit("storage", before.storageBytes())));
        out.println("contacts            " + shown(after.contacts()));
        out.println("mails a month       " + shown(after.mailsPerMonth()));
        out.println("requests a minute   " + shown(after.requestsPerMinute()));
        out.println("bytes of files      " + shown(after.storageBytes()));
        return DONE;
    }

    private @Nullable Integer requests(@Nullable Integer before) {
        Long given = words.limit("requests", before == null ? null : before.longValue());
        if (given != null && given > Integer.MAX_VALUE) {
            throw new SettingRefused("--requests is too large.");
        }
        return given == null ? null : given.intValue();
    }

    private static String shown(@Nullable Object limit) {
        return Objects.toString(limit, "no limit");
    }

    private int keys() {
        access.keys(workspace())
                .forEach(
                        it ->
                                out.printf(
                                        Locale.ROOT,
                                        "%d  %s…  %s  %s  last used %s%s%n",
                                        it.id(),
                                        it.prefix(),
                                        it.name(),
                                        String.join(",", it.scopes()),
                                        Objects.toString(it.lastUsedAt(), "never"),
                                        it.revokedAt() == null ? "" : "  revoked"));
        return DONE;
    }

    private ApiKeyDraft draft() {
        String days = words.option("days");
        return new ApiKeyDraft(
                words.required("name"),
                words.list("scopes"),
                words.list("networks"),
                days == null
                        ? null
                        : Clock.systemUTC().instant().plus(Duration.ofDays(Words.number(days))));
    }

    private int created(NewApiKey made) {
        out.println("Key " + made.key().id() + ", shown this once:");
        return done(made.secret());
    }

    private int clients() {
        access.clients(workspace())
                .forEach(
                        it ->
                                out.printf(
                                        Locale.ROOT,
                                        "%d  %s  %s  %s  last used %s%s%n",
                                        it.id(),
                                        it.clientId(),
                                        it.name(),
                                        String.join(",", it.scopes()),
                                        Objects.toString(it.lastUsedAt(), "never"),
                                        it.revokedAt() == null ? "" : "  revoked"));
        return DONE;
    }

    private OAuthClientDraft clientDraft() {
        return new OAuthClientDraft(
                words.required("name"),
                words.list("scopes"),
                words.list("networks"),
                words.option("refresh-tokens") != null);
    }

    private int created(NewOAuthClient made) {
        out.println("Client " + made.client().id() + ", with a secret that is shown this once:");
        out.println(made.client().clientId());
        return done(made.secret());
    }
}
