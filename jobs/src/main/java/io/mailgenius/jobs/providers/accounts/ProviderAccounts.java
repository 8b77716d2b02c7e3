package io.mailgenius.jobs.providers.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.accounts.AccountFactory.OpenAccount;
import io.mailgenius.jobs.providers.accounts.AccountStore.Stored;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Through which account the mails of the current workspace go: its own, or that of the
 * installation. A batch that may have been sent is repeated through the account that it was first
 * sent through, because no other knows its idempotency key; a retired account is kept that long.
 */
public final class ProviderAccounts {

    /** The number of the installation's account. */
    public static final long INSTALLATION = 0;

    /** Longer than a provider recognises a key, so longer than a batch is repeated. */
    static final Duration KEYS_KEPT = Duration.ofHours(26);

    /** Bounces and complaints arrive some days after the mail. */
    static final Duration EVENTS_KEPT = Duration.ofDays(30);

    private static final Provider GONE =
            new Provider() {
                @Override
                public BatchOutcome send(MailBatch batch) {
                    return new BatchOutcome.Halted(
                            "The provider account that began to send these mails was removed");
                }

                @Override
                public Duration keyLife() {
                    return Duration.ofHours(24);
                }
            };

    private final AccountStore store;
    private final SecretEncryption encryption;
    private final OpenAccount installation;
    private final AccountFactory factory;
    private final UnaryOperator<Provider> observed;
    private final Workspaces workspaces;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Cache<AccountKey, OpenAccount> open =
            Caffeine.newBuilder()
                    .maximumSize(1_000)
                    .expireAfterAccess(Duration.ofHours(1))
                    .executor(Runnable::run)
                    .<AccountKey, OpenAccount>evictionListener((_, account, _) -> close(account))
                    .build();

    /** Workspaces with the same key share one open account, and so its rate. */
    private record AccountKey(String apiKey, int rate) {

        /** The key stays out of logs. */
        @Override
        public String toString() {
            return "AccountKey[" + rate + "]";
        }
    }

    /**
     * @param observed wraps every provider that mails are sent through
     */
    ProviderAccounts(
            AccountStore store,
            SecretEncryption encryption,
            OpenAccount installation,
            AccountFactory factory,
            UnaryOperator<Provider> observed,
            Workspaces workspaces,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.encryption = encryption;
        this.installation = installation;
        this.factory = factory;
        this.observed = observed;
        this.workspaces = workspaces;
        this.transaction = transaction;
        this.clock = clock;
    }

    private static void close(@Nullable OpenAccount account) {
        if (account != null) {
            account.close().run();
        }
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    }

    /** The account of new mails of this workspace; {@link #INSTALLATION} if it has none. */
    public long current() {
        return inTransaction(store::present).map(Stored::id).orElse(INSTALLATION);
    }

    public Provider installation() {
        return observed.apply(installation.provider());
    }

    /** Of an account that was retired too long ago, one that takes nothing. */
    public Provider of(long account) {
        return account == INSTALLATION
                ? installation()
                : inTransaction(() -> store.find(account))
                        .filter(stored -> stored.apiSecret() != null)
                        .map(stored -> observed.apply(opened(stored).provider()))
                        .orElse(GONE);
    }

    /** Whether this workspace has an account of its own. */
    public boolean own() {
        return current() != INSTALLATION;
    }

    /** The domains of the account of new mails. */
    public SenderDomains domains() {
        return inTransaction(store::present).map(this::opened).orElse(installation).domains();
    }

    private OpenAccount opened(Stored account) {
        String apiKey =
                new String(
                        encryption.decrypt(
                                Objects.requireNonNull(account.apiSecret(), "of an account in use"),
                                purpose(account.key(), "api")),
                        UTF_8);
        return open.get(
                new AccountKey(apiKey, account.rate()),
                key -> factory.open(key.apiKey(), key.rate()));
    }

    private static String purpose(UUID key, String secret) {
        return "provider-account:%d:%s:%s".formatted(WorkspaceScope.required(), key, secret);
    }

    public Optional<AccountView> find() {
        return inTransaction(store::present).map(ProviderAccounts::view);
    }

    private static AccountView view(Stored account) {
        return new AccountView(
                account.id(),
                account.apiKeyEnd(),
                account.rate(),
                "/webhooks/resend/" + WorkspaceScope.required() + "-" + account.key(),
                account.webhookSecret() != null,
                account.createdAt());
    }

    /**
     * From now on new mails of this workspace go through this account. Mails that may have been
     * sent are repeated through the account before.
     *
     * @throws Refusal.Invalid if there is no key to begin with, or a part is invalid
     */
    public AccountView change(AccountChange change) {
        change.require();
        return inTransaction(
                () -> {
                    store.lock();
                    Optional<Stored> before = store.present();
                    boolean replaces =
                            before.isEmpty()
                                    || (change.apiKey() != null
                                            && !Boolean.TRUE.equals(change.sameAccount()));
                    Stored after =
                            changed(
                                    replaces ? null : before.orElseThrow(),
                                    change,
                                    before.isEmpty());
                    if (replaces) {
                        store.retire(after.createdAt());
                        store.insert(after);
                    } else {
                        store.update(after);
                    }
                    return view(store.present().orElseThrow());
                });
    }

    /** Of another account nothing is taken over, because its webhook has a secret of its own. */
    private Stored changed(@Nullable Stored before, AccountChange change, boolean first) {
        String apiKey = change.apiKey();
        if (before == null && apiKey == null) {
            throw new Refusal.Invalid(
                    "api-key-missing",
                    first
                            ? "Name the \"apiKey\" of the account that this workspace is to send through."
                            : "Name the \"apiKey\" of the other account.");
        }
        UUID key = before == null ? UUID.randomUUID() : before.key();
        byte[] apiSecret =
                apiKey == null
                        ? Objects.requireNonNull(before).apiSecret()
                        : encryption.encrypt(apiKey.getBytes(UTF_8), purpose(key, "api"));
        byte[] webhookSecret =
                change.webhookSecret() == null
                        ? (before == null ? null : before.webhookSecret())
                        : change.webhookSecret().isEmpty()
                                ? null
                                : encryption.encrypt(
                                        change.webhookSecret().getBytes(UTF_8),
                                        purpose(key, "webhook"));
        return new Stored(
                before == null ? 0 : before.id(),
                key,
                apiSecret,
                apiKey == null ? Objects.requireNonNull(before).apiKeyEnd() : end(apiKey),
                change.rate() != null
                        ? change.rate()
                        : before == null ? AccountChange.RATE : before.rate(),
                webhookSecret,
                before == null ? clock.instant() : before.createdAt());
    }

    private static String end(String apiKey) {
        return apiKey.substring(Math.max(0, apiKey.length() - 4));
    }

    /** New mails go through the installation's account again. */
    public void remove() {
        if (inTransaction(() -> store.retire(clock.instant())) == 0) {
            throw new Refusal.NotFound("provider-account", "its own");
        }
    }

    /** Asks the provider about the account of new mails; takes some seconds at most. */
    public SenderDomains.Answer check() {
        return domains().askAgain();
    }

    /**
     * The secret that signs the events of an account, also of one that was retired lately.
     *
     * @param key as {@link AccountView#webhookPath} ends
     */
    public Optional<String> webhookSecret(UUID key) {
        return inTransaction(() -> store.find(key))
                .filter(account -> account.webhookSecret() != null)
                .map(
                        account ->
                                new String(
                                        encryption.decrypt(
                                                Objects.requireNonNull(account.webhookSecret()),
                                                purpose(key, "webhook")),
                                        UTF_8));
    }

    /** Called periodically: forgets what retired accounts are kept for no longer. */
    public void forget() {
        Instant now = clock.instant();
        for (long workspace : workspaces.ids()) {
            WorkspaceScope.run(
                    workspace,
                    () ->
                            transaction.executeWithoutResult(
                                    _ ->
                                            store.forget(
                                                    now.minus(KEYS_KEPT), now.minus(EVENTS_KEPT))));
        }
    }
}
