package io.mailgenius.jobs.mails;

import io.mailgenius.jobs.mails.MailStore.Claim;
import io.mailgenius.jobs.mails.Mails.Prepared;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Claims mails for this node in the transaction that stores them, and hands them over in memory
 * after it: a request to the provider is all that is left then.
 */
@Component
final class MailHandover {

    private final MailSender sender;
    private final ProviderAccounts accounts;
    private final Clock clock;

    MailHandover(MailSender sender, ProviderAccounts accounts, Clock clock) {
        this.sender = sender;
        this.accounts = accounts;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Mails that are due and find room here; the others are claimed later by whoever has room. */
    Claims claims(List<Prepared> mails, Instant now) {
        boolean any = mails.stream().anyMatch(mail -> !mail.due().isAfter(now));
        return new Claims(mails, now, any ? accounts.current() : ProviderAccounts.INSTALLATION);
    }

    /** What this node has claimed of the mails of one request. */
    final class Claims {

        private final List<Prepared> mails;
        private final boolean[] claimed;
        private final long account;

        private Claims(List<Prepared> mails, Instant now, long account) {
            this.mails = mails;
            this.account = account;
            this.claimed = new boolean[mails.size()];
            for (int n = 0; n < claimed.length; n++) {
                claimed[n] =
                        !mails.get(n).due().isAfter(now)
                                && sender.hasRoom(mails.get(n).content().kilobytes());
            }
        }

        @Nullable Claim of(int n) {
            return claimed[n] ? new Claim(sender.node(), account) : null;
        }

        void giveBack(int n) {
            if (claimed[n]) {
                claimed[n] = false;
                sender.giveBack(mails.get(n).content().kilobytes());
            }
        }

        void giveBack() {
            for (int n = 0; n < claimed.length; n++) {
                giveBack(n);
            }
        }

        /** After the commit. */
        void send(long workspace, List<Long> ids, Instant now) {
            for (int n = 0; n < claimed.length; n++) {
                if (claimed[n]) {
                    Prepared mail = mails.get(n);
                    sender.send(
                            workspace,
                            new QueuedMail(ids.get(n), mail.content(), account, now, 0),
                            mail.content().kilobytes());
                }
            }
        }
    }
}
