package io.mailgenius.jobs.providers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The domains from which the provider accepts mails. */
public interface SenderDomains {

    /**
     * The provider's answer of the last minutes, or a new one. Takes some seconds at most, and
     * never throws for failures of the provider.
     */
    Answer ask();

    /** The same, but at most some seconds old: a problem may have been solved meanwhile. */
    Answer askAgain();

    /** What is known of the account's domains. */
    sealed interface Answer {

        /** Mails from any domain are accepted. */
        record Every(String reason) implements Answer {}

        /** All domains of the account. */
        record Listed(List<Domain> domains) implements Answer {

            public Listed {
                domains = List.copyOf(domains);
            }
        }

        /** Nothing is known; a mail may or may not be refused. */
        record NotAsked(String reason) implements Answer {}
    }

    /**
     * @param status as the provider calls it
     * @param region that it sends from, if the provider states it
     */
    record Domain(String name, String status, @Nullable String region, Standing standing) {}

    /** What a status means for sending. */
    enum Standing {
        SENDS,
        /** Mails are accepted for now, although the domain has a problem. */
        SENDS_FOR_NOW,
        DOES_NOT_SEND
    }
}
